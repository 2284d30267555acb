import { TextIndex } from "./offsets.js"
import { unitOver } from "./units.js"

/**
 * @typedef {import("./article.js").Article} Article
 * @typedef {import("./units.js").Range} Range
 */

/** The most code points of words that can be looked for. */
export const MOST_WORDS = 10_000

const SPACE = "[\\s\\x85]+"
const MARKS = ["[\"“”„‟«»「」『』]", "['‘’‚‛‹›]"]
// white space beyond what is written in the words, over which a match may still reach
const SLACK = 200

/**
 * Where the same words stand, in text order: white space and quotation marks may be written
 * otherwise, and when `folded` capitals too; all else is exact. None is inside a grapheme, nor
 * (unless `inside`) inside a word; none overlaps another. Goes block by block, and stops after
 * `most`.
 * @param {Article} article
 * @param {string} words
 * @param {{inside?: boolean, folded?: boolean, most?: number}} [options]
 * @returns {Range[]}
 */
export function occurrences(
  article,
  words,
  { inside = false, folded = false, most = Infinity } = {},
) {
  const pattern = patternOf(words, folded)
  if (!pattern) return []
  /** @type {Range[]} */
  const found = []
  for (const block of article.blocks) {
    for (const range of matchesIn(article, block, pattern, [...words].length + SLACK)) {
      if (found.length >= most) return found
      if (range[0] >= (found.at(-1)?.[1] ?? 0) && stands(article, range, inside)) found.push(range)
    }
  }
  return found
}

/** The words as they may be written; null where there are none. @param {string} words */
function patternOf(words, folded = false) {
  const pieces = words.trim().split(/[\s\x85]+/)
  if (!pieces[0]) return null
  return new RegExp(pieces.map(written).join(SPACE), folded ? "giu" : "gu")
}

function written(piece) {
  const literal = piece.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")
  return MARKS.reduce((text, marks) => text.replace(new RegExp(marks, "g"), marks), literal)
}

/** The matches that begin in a block. @returns {Generator<Range>} */
function* matchesIn(article, { start, end }, pattern, reach) {
  const index = new TextIndex(article.slice(start, Math.min(article.length, end + reach)))
  for (const { index: at, 0: text } of index.text.matchAll(pattern)) {
    const from = start + index.toCodePoints(at)
    if (from >= end) return
    yield [from, start + index.toCodePoints(at + text.length)]
  }
}

/** Whether a range begins and ends where units do; a word may go on behind an apostrophe. */
function stands(article, [start, end], inside) {
  /** @type {import("./units.js").Unit[]} */
  const units = inside ? ["grapheme"] : ["grapheme", "word"]
  return units.every((unit) => {
    const [first, last] = [unitOver(article, start, unit), unitOver(article, end - 1, unit)]
    const ends = !last || last[1] === end || /['’]/.test(article.slice(end, end + 1))
    return ends && (!first || first[0] === start)
  })
}

/**
 * What stands before and behind a range, in one line: about so many code points on each side.
 * @param {Article} article
 * @param {Range} range
 * @param {number} [around]
 * @returns {{before: string, behind: string}}
 */
export function contextOf(article, [start, end], around = 40) {
  const from = edgeNear(article, Math.max(0, start - around), 0)
  const to = edgeNear(article, Math.min(article.length, end + around) - 1, 1)
  const line = (first, last) => article.slice(first, Math.max(first, last)).replace(/\s+/gu, " ")
  return {
    before: (from > 0 ? "…" : "") + line(from, start),
    behind: line(end, to) + (to < article.length ? "…" : ""),
  }
}

/** Where the word over an offset begins or ends, unless it is long; else the character. */
function edgeNear(article, offset, side) {
  const word = unitOver(article, offset, "word")
  const unit = word && word[1] - word[0] < 30 ? word : unitOver(article, offset, "grapheme")
  return unit ? unit[side] : offset + side
}

/** As much of a text as is looked for, and how long it was. @param {string} text */
export function taken(text) {
  const index = new TextIndex(text)
  return { words: index.slice(0, MOST_WORDS), length: index.length }
}
