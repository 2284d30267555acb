import { h } from "../dom/html.js"
import { QUOTE, coverageOf } from "../lib/coverage.js"
import { nearest } from "../lib/suggestions.js"
import { quotationsOf } from "../lib/units.js"
import { filled, gettext } from "../lib/words.js"
import { answer, ask } from "./dialogs.js"

/** @typedef {[number, number]} Range */

/** How much of what stands between quotation marks is somebody's quote, and what is not yet. */
export class Covering {
  #desk
  #stretches = /** @type {Range[] | null} */ (null)
  #coverage = /** @type {import("../lib/coverage.js").Stretch[] | null} */ (null)

  /** @param {any} desk the label-desk */
  constructor(desk) {
    this.#desk = desk
  }

  /** The layer looks different. */
  changed() {
    this.#coverage = null
  }

  /** Every quoted stretch with its state; none where the schema has no quotes. */
  get stretches() {
    const { session } = this.#desk
    this.#stretches ??= this.#scanned()
    this.#coverage ??= coverageOf(this.#stretches, session.article, session.layer)
    return this.#coverage
  }

  #scanned() {
    const { article } = this.#desk.session
    if (!this.#desk.schema.label(QUOTE)) return []
    return quotationsOf(article).outer
  }

  /** Put the word cursor on the next stretch that is nobody's quote yet. What is selected stays so:
   * the stretch may continue it. */
  next() {
    const open = this.stretches
      .filter(({ state }) => state === "open")
      .map(({ range }) => ({ fragments: [range] }))
    const found = nearest(open, this.#desk.place + 1, 1)
    if (!found) return this.#desk.say(gettext("Every quotation is attributed or waived."))
    return this.#desk.text.aim(found.fragments[0])
  }

  /** Say why the stretch at the word cursor is nobody's quote, or take that back. */
  async waive() {
    const at = this.#desk.place
    const here = this.stretches.find(({ range: [start, end] }) => start <= at && at < end)
    if (!here) return this.#desk.say(gettext("No quotation stands here."))
    const before = this.#desk.remarks.waiverOf(QUOTE, [here.range])
    const reason = await askReason(this.#desk.session.article.slice(...here.range), before?.reason)
    this.#desk.focusText()
    if (reason === null) return undefined
    if (reason) this.#desk.remarks.waive(QUOTE, [here.range], reason)
    else if (before) this.#desk.remarks.unwaive(before)
    return this.#desk.say(reason ? gettext("Waived.") : gettext("Not waived any more."))
  }
}

/** @param {string} words @param {string} [now] @returns {Promise<string | null>} null: nothing was decided */
async function askReason(words, now = "") {
  const field = h("textarea", {
    class: "input",
    maxlength: "2000",
    dir: "auto",
    id: "waive-reason",
    autofocus: true,
  })
  field.value = now
  const choice = await ask(
    gettext("Waive this quotation?"),
    [
      h("blockquote", { dir: "auto", class: "clip-lines" }, words),
      h(
        "div",
        { class: "field" },
        h("label", { for: "waive-reason" }, gettext("Why is it nobody’s quote?")),
        field,
      ),
      h(
        "p",
        { class: "muted small" },
        filled(gettext("For example: %(examples)s. Without a reason it counts as open."), {
          examples: gettext("a title, a term, irony"),
        }),
      ),
    ],
    [
      answer("", gettext("Cancel")),
      answer("waive", gettext("Waive"), "button-primary"),
    ],
  )
  return choice === "waive" ? field.value.trim() : null
}
