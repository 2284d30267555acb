import { contextOf, occurrences } from "./finding.js"
import { isMetonym, isStandIn } from "./naming.js"
import * as operations from "./operations.js"
import { MOST_BYTES, MOST_OPERATIONS } from "./sending.js"

/**
 * The same words elsewhere in the article, to be labelled alike in one step.
 * @typedef {import("./operations.js").SpanImage} SpanImage
 * @typedef {import("./session.js").Session} Session
 * @typedef {[number, number]} Range
 */

/** The most places that are looked at; the first ones in the text. */
export const MOST_FOUND = 1_000

/** The most code points of words that are looked for: who means so much, means that place. */
export const MOST_WORDS = 200

/** @param {SpanImage} span */
export const isLong = ({ fragments: [[start, end]] }) => end - start > MOST_WORDS

/**
 * Where the words of a span of one piece stand elsewhere, in reading order, but where they are
 * such a span already. A span that is part of a word is looked for within words, too.
 * @param {Session} session
 * @param {SpanImage} span
 * @param {{folded?: boolean}} [options] whether capitals may differ
 * @returns {Range[]}
 */
export function repeatsOf(session, span, { folded = true } = {}) {
  if (isLong(span)) return []
  const { article } = session
  const [[start, end]] = span.fragments
  const [words] = span.text
  const isWhole = occurrences(article, words).some(([first]) => first === start)
  return occurrences(article, words, { inside: !isWhole, folded, most: MOST_FOUND }).filter(
    (range) => (range[1] <= start || range[0] >= end) && !session.spanAt(span.label, [range]),
  )
}

/** Why each place has to be looked at before it is labelled alike: "stand-in" or "metonym"; "" for
 * words that mean the same everywhere. @param {SpanImage} span */
export function doubtOf(span) {
  if (isStandIn(span)) return "stand-in"
  return isMetonym(span) ? "metonym" : ""
}

/**
 * The operations that label these ranges as the span is labelled, and how many ranges they leave
 * out: one request carries only so much, and one step is one request.
 * @param {Session} session
 * @param {SpanImage} span
 * @param {Range[]} ranges
 */
export function repeated(session, span, ranges) {
  const { label, attributes, entity } = span
  const made = []
  let bytes = 0
  for (const range of ranges.slice(0, MOST_OPERATIONS)) {
    const text = session.article.covered([range])
    const one = operations.place({ label, fragments: [range], text, attributes, entity })
    bytes += sizeOf(one)
    if (bytes > MOST_BYTES) break
    made.push(one)
  }
  return { made, left: ranges.length - made.length }
}

const encoder = new TextEncoder()
const sizeOf = (operation) => encoder.encode(JSON.stringify(operation)).length

/** A place in words: what stands before it, itself, what stands behind. @param {Session} session @param {Range} range */
export const placeOf = ({ article }, range) => ({
  ...contextOf(article, range, 30),
  words: article.slice(...range),
})
