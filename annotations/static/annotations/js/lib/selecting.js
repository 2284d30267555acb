import { blanksAround } from "./article.js"
import { unitBeside, unitOver } from "./units.js"

const CLOSING = {
  "“": "”",
  "‘": "’",
  "«": "»",
  "„": "“”",
  "「": "」",
  "『": "』",
  '"': '"',
  "»": "«",
}

/** What an edge falls on: first the whole character, then the whole word. @type {Unit[]} */
const WHOLE = ["grapheme", "word"]
/** @type {Unit[]} */
const EXACT = ["grapheme"]

/**
 * What a selection of the range [start, end) means: without the space at its ends, grown to whole
 * words (or only to whole graphemes when `exact`), and to both quotation marks when it holds all
 * that stands between them. Null when nothing but space was selected.
 * @param {import("./article.js").Article} article
 * @param {number} start
 * @param {number} end
 * @param {{exact?: boolean}} [options]
 * @returns {[number, number] | null}
 */
export function snap(article, start, end, { exact = false } = {}) {
  const trimmed = trim(article, start, end)
  if (!trimmed) return null
  const units = exact ? EXACT : WHOLE
  /** @type {Range} */
  const grown = [growStart(article, trimmed[0], units), growEnd(article, trimmed[1], units)]
  return exact ? grown : withMarks(article, grown)
}

/** What is left of a range without the blanks at its ends; null when nothing is.
 * @param {import("./article.js").Article} article @param {number} start @param {number} end
 * @returns {Range | null} */
export function trim(article, start, end) {
  const blanks = blanksAround(article.slice(start, end))
  return blanks && [start + blanks[0], end - blanks[1]]
}

/** @returns {number} */
const growStart = (article, offset, units) =>
  units.reduce((at, unit) => unitOver(article, at, unit)?.[0] ?? at, offset)

/** @returns {number} */
const growEnd = (article, offset, units) =>
  units.reduce((at, unit) => unitOver(article, at - 1, unit)?.[1] ?? at, offset)

/** @returns {Range} */
function withMarks(article, [start, end]) {
  if (start < 1 || end >= article.length) return [start, end]
  const closing = CLOSING[article.slice(start - 1, start)]
  const after = article.slice(end, Math.min(article.length, end + 2))
  const tail = closing && [...after].findIndex((character) => closing.includes(character))
  if (tail === undefined || tail < 0 || (tail && !/[.,!?…]/.test(after[0]))) return [start, end]
  return [start - 1, end + tail + 1]
}

/**
 * The word cursor: it began at `anchor` and stands on `focus`, a unit of the article or what is
 * left of one that reaches over the anchor; what is chosen reaches from one to the other.
 * @typedef {import("./units.js").Range} Range
 * @typedef {import("./units.js").Unit} Unit
 * @typedef {{anchor: Range, focus: Range, x?: number}} Cursor `x`: where on its line it began
 *   to go by lines
 */

/** The range that is chosen. @param {Cursor} cursor @returns {Range} */
export function chosen({ anchor, focus }) {
  return [Math.min(anchor[0], focus[0]), Math.max(anchor[1], focus[1])]
}

/** A cursor that stands on a range, whatever it holds. @param {Range} range @returns {Cursor} */
export const cursorOn = (range) => ({ anchor: range, focus: range })

/** A cursor on the first unit that ends after `offset`, else on the last one; null in an empty text.
 * @param {import("./article.js").Article} article
 * @param {number} offset
 * @param {Unit} [unit]
 * @returns {Cursor | null}
 */
export function cursorAt(article, offset, unit = "word") {
  const found = unitBeside(article, offset, unit, 1) ?? unitBeside(article, offset, unit, -1)
  return found && cursorOn(found)
}

/** A cursor that chooses exactly a range, and moves by its words, or by its characters where it
 * holds parts of words.
 * @param {import("./article.js").Article} article
 * @param {Range} range without blanks around it
 * @returns {Cursor}
 */
export function cursorOver(article, [start, end]) {
  const within = (one) => one && one[0] >= start && one[1] <= end
  const unitAt = (offset) =>
    WHOLE.toReversed()
      .map((unit) => unitOver(article, offset, unit))
      .find(within)
  return { anchor: unitAt(start) ?? [start, end], focus: unitAt(end - 1) ?? [start, end] }
}

/**
 * The cursor one unit further in reading order (`step` 1) or back (-1), unchanged at the ends of
 * the text. Extending keeps the anchor and moves the end that is away from it.
 * @param {import("./article.js").Article} article
 * @param {Cursor} cursor
 * @param {1 | -1} step
 * @param {{unit?: Unit, extend?: boolean}} [options]
 * @returns {Cursor}
 */
export function moved(article, cursor, step, { unit = "word", extend = false } = {}) {
  const { focus } = cursor
  if (extend) return extended(article, cursor, step, unit)
  return cursorOn(unitBeside(article, step > 0 ? focus[1] : focus[0], unit, step) ?? focus)
}

function extended(article, cursor, step, unit) {
  const { anchor } = cursor
  const [start, end] = chosen(cursor)
  const side = end > anchor[1] || (start === anchor[0] && step > 0) ? 1 : 0
  const isBack = side ? step < 0 : step > 0
  const edge = edgeMoved(article, side ? end : start, { side, step, unit })
  if (edge === null) return isBack ? cursorOn(anchor) : cursor
  return { anchor, focus: beyond(anchor, unitOver(article, side ? edge - 1 : edge, unit), side) }
}

/**
 * The cursor on the first (`side` 0) or last word of its sentence; where it stands there already,
 * of its paragraph. Extending reaches to the very end, and keeps the anchor.
 * @param {import("./article.js").Article} article
 * @param {Cursor} cursor
 * @param {0 | 1} side
 * @param {{extend?: boolean}} [options]
 * @returns {Cursor}
 */
export function movedToEnd(article, cursor, side, { extend = false } = {}) {
  const { anchor, focus } = cursor
  const reaches = side ? focus[1] > anchor[1] : focus[0] < anchor[0]
  const from = extend && !reaches ? anchor : focus
  for (const unit of /** @type {Unit[]} */ (["sentence", "paragraph"])) {
    const over = unitOver(article, side ? from[1] - 1 : from[0], unit)
    const end = over && (extend ? pieceAt(article, over, side) : wordAt(article, over, side))
    const isThere = end && (extend ? end[side] === from[side] : String(end) === String(from))
    if (!end || isThere) continue
    return extend ? { anchor, focus: beyond(anchor, end, side) } : cursorOn(end)
  }
  return cursor
}

const pieceAt = (article, over, side) =>
  unitOver(article, side ? over[1] - 1 : over[0], "grapheme")

function wordAt(article, over, side) {
  const word = unitBeside(article, over[side], "word", side ? -1 : 1)
  return word && word[0] >= over[0] && word[1] <= over[1] ? word : null
}

/** What of a unit lies on its side of the anchor. @returns {Range} */
const beyond = (anchor, [start, end], side) =>
  side ? [Math.max(start, anchor[0]), end] : [start, Math.min(end, anchor[1])]

/**
 * Where an edge at `offset` goes when it moves one unit: to the next (step 1) or last (-1) place
 * where a unit starts (`side` 0, a left edge) or ends (1, a right edge); null at the end of text.
 * @param {import("./article.js").Article} article
 * @param {number} offset
 * @param {{side: 0 | 1, step: 1 | -1, unit: Unit}} how
 * @returns {number | null}
 */
export function edgeMoved(article, offset, { side, step, unit }) {
  const found = unitBeside(article, offset, unit, step)
  const isBeyond = found && (found[side] - offset) * step > 0
  if (!found || isBeyond) return found && found[side]
  return unitBeside(article, step > 0 ? found[1] : found[0], unit, step)?.[side] ?? null
}

/**
 * A range with one edge dragged to `offset`: onto a whole word (or grapheme when `exact`), without
 * blanks, never over the other edge, which stays.
 * @param {import("./article.js").Article} article
 * @param {Range} range
 * @param {{side: 0 | 1, offset: number, exact?: boolean}} how
 * @returns {Range}
 */
export function dragged(article, [start, end], { side, offset, exact = false }) {
  const units = exact ? EXACT : WHOLE
  const [from, to] = side ? [start, Math.max(offset, start + 1)] : [Math.min(offset, end - 1), end]
  const kept = trim(article, from, to)
  if (!kept) return [start, end]
  return side
    ? [start, growEnd(article, kept[1], units)]
    : [growStart(article, kept[0], units), end]
}
