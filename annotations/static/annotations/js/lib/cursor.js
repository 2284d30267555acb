import { countUntil } from "./bisect.js"

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
