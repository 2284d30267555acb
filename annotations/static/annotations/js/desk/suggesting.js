import { highlight } from "../dom/highlights.js"
import { request } from "../dom/requests.js"
import { accepted, nearest, openOnes, within } from "../lib/suggestions.js"
import { gettext } from "../lib/words.js"

/** @typedef {import("../lib/suggestions.js").Suggestion} Suggestion */

/**
 * What the machine proposes for this article: shown as passing paint, one of them current,
 * accepted or rejected by one key.
 */
export class Suggesting {
  #desk
  #all = /** @type {Suggestion[]} */ ([])
  #open = /** @type {Suggestion[] | null} */ (null)
  #current = /** @type {Suggestion | null} */ (null)

  /** @param {any} desk the label-desk */
  constructor(desk) {
    this.#desk = desk
  }

  /** Ask for them, where the campaign offers any. */
  async load() {
    const { urls, editable, state } = this.#desk
    if (!editable || !state.campaign?.suggestions) return
    const { status, body } = await request(urls.suggestions)
    if (status !== 200) return
    this.#all = within(body.suggestions)
    this.changed()
  }

  /** The layer looks different: some may be labelled now. */
  changed() {
    this.#open = null
  }

  /** Those that wait for a decision, in text order. */
  get open() {
    this.#open ??= openOnes(this.#all, this.#desk.session.layer)
    return this.#open
  }

  get current() {
    return this.#current && this.open.includes(this.#current) ? this.#current : null
  }

  /** The first that is not before where the person is. */
  get nearest() {
    return nearest(this.open, this.#desk.place, 1)
  }

  /** Go to the next (1) or the one before (-1). */
  step(direction) {
    const from = this.current?.fragments[0][0] ?? this.#desk.place
    const next = nearest(this.open, this.current && direction > 0 ? from + 1 : from, direction)
    return next ? this.choose(next) : this.#desk.say(gettext("No suggestion is left."))
  }

  /** @param {Suggestion} suggestion */
  choose(suggestion) {
    this.#current = suggestion
    this.#desk.text.leaveTarget()
    this.#desk.select(null)
    this.#desk.text.reveal(suggestion.fragments[0])
    this.#desk.assisting.refresh()
    return this.#desk.say(`${this.#desk.describe(suggestion)}. ${suggestion.reason}`)
  }

  /** Make spans of it; without one that is current, go to the nearest first. */
  accept(suggestion = this.current) {
    if (!suggestion) return this.step(1)
    const { id, made } = accepted(suggestion, this.#desk.session)
    for (const words of [suggestion, suggestion.speaker])
      if (words?.entity) this.#desk.meaning.meet(words.entity)
    this.#desk.session.step(...made)
    this.#current = null
    this.#desk.select(id, { reveal: true })
    return this.#desk.say(this.#desk.describe(this.#desk.session.span(id)))
  }

  /** Never offer it again, and go to the next. */
  reject(suggestion = this.current) {
    if (!suggestion) return this.step(1)
    const at = suggestion.fragments[0][0]
    this.#desk.remarks.waive(suggestion.label, suggestion.fragments)
    const next = nearest(this.open, at, 1)
    if (next) return this.choose(next)
    this.#current = null
    this.#desk.assisting.refresh()
    return this.#desk.say(gettext("Rejected. No suggestion is left."))
  }

  /** Leave the current one undecided. */
  leave() {
    if (!this.current) return false
    this.#current = null
    this.#desk.assisting.refresh()
    return true
  }

  /** Show those in sight in the text. @param {[number, number]} sight */
  paint([first, last]) {
    const { text } = this.#desk
    const rangesOf = (some) =>
      some.flatMap(({ fragments }) => fragments.map((range) => text.rangeOf(...range)))
    const inSight = this.open.filter(
      ({ fragments }) => fragments[0][0] < last && fragments.at(-1)[1] > first,
    )
    highlight("suggestion", rangesOf(inSight.filter((one) => one !== this.current)))
    highlight("suggestion-current", rangesOf(inSight.filter((one) => one === this.current)))
  }
}
