import { h, icon, shortened } from "../dom/html.js"
import { keyCap } from "../dom/key-caps.js"
import { filled, gettext, ngettext } from "../lib/words.js"

const MOST_LISTED = 8

/** Beneath the inspector: how many quotations are attributed, and what the machine suggests. */
export class SpanProposals extends HTMLElement {
  #shown = /** @type {any[]} */ ([])

  /**
   * @param {any} desk the label-desk
   * @param {import("../desk/suggesting.js").Suggesting} suggesting
   * @param {import("../desk/covering.js").Covering} covering
   */
  show(desk, suggesting, covering) {
    const counts = countsOf(covering.stretches)
    const offered = offeredBy(suggesting)
    const shown = [desk.keymap, ...counts, suggesting.open.length, suggesting.current, ...offered]
    if (equal(shown, this.#shown)) return
    this.#shown = shown
    const focused = this.contains(document.activeElement)
    this.replaceChildren(...coverageOf(desk, counts), ...suggestionsOf(desk, suggesting, offered))
    if (focused) desk.focusText()
  }
}

/** @param {any[]} one @param {any[]} other */
const equal = (one, other) =>
  one.length === other.length && one.every((value, index) => value === other[index])

/** How many quoted stretches there are, how many are waived, how many open. */
function countsOf(stretches) {
  const count = (state) => stretches.filter((one) => one.state === state).length
  return [stretches.length, count("waived"), count("open")]
}

/** The suggestions that are listed: the current one, or the next from where the person is, first. */
function offeredBy({ open, current, nearest }) {
  const at = Math.max(0, open.indexOf(current ?? nearest))
  return open.slice(at, at + MOST_LISTED)
}

/** @param {any} desk @param {number[]} counts */
function coverageOf(desk, [all, waived, open]) {
  if (!all) return []
  const words = filled(
    ngettext(
      "%(done)s of %(all)s quoted stretch attributed",
      "%(done)s of %(all)s quoted stretches attributed",
      all,
    ),
    { done: all - waived - open, all },
  )
  return [
    h(
      "section",
      { class: "coverage", "aria-label": gettext("Quotations") },
      h("h2", { class: "overline" }, gettext("Quotations"), " ", open > 0 && desk.editable && keyCap(desk.keymap, "next-open")),
      h("meter", { class: "meter", min: "0", max: String(all), value: String(all - open), "aria-label": words }),
      h("p", { class: "small" }, words, waived > 0 && `, ${waivedWords(waived)}`),
      open > 0 && desk.editable && waysOf(desk, open),
    ),
  ]
}

const waivedWords = (count) =>
  filled(ngettext("%(count)s waived", "%(count)s waived", count), { count })

function waysOf(desk, open) {
  const next = filled(ngettext("Show the open one", "Next of %(count)s open", open), { count: open })
  return h(
    "p",
    { class: "row" },
    h("button", { type: "button", class: "button button-small", onclick: () => desk.act("next-open") }, next),
    h(
      "button",
      { type: "button", class: "button button-quiet button-small", onclick: () => desk.act("waive") },
      gettext("Waive"),
      keyCap(desk.keymap, "waive"),
    ),
  )
}

function suggestionsOf(desk, suggesting, offered) {
  const { open, current } = suggesting
  if (!open.length) return []
  return [
    h(
      "section",
      { class: "suggestions", "aria-label": gettext("Suggestions") },
      h(
        "h2",
        { class: "overline" },
        gettext("Suggestions"),
        " ",
        h("span", { class: "chip" }, String(open.length)),
        " ",
        keyCap(desk.keymap, "next-suggestion"),
      ),
      h("ul", { class: "suggestion-list" }, ...offered.map((one) => rowOf(desk, suggesting, one, one === current))),
    ),
  ]
}

function rowOf(desk, suggesting, suggestion, isCurrent) {
  const { colour, letter } = desk.schema.label(suggestion.label)
  const words = shortened(suggestion.text.join(" ⋯ "), 90)
  return h(
    "li",
    { class: "suggestion", "data-colour": colour, "data-current": isCurrent },
    h(
      "button",
      { type: "button", class: "suggestion-words", "aria-current": isCurrent && "true", onclick: () => suggesting.choose(suggestion) },
      h("span", { class: "letter", "aria-hidden": "true" }, letter),
      h("span", { class: "unseen" }, `${desk.schema.nameOf(desk.schema.label(suggestion.label))}: `),
      h("bdi", {}, words),
      h("span", { class: "muted small" }, reasonOf(suggestion)),
    ),
    way("check", gettext("Accept"), words, isCurrent && keyCap(desk.keymap, "accept"), () =>
      suggesting.accept(suggestion),
    ),
    way("close", gettext("Reject"), words, isCurrent && keyCap(desk.keymap, "reject"), () =>
      suggesting.reject(suggestion),
    ),
  )
}

/** Why it is offered, and whom it would make the speaker. */
function reasonOf({ reason, speaker }) {
  if (!speaker) return reason
  const name = speaker.text.join(" ")
  return `${reason} · ${filled(gettext("speaker: %(name)s"), { name })}`
}

function way(symbol, name, words, shortcut, act) {
  return h(
    "button",
    { type: "button", class: "button button-quiet button-small button-icon", title: name, "aria-label": `${name}: ${words}`, onclick: act },
    icon(symbol),
    shortcut,
  )
}
