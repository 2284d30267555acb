import { keyName } from "../dom/key-caps.js"
import { askGuide } from "../dom/guide.js"
import { find, findAll, h, key } from "../dom/html.js"
import { rolesHead, rolesOf, usesOf } from "../dom/relation-rows.js"
import { remarksOf } from "../dom/remark-rows.js"
import { attributesOf, cardOf, entityOf } from "../dom/span-card.js"
import { threadWays } from "../dom/thread-ways.js"
import { whenIdle } from "../dom/schedule.js"
import { unfinishedOf } from "../dom/unfinished-rows.js"
import { filled, gettext } from "../lib/words.js"

/** The selected span and all that is known of it; without one, how to begin. Tells "panel-left". */
export class SpanInspector extends HTMLElement {
  #drafts = /** @type {Map<string, string>} what is being written about a span, or "" the article */ (
    new Map()
  )

  #ids = /** @type {Set<string>} what is shown */ (new Set())
  #shown = /** @type {any} how it is shown */ ({})
  #edition = 0
  #waiting = false

  connectedCallback() {
    this.unfinished = h("section", { class: "unfinished", "aria-label": gettext("To finish"), hidden: true })
    this.listening = new AbortController()
    this.addEventListener("keydown", (event) => this.#key(event), { signal: this.listening.signal })
  }

  disconnectedCallback() {
    this.listening.abort()
  }

  /**
   * @param {import("../dom/span-card.js").View} view
   * @param {any} span
   * @param {import("../lib/unfinished.js").Unfinished} unfinished
   * @param {Set<string> | null} changed ids of what changed since the last time, where nothing but
   *  the layer did: the panel stays as it is when it shows none of it
   */
  show(view, span, unfinished, changed = null) {
    this.#listSoon(view, unfinished)
    const about = span?.id ?? null
    const ids = view.session.layer.idsAt(about)
    const how = { about, linking: view.linking, picking: view.picking, keymap: view.keymap }
    if (changed && isSame(how, this.#shown) && !meets(changed, ids, this.#ids)) return
    this.#ids = ids
    this.#shown = how
    const focused = focusIn(this)
    this.dataset.has = span ? "span" : ""
    this.replaceChildren(
      ...this.#linking(view),
      ...(span ? this.#span(view, span) : this.#nothing(view)),
      this.unfinished,
    )
    if (focused) this.#focusOn(focused)
  }

  /** Begin to write a note. */
  note() {
    find(this, ".remarks > .note-field")?.focus()
    return true
  }

  /** Put the focus where the work on a span begins: on what is missing, else on its values. */
  enter() {
    const places = ["[data-lacks] .choice[tabindex='0']", ".attribute .choice[tabindex='0']", "[data-focus]"]
    places.map((place) => find(this, place)).find(Boolean)?.focus()
  }

  get picker() {
    return find(this, "entity-picker")
  }

  #span(view, span) {
    const { colour } = view.schema.label(span.label)
    const roles = [...rolesOf(view, span), ...usesOf(view, span)]
    const relations = h(
      "section",
      { class: "roles", "aria-label": gettext("Relations") },
      rolesHead(),
      h("ul", { class: "role-list" }, ...roles),
    )
    return [
      h(
        "section",
        { class: "span-card", "data-colour": colour, "aria-label": gettext("Selected span") },
        ...cardOf(view, span),
        entityOf(view, span),
        roles.length > 0 && relations,
        ...attributesOf(view, span),
        threadWays(view, span.id),
        remarksOf(view, span.id, this.#drafts),
      ),
    ]
  }

  #linking({ linking, ask }) {
    if (!linking) return []
    const way = (action, kind, ...inside) =>
      h(
        "button",
        {
          type: "button",
          class: `button button-small ${kind}`,
          "data-focus": `linking/${action}`,
          onclick: () => ask(action),
        },
        ...inside,
      )
    return [
      h(
        "section",
        { class: "linking", "aria-label": gettext("Linking") },
        h("strong", {}, linking),
        h(
          "span",
          { class: "row" },
          way("next-span", "", gettext("Next"), key("J")),
          way("previous-span", "", gettext("Previous"), key("K")),
          way("inspect", "button-primary", gettext("Link"), key("↵")),
          way("cancel", "button-quiet", gettext("Cancel"), key("Esc")),
        ),
      ),
    ]
  }

  #nothing(view) {
    const roles = rolesOf(view, null)
    const hint = view.editable
      ? filled(
          gettext("Select words and press a label’s number, or press %(key)s for the word cursor."),
          { key: keyName(view.keymap, "cursor") },
        )
      : gettext("Select a span to read what is known of it.")
    return [
      h(
        "section",
        { class: "hint" },
        h("p", {}, hint),
        view.editable && h("p", { class: "muted small" }, key("?"), " ", gettext("shows all keys")),
      ),
      h(
        "section",
        { class: "roles", "aria-label": gettext("The whole article") },
        h("h2", { class: "overline" }, gettext("The whole article")),
        threadWays(view, "", "spans"),
        roles.length > 0 && h("ul", { class: "role-list" }, ...roles),
        remarksOf(view, null, this.#drafts),
      ),
    ]
  }

  /** What is to finish is listed when the browser has a moment, if it is not what is listed. */
  #listSoon(view, unfinished) {
    if (this.#waiting || unfinished.edition === this.#edition) return
    this.#waiting = true
    whenIdle(
      () => {
        this.#waiting = false
        this.#edition = unfinished.edition
        this.#list(view, unfinished)
      },
      { timeout: 500 },
    )
  }

  #list(view, unfinished) {
    const at = findAll(this.unfinished, "button").indexOf(document.activeElement)
    this.unfinished.hidden = !unfinished.size || !view.editable
    this.unfinished.replaceChildren(...(this.unfinished.hidden ? [] : unfinishedOf(view, unfinished)))
    if (at < 0) return
    const rows = findAll(this.unfinished, "button")
    if (rows.length) rows[Math.min(at, rows.length - 1)].focus()
    else this.dispatchEvent(new CustomEvent("panel-left", { bubbles: true }))
  }

  #key(event) {
    const group = event.target.closest(".choices")
    if (event.key === "Escape")
      return this.dispatchEvent(new CustomEvent("panel-left", { bubbles: true }))
    if (!group || event.ctrlKey || event.metaKey || event.altKey) return undefined
    if (event.key === "?") return askGuide(group) && event.preventDefault()
    const buttons = [...group.querySelectorAll("button")]
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    const at = buttons.indexOf(event.target)
    const next = step
      ? buttons[(at + step + buttons.length) % buttons.length]
      : buttons[Number(event.key) - 1]
    if (!next) return undefined
    event.preventDefault()
    return step ? next.focus() : this.#press(next)
  }

  #press(button) {
    button.focus()
    button.click()
  }

  /** On what had the focus; where that is gone, on what it belonged to ("link-SPEAKER/…"). */
  #focusOn({ name, caret }) {
    const named = (one) => find(this, `[data-focus="${CSS.escape(one)}"]`)
    const again = named(name) ?? named(name.split("/")[0]) ?? find(this, "[data-focus]")
    again?.focus()
    if (caret) again?.setSelectionRange?.(...caret)
  }
}

/** What has the focus inside an element, and where its caret is; null when nothing has. */
function focusIn(element) {
  const at = /** @type {any} */ (document.activeElement)
  const name = element.contains(at) && at.getAttribute("data-focus")
  return name ? { name, caret: "selectionEnd" in at && [at.selectionStart, at.selectionEnd] } : null
}

const isSame = (one, other) => Object.keys(one).every((name) => one[name] === other[name])

const meets = (changed, ...shown) => [...changed].some((id) => shown.some((ids) => ids.has(id)))
