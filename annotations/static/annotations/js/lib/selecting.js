import { countUntil } from "./offsets.js"

const SPACE = /\s/u
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
  const unit = exact ? "grapheme" : "word"
  const grown = [growStart(article, trimmed[0], unit), growEnd(article, trimmed[1], unit)]
  return exact ? grown : withMarks(article, grown)
}

function trim(article, start, end) {
  const characters = [...article.slice(start, end)]
  const first = characters.findIndex((character) => !SPACE.test(character))
  if (first < 0) return null
  const last = characters.findLastIndex((character) => !SPACE.test(character))
  return [start + first, start + last + 1]
}

function growStart(article, offset, unit) {
  const found = unitOver(article, offset, unit)
  return found && found[0] < offset ? found[0] : offset
}

function growEnd(article, offset, unit) {
  const found = unitOver(article, offset - 1, unit)
  return found && found[1] > offset ? found[1] : offset
}

/**
 * The unit that holds the code point at `offset`, if one does.
 * @param {import("./article.js").Article} article
 * @param {number} offset
 * @param {"word" | "grapheme" | "sentence"} unit
 * @returns {[number, number] | undefined}
 */
export function unitOver(article, offset, unit) {
  const units = article.blocks[article.blockAt(offset)].units(unit)
  const found = units[countUntil(units, ([start]) => start > offset) - 1]
  return found && found[1] > offset ? found : undefined
}

function withMarks(article, [start, end]) {
  if (start < 1 || end >= article.length) return [start, end]
  const closing = CLOSING[article.slice(start - 1, start)]
  const after = article.slice(end, Math.min(article.length, end + 2))
  const tail = closing && [...after].findIndex((character) => closing.includes(character))
  if (tail === undefined || tail < 0 || (tail && !/[.,!?…]/.test(after[0]))) return [start, end]
  return [start - 1, end + tail + 1]
}

/**
 * The word cursor: `anchor` and `focus` are units of the article (a word, a grapheme, a sentence),
 * and what is chosen reaches from one to the other.
 * @typedef {{anchor: [number, number], focus: [number, number]}} Cursor
 */

/** The range that is chosen. @param {Cursor} cursor @returns {[number, number]} */
export function chosen({ anchor, focus }) {
  return [Math.min(anchor[0], focus[0]), Math.max(anchor[1], focus[1])]
}

/** A cursor on the first unit that ends after `offset`, else on the last one; null in an empty text.
 * @param {import("./article.js").Article} article
 * @param {number} offset
 * @param {"word" | "grapheme" | "sentence"} [unit]
 * @returns {Cursor | null}
 */
export function cursorAt(article, offset, unit = "word") {
  const found = next(article, offset, unit, 1) ?? next(article, offset, unit, -1)
  return found && { anchor: found, focus: found }
}

/**
 * The cursor one unit further in reading order (`step` 1) or back (-1), unchanged at the ends of
 * the text. Extending keeps the anchor.
 * @param {import("./article.js").Article} article
 * @param {Cursor} cursor
 * @param {1 | -1} step
 * @param {{unit?: "word" | "grapheme" | "sentence", extend?: boolean}} [options]
 * @returns {Cursor}
 */
export function moved(article, cursor, step, { unit = "word", extend = false } = {}) {
  const from = step > 0 ? cursor.focus[1] : cursor.focus[0]
  const focus = next(article, from, unit, step) ?? cursor.focus
  return { anchor: extend ? cursor.anchor : focus, focus }
}

/** The nearest unit that ends after `offset` (step 1) or begins before it (step -1). */
function next(article, offset, unit, step) {
  let number = article.blockAt(Math.max(0, step > 0 ? offset : offset - 1))
  for (; article.blocks[number]; number += step) {
    const units = article.blocks[number].units(unit)
    const index =
      step > 0
        ? countUntil(units, ([, end]) => end > offset)
        : countUntil(units, ([start]) => start >= offset) - 1
    if (units[index]) return units[index]
  }
  return null
}

/**
 * Where an edge at `offset` goes when it moves one unit: to the next (step 1) or last (-1) place
 * where a unit starts (`side` 0, a left edge) or ends (1, a right edge); null at the end of text.
 * @param {import("./article.js").Article} article
 * @param {number} offset
 * @param {{side: 0 | 1, step: 1 | -1, unit: "word" | "grapheme"}} how
 * @returns {number | null}
 */
export function edgeMoved(article, offset, { side, step, unit }) {
  let number = article.blockAt(Math.max(0, Math.min(offset, article.length - 1)))
  for (; article.blocks[number]; number += step) {
    const places = article.blocks[number].units(unit).map((one) => one[side])
    const index =
      step > 0
        ? countUntil(places, (place) => place > offset)
        : countUntil(places, (place) => place >= offset) - 1
    if (places[index] !== undefined) return places[index]
  }
  return null
}
