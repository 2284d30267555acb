import { unitOver } from "../lib/units.js"

const RIGHT_TO_LEFT =
  /^[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u
const NUMBER = /^\p{N}/u
const LETTER = /^\p{L}/u

/**
 * Where on the screen a range begins (`side` 0) or ends (1): the line from `top` to `bottom` at
 * `x`, and which way leads out of the range (-1 to the left, 1 to the right).
 * @param {any} text the article-text element
 * @param {[number, number]} range
 * @param {0 | 1} side
 */
export function edgeOf(text, [start, end], side) {
  const at = side ? end - 1 : start
  const [from, to] = unitOver(text.article, at, "grapheme") ?? [at, at + 1]
  const range = text.rangeOf(from, to)
  const rects = [...range.getClientRects()]
  const box = (side ? rects.at(-1) : rects[0]) ?? range.getBoundingClientRect()
  const runsRight = directionOf(text, from) === "ltr"
  const out = runsRight === (side === 1) ? 1 : -1
  return { x: out > 0 ? box.right : box.left, top: box.top, bottom: box.bottom, out }
}

/** Which way the character at an offset is written; a sign goes as its paragraph does. */
function directionOf(text, offset) {
  const character = text.article.slice(offset, offset + 1)
  if (NUMBER.test(character)) return "ltr"
  if (RIGHT_TO_LEFT.test(character)) return "rtl"
  return LETTER.test(character) ? "ltr" : text.directionAt(offset)
}
