import { countUntil } from "./bisect.js"

const SPACE = /\s/u
const CLOSING = { "“": "”", "‘": "’", "«": "»", "„": "“”", "「": "」", "『": "』", '"': '"', "»": "«" }

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
