import { highlight } from "../dom/highlights.js"
import { h, icon, key, shortened } from "../dom/html.js"
import {
  MOST_FOUND,
  MOST_WORDS,
  doubtOf,
  isLong,
  placeOf,
  repeated,
  repeatsOf,
} from "../lib/repeats.js"
import { filled, gettext, ngettext } from "../lib/words.js"

const SHOWN_WORDS = 60

/** The panel that is open, if one is. @type {Repeating | null} */
let open = null

/**
 * Label the same words elsewhere: shows each other place in the text and in a list, with a tick.
 * @param {any} desk the label-desk
 * @param {any} span
 */
export function showRepeats(desk, span) {
  open?.close()
  if (span.fragments.length > 1)
    return desk.say(gettext("This span has several pieces. Same words are found for one piece."))
  if (isLong(span)) {
    const words = gettext("Same words are found up to %(most)s characters; this span is longer.")
    return desk.say(filled(words, { most: MOST_WORDS }))
  }
  if (!repeatsOf(desk.session, span).length)
    return desk.say(gettext("These words stand nowhere else without this label."))
  open = new Repeating(desk, span)
  return true
}

/** The other places of a span's words, in a panel beside the article, until they are labelled. */
class Repeating {
  #desk
  #span
  #ranges = /** @type {[number, number][]} */ ([])
  #off = /** @type {Set<number>} starts of the places that are not to be labelled */ (new Set())
  #current = /** @type {[number, number] | null} */ (null)
  #listening = new AbortController()
  #list = h("ul", { class: "repeats-list" })
  #count = h("p", { class: "muted small", role: "status" })
  #place = h("button", { class: "button button-primary" })
  #capitals = h("input", { type: "checkbox", checked: true, onchange: () => this.#find() })
  #panel

  constructor(desk, span) {
    this.#desk = desk
    this.#span = span
    this.#panel = this.#build()
    desk.after(this.#panel)
    this.#panel.show()
    this.#find()
    const { signal } = this.#listening
    desk.text.pane.addEventListener("scroll", () => this.#paint(), { signal, passive: true })
    ;(doubtOf(span) ? this.#ticks[0] : this.#place).focus()
  }

  /** Nothing of the panel is left, on the page or in the text. */
  close() {
    this.#listening.abort()
    this.#panel.remove()
    highlight("repeat", [])
    highlight("repeat-current", [])
    if (open === this) open = null
  }

  #leave() {
    this.close()
    this.#desk.focusText()
  }

  #build() {
    const words = `“\u2068${shortened(this.#span.text[0], SHOWN_WORDS)}\u2069”`
    const close = h(
      "button",
      {
        type: "button",
        class: "button button-quiet button-icon",
        "aria-label": gettext("Close"),
        onclick: () => this.#leave(),
      },
      icon("close"),
    )
    const says = filled(gettext("Same words: %(words)s"), { words })
    const title = h("h2", { id: "repeats-title" }, says)
    return h(
      "dialog",
      {
        class: "dialog repeats",
        "aria-labelledby": "repeats-title",
        onkeydown: (event) => this.#key(event),
        onfocusin: ({ target }) => this.#look(target),
      },
      h("div", { class: "dialog-head" }, title, close),
      h(
        "form",
        { method: "dialog", class: "stack", onsubmit: (event) => this.#submit(event) },
        h("p", { class: "small" }, this.#meaning()),
        this.#warning(),
        h(
          "div",
          { class: "repeats-choice" },
          h("label", {}, this.#capitals, gettext("with other capitals, too")),
          this.#allButton(true, gettext("All")),
          this.#allButton(false, gettext("None")),
        ),
        this.#list,
        this.#foot(),
      ),
    )
  }

  #meaning() {
    const { schema, entities } = this.#desk
    const label = schema.nameOf(schema.label(this.#span.label))
    const name = entities[this.#span.entity]?.name
    const linked = gettext(
      "Every ticked place becomes %(label)s, with the same values, for %(name)s.",
    )
    const alone = gettext("Every ticked place becomes %(label)s, with the same values.")
    return filled(name ? linked : alone, { label, name: `\u2068${name}\u2069` })
  }

  #warning() {
    const doubt = {
      "stand-in": gettext(
        "These words stand in for a name, perhaps for another one in each place. Tick only the places where they mean the same.",
      ),
      metonym: gettext(
        "These words stand for something else here, and may mean just themselves elsewhere. Tick only the places where they mean the same.",
      ),
    }[doubtOf(this.#span)]
    return doubt && h("p", { class: "notice notice-warn" }, h("span", {}, doubt))
  }

  #allButton(ticked, words) {
    return h(
      "button",
      {
        type: "button",
        class: "button button-quiet button-small",
        onclick: () => this.#tickAll(ticked),
      },
      words,
    )
  }

  #foot() {
    return h(
      "div",
      { class: "repeats-foot" },
      this.#count,
      h(
        "div",
        { class: "row row-end" },
        h(
          "button",
          { type: "button", class: "button", onclick: () => this.#leave() },
          gettext("Cancel"),
          key("Esc"),
        ),
        this.#place,
      ),
    )
  }

  get #ticks() {
    return [...this.#list.querySelectorAll("input")]
  }

  /** Look the words up, as the person wants capitals; doubtful ones begin without a tick. */
  #find() {
    const { session } = this.#desk
    this.#ranges = repeatsOf(session, this.#span, { folded: this.#capitals.checked })
    if (doubtOf(this.#span)) this.#off = new Set(this.#ranges.map(([start]) => start))
    this.#list.replaceChildren(...this.#ranges.map((range) => this.#row(range)))
    this.#recount()
  }

  #row(range) {
    const { before, words, behind } = placeOf(this.#desk.session, range)
    const tick = h("input", { type: "checkbox", onchange: () => this.#tick(range, tick.checked) })
    tick.checked = !this.#off.has(range[0])
    tick.range = range
    const quote = h("bdi", {}, before, h("strong", {}, words), behind)
    return h("li", {}, h("label", { class: "repeats-tick" }, tick, quote))
  }

  #tick([start], ticked) {
    this.#off[ticked ? "delete" : "add"](start)
    this.#recount()
  }

  #tickAll(ticked) {
    this.#off = new Set(ticked ? [] : this.#ranges.map(([start]) => start))
    for (const tick of this.#ticks) tick.checked = ticked
    this.#recount()
  }

  get #chosen() {
    return this.#ranges.filter(([start]) => !this.#off.has(start))
  }

  #recount() {
    const [chosen, found] = [this.#chosen.length, this.#ranges.length]
    const first = gettext("Ticked: %(chosen)s of the first %(found)s.")
    const all = gettext("Ticked: %(chosen)s of %(found)s.")
    this.#count.textContent = filled(found < MOST_FOUND ? all : first, { chosen, found })
    const words = ngettext("Label %(count)s place", "Label %(count)s places", chosen)
    this.#place.replaceChildren(filled(words, { count: chosen }), " ", key("S"))
    this.#place.disabled = !chosen
    this.#paint()
  }

  /** The ticked places in sight are shown in the text. */
  #paint() {
    const { text } = this.#desk
    const [first, last] = text.sight
    const shown = this.#chosen.filter(([start, end]) => start < last && end > first)
    highlight("repeat", shown.map((range) => text.rangeOf(...range)))
    highlight("repeat-current", this.#current ? [text.rangeOf(...this.#current)] : [])
  }

  /** The place whose tick has the focus comes into sight. */
  #look({ range = null }) {
    this.#current = range
    if (range) this.#desk.text.reveal(range)
    this.#paint()
  }

  #key(event) {
    const { key: pressed, target } = event
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    const act = {
      Escape: () => this.#leave(),
      s: () => this.#label(),
      ArrowDown: target.range && (() => this.#go(target, 1)),
      ArrowUp: target.range && (() => this.#go(target, -1)),
    }[pressed]
    if (!act) return
    event.preventDefault()
    event.stopPropagation()
    act()
  }

  #go(tick, step) {
    const ticks = this.#ticks
    ticks[ticks.indexOf(tick) + step]?.focus()
  }

  #submit(event) {
    event.preventDefault()
    this.#label()
  }

  /** The ticked places are labelled, as one step. The span may have changed meanwhile: as it is. */
  #label() {
    const { session } = this.#desk
    const span = session.span(this.#span.id)
    const free = this.#chosen.filter((range) => !session.spanAt(this.#span.label, [range]))
    if (!free.length) return
    const { made, left } = repeated(session, span ?? this.#span, free)
    session.step(...made)
    this.#leave()
    const words = ngettext(
      "%(count)s place labelled. Undo takes it back.",
      "%(count)s places labelled. Undo takes them back together.",
      made.length,
    )
    this.#desk.say(filled(words, { count: made.length }))
    if (left) this.#desk.warn(filled(leftWords(left), { count: made.length, left }))
  }
}

const leftWords = (left) =>
  ngettext(
    "One step labels at most so many places: %(count)s are labelled, %(left)s is left. Ask for the same words again to go on.",
    "One step labels at most so many places: %(count)s are labelled, %(left)s are left. Ask for the same words again to go on.",
    left,
  )
