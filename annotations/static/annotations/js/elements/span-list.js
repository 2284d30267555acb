import { findAll, h } from "../dom/html.js"
import { whenIdle } from "../dom/schedule.js"
import { spanRow } from "../dom/span-row.js"
import { matching } from "../lib/listing.js"
import { filled, gettext, ngettext } from "../lib/words.js"

const AT_ONCE = 200

/** All spans as an ordinary list of buttons, with a filter; made when it is opened, kept up when the
 * browser has a moment. */
export class SpanList extends HTMLElement {
  #view = /** @type {any} */ (null)
  #most = AT_ONCE
  #waiting = false

  connectedCallback() {
    this.count = h("span", { class: "chip" }, "0")
    this.field = h("input", {
      class: "input",
      type: "search",
      maxlength: "200",
      dir: "auto",
      placeholder: gettext("Words, label or name"),
      "aria-label": gettext("Filter the spans"),
      oninput: () => this.#restart(),
    })
    this.rows = h("ul", { class: "span-list" })
    this.details = h(
      "details",
      { class: "all-spans", ontoggle: () => this.#restart() },
      h("summary", {}, h("span", { class: "overline" }, gettext("All spans")), " ", this.count),
      this.field,
      this.rows,
    )
    this.replaceChildren(this.details)
  }

  /** @param {any} view what the inspector stands in */
  show(view) {
    this.#view = view
    this.count.textContent = String(view.session.layer.spans.size)
    if (!this.details.open || this.#waiting) return
    this.#waiting = true
    whenIdle(
      () => {
        this.#waiting = false
        this.#fill()
      },
      { timeout: 500 },
    )
  }

  #restart() {
    this.#most = AT_ONCE
    this.#fill()
  }

  #fill() {
    if (!this.details.open) return this.rows.replaceChildren()
    const { schema, entities, session } = this.#view
    const entityOf = (span) => entities[span.entity]?.name ?? ""
    const namesOf = (span) => [schema.nameOf(schema.label(span.label)), entityOf(span)]
    const found = matching(session.inOrder, this.field.value, namesOf)
    const rows = found
      .slice(0, this.#most)
      .map((span) => spanRow(this.#view, span, entityOf(span)))
    return this.#replace([...rows, ...this.#rest(found.length)])
  }

  /** Who is at a row stays at it, or where it was. @param {Node[]} rows */
  #replace(rows) {
    const at = /** @type {any} */ (document.activeElement)
    const place = findAll(this.rows, "button").indexOf(at)
    this.rows.replaceChildren(...rows)
    if (place < 0) return
    const buttons = findAll(this.rows, "button")
    const same = buttons.find(({ dataset }) => dataset.span && dataset.span === at.dataset.span)
    const next = same ?? buttons[Math.min(place, buttons.length - 1)] ?? this.field
    next.focus({ preventScroll: true })
  }

  /** What to say or offer behind the rows. @param {number} count of spans found */
  #rest(count) {
    if (!count) return [h("li", { class: "muted small" }, gettext("No span fits."))]
    const more = count - this.#most
    if (more <= 0) return []
    const words = filled(ngettext("%(count)s more", "%(count)s more", more), { count: more })
    const show = () => {
      this.#most += AT_ONCE
      this.#fill()
    }
    return [h("li", {}, h("button", { type: "button", class: "button button-small", onclick: show }, words))]
  }
}
