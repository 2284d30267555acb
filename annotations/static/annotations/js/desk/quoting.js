import { h, shortened } from "../dom/html.js"
import { MOST_WORDS, contextOf, occurrences, taken } from "../lib/finding.js"
import { filled, gettext, ngettext } from "../lib/words.js"
import { answer, ask } from "./dialogs.js"

const MOST_LISTED = 50
// the search waits until the typing rests, in milliseconds
const REST = 150

/**
 * Label by quote: write or paste the words, choose where they stand, choose the label. For whoever
 * reads the article without its keys, as with a screen reader.
 * @param {any} desk the label-desk
 */
export async function labelByQuote(desk) {
  const quoting = new Quoting(desk)
  const choice = await ask(gettext("Label by quote"), quoting.fields, [
    answer("", gettext("Cancel")),
    quoting.place,
  ])
  quoting.leave()
  if (choice !== "place" || !quoting.range) return desk.focusBack()
  desk.focusText()
  desk.text.aim(quoting.range)
  desk.useLabel(quoting.labels.value)
}

/** What the dialog asks, and what was answered. */
class Quoting {
  #article
  #from
  #found = /** @type {[number, number][]} */ ([])
  #resting = 0

  constructor({ session, schema, place }) {
    this.#article = session.article
    this.#from = place
    const option = (label) => h("option", { value: label.key }, schema.nameOf(label))
    this.words = this.#field()
    this.taken = h("p", { class: "field-errors", role: "status" })
    this.told = h("p", { class: "field-help", role: "status", id: "quote-told" })
    this.places = h("fieldset", { class: "quote-places", hidden: true })
    this.labels = h("select", { id: "quote-label" }, ...schema.labels.map(option))
    const kind = "button button-primary"
    this.place = h("button", { value: "place", class: kind, disabled: true }, gettext("Place"))
    this.#tell()
  }

  #field() {
    return h("textarea", {
      id: "quote-words",
      dir: "auto",
      rows: "3",
      autofocus: true,
      "aria-describedby": "quote-told",
      onbeforeinput: (event) => this.#limit(event),
      oninput: () => this.#lookSoon(),
    })
  }

  get fields() {
    const field = (name, control, ...more) =>
      h("div", { class: "field" }, h("label", { for: control.id }, name), control, ...more)
    return [
      field(gettext("Words of the article"), this.words, this.taken, this.told),
      this.places,
      field(gettext("Label"), this.labels),
    ]
  }

  /** The place that is chosen. */
  get range() {
    const chosen = this.places.querySelector(":checked")
    return chosen ? this.#found[Number(chosen.value)] : null
  }

  leave() {
    clearTimeout(this.#resting)
  }

  /** A paste of a whole book never reaches the field. */
  #limit(event) {
    const { value, selectionStart: start, selectionEnd: end } = this.words
    const { words, length } = taken(value.slice(0, start) + (event.data ?? "") + value.slice(end))
    this.taken.textContent = ""
    if (length <= MOST_WORDS) return
    event.preventDefault()
    this.words.value = words
    this.taken.textContent = filled(
      gettext("Only the first %(taken)s of %(length)s characters were taken."),
      { taken: MOST_WORDS.toLocaleString(), length: length.toLocaleString() },
    )
    this.#lookSoon()
  }

  #lookSoon() {
    clearTimeout(this.#resting)
    this.place.disabled = true
    this.#resting = setTimeout(() => this.#look(), REST)
  }

  #look() {
    const how = { inside: true, most: MOST_LISTED + 1 }
    this.#found = occurrences(this.#article, this.words.value, how)
    const shown = this.#found.slice(0, MOST_LISTED)
    const nearest = Math.max(0, shown.findIndex(([start]) => start >= this.#from))
    const rows = shown.map((range, index) => this.#row(range, index, index === nearest))
    this.places.replaceChildren(h("legend", {}, gettext("Where they stand")), ...rows)
    this.places.hidden = !rows.length
    this.place.disabled = !rows.length
    this.#tell()
  }

  #row(range, index, checked) {
    const { before, behind } = contextOf(this.#article, range)
    const words = shortened(this.#article.slice(...range), 160)
    const radio = h("input", { type: "radio", name: "place", value: String(index), checked })
    // whoever listens cannot hear what is bold
    const here = h("span", { class: "unseen" }, ` ${gettext("here:")} `)
    const found = h("b", { class: "quote-words" }, words)
    const text = h("span", { dir: "auto" }, before, here, found, behind)
    return h("label", { class: "quote-place" }, radio, text)
  }

  #tell() {
    const count = this.#found.length
    const many = gettext("They stand here more than %(count)s times: the first ones are listed.")
    const some = ngettext("They stand here once.", "They stand here %(count)s times.", count)
    const none = gettext("These words are not in the article.")
    const hint = gettext("White space and the form of quotation marks do not matter.")
    const words = count > MOST_LISTED ? many : count ? some : this.words.value.trim() ? none : hint
    this.told.textContent = filled(words, { count: Math.min(count, MOST_LISTED) })
  }
}
