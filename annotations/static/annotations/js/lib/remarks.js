import { ARTICLE } from "./layer.js"
import * as operations from "./operations.js"
import { equal } from "./segments.js"
import { gettext } from "./words.js"

/** What can be flagged, in the order in which it is kept. */
export const FLAGS = ["unsure", "discuss", "guideline"]

/** What each flag is called. @type {Record<string, () => string>} */
export const FLAG_NAMES = {
  unsure: () => gettext("unsure"),
  discuss: () => gettext("to discuss"),
  guideline: () => gettext("guideline unclear"),
}

/** How sure an annotator can be. */
export const CONFIDENCES = /** @type {(1 | 2 | 3)[]} */ ([1, 2, 3])

/** @typedef {string | null} About the id of a span, or null: the article */

/**
 * What a person says beside the spans, of a span or of the article: notes, flags, confidence, and
 * that some words are no such span.
 */
export class Remarks {
  #session

  /** @param {import("./session.js").Session} session */
  constructor(session) {
    this.#session = session
  }

  /** @param {About} about @returns {import("./operations.js").NoteImage[]} oldest first */
  notes(about) {
    return this.#session.layer.notesOf(about)
  }

  /** @param {About} about @returns {{flags: string[], confidence: 1 | 2 | 3 | null}} */
  flagged(about) {
    return this.#session.layer.flags.get(about ?? ARTICLE) ?? { flags: [], confidence: null }
  }

  /** How much was said of it: what a list shows beside it. @param {About} about */
  count(about) {
    return this.notes(about).length + this.flagged(about).flags.length
  }

  /** @param {About} about @param {string} text */
  note(about, text) {
    if (text.trim()) this.#session.step(operations.note({ span: about, text: text.trim() }))
  }

  /** Change what a note says; without words it goes. @param {import("./operations.js").NoteImage} note @param {string} text */
  rewrite({ id, span, text: before }, text) {
    if (text.trim() !== before)
      this.#session.step(operations.note({ id, span, text: text.trim() }))
  }

  /** Raise a flag, or take it down. @param {About} about @param {string} flag */
  toggle(about, flag) {
    const { flags, confidence } = this.flagged(about)
    const raised = new Set(flags)
    if (!raised.delete(flag)) raised.add(flag)
    this.#flag(about, { flags: FLAGS.filter((one) => raised.has(one)), confidence })
    return raised.has(flag)
  }

  /** Say how sure one is; the same again takes it back. @param {About} about @param {1 | 2 | 3} confidence */
  rate(about, confidence) {
    const now = this.flagged(about)
    const next = now.confidence === confidence ? null : confidence
    this.#flag(about, { flags: now.flags, confidence: next })
  }

  #flag(span, { flags, confidence }) {
    this.#session.step(operations.flag({ span, flags, confidence }))
  }

  /** The waiver of these words for this label, if there is one.
   * @param {string} label @param {[number, number][]} fragments */
  waiverOf(label, fragments) {
    const { waivers } = this.#session.layer
    return [...waivers.values()].find((one) => one.label === label && equal(one.fragments, fragments))
  }

  /** Say that these words are no such span; a reason given later takes the place of the first.
   * @param {string} label @param {[number, number][]} fragments @param {string} [reason] */
  waive(label, fragments, reason = "") {
    const before = this.waiverOf(label, fragments)
    const text = this.#session.article.covered(fragments)
    this.#session.step(operations.waive({ id: before?.id, label, fragments, text, reason: reason.trim() }))
  }

  /** Take a waiver back. @param {import("./operations.js").WaiverImage} waiver */
  unwaive(waiver) {
    this.#session.step(operations.waive({ ...waiver, reason: null }))
  }
}
