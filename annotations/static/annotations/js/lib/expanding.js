import { TextIndex, countUntil } from "./offsets.js"
import { outermost } from "./quotemarks.js"
import { trim } from "./selecting.js"
import { equal } from "./segments.js"
import { quotationsOf, unitOver } from "./units.js"

/**
 * @typedef {import("./article.js").Article} Article
 * @typedef {import("./units.js").Range} Range
 */

/**
 * The next unit that holds a range and more: its words, the clause, the quotation (of any depth,
 * marks included), the sentence, the paragraph; null when it is a whole paragraph. Clauses and
 * sentences end at the marks of the quotation they stand in, and part no other quotation.
 * @param {Article} article
 * @param {Range} range
 * @returns {Range | null}
 */
export function enclosing(article, range) {
  const inside = quotationAround(article, range)
  const room = roomOf(article, range, inside)
  const whole = outermost(quotationsOf(article).pairs.filter((pair) => covers(room, pair)))
  const sentence = sentenceAround(article, range, room, whole)
  const isAll = inside && String(sentence) === String(trim(article, ...within(inside)))
  const found = [
    fromTo(article, range, "word"),
    sentence && clauseAround(article, range, sentence, whole),
    isAll ? null : sentence,
    inside,
    fromTo(article, range, "paragraph"),
  ]
  return found.find((one) => one && holds(one, range)) ?? null
}

const lengthOf = ([start, end]) => end - start

const covers = (outer, inner) => outer[0] <= inner[0] && inner[1] <= outer[1]

const holds = (outer, inner) => covers(outer, inner) && lengthOf(outer) > lengthOf(inner)

/** What stands between two marks. @param {Range} pair @returns {Range} */
const within = ([open, close]) => [open + 1, close - 1]

/** From the unit at the beginning of a range to that at its end. @returns {Range} */
function fromTo(article, [start, end], unit) {
  const [first, last] = [unitOver(article, start, unit), unitOver(article, end - 1, unit)]
  return [first?.[0] ?? start, last?.[1] ?? end]
}

/** The innermost pair of quotation marks around a range. */
function quotationAround(article, range) {
  const around = quotationsOf(article).pairs.filter((pair) => holds(pair, range))
  return around.sort((a, b) => lengthOf(a) - lengthOf(b))[0] ?? null
}

/** How far a sentence may reach: in its paragraph, between the marks around it. @returns {Range} */
function roomOf(article, range, inside) {
  const [start, end] = fromTo(article, range, "paragraph")
  const [first, last] = inside ? within(inside) : [start, end]
  return [Math.max(start, first), Math.min(end, last)]
}

/** The sentences of a range, grown over the quotations they would part. */
function sentenceAround(article, range, [first, last], whole) {
  let [start, end] = fromTo(article, range, "sentence")
  for (let cut = parted(whole, start); cut && start > first; cut = parted(whole, start))
    start = fromTo(article, cut, "sentence")[0]
  for (let cut = parted(whole, end); cut && end < last; cut = parted(whole, end))
    end = fromTo(article, cut, "sentence")[1]
  return trim(article, Math.max(start, first), Math.min(end, last))
}

/** The stretch that has this offset inside it. @param {Range[]} stretches apart, in order */
function parted(stretches, offset) {
  const found = stretches[countUntil(stretches, ([start]) => start >= offset) - 1]
  return found && found[1] > offset ? found : null
}

const STOP = ".!?…。！？｡؟۔।॥"
const BETWEEN = new RegExp(`[,;:،؛、，；：()（）–—]|(?<=\\s)-+(?=\\s)|[${STOP}]+$`, "gu")
const IN_NUMBER = /^\p{Nd}[,:–]\p{Nd}$/u
const ENDS_CLAUSE = new RegExp(`[,;:،؛、，；：${STOP}]$`, "u")

// how far to look for the end of a clause, in a sentence without end
const FAR = 5_000

/** What stands between two signs that part clauses: not signs in quotations, but their ends. */
function clauseAround(article, range, [first, last], whole) {
  const [nearest, furthest] = [Math.max(first, range[0] - FAR), Math.min(last, range[1] + FAR)]
  const quoted = whole.filter((pair) => covers([nearest, furthest], pair) && !covers(range, pair))
  // one code point of the range on each side tells of numbers
  const before = signsIn(article, [nearest, range[0] + 1], quoted)
  const behind = signsIn(article, [range[1] - 1, furthest], quoted)
  const start = before.findLast(([, end]) => end <= range[0])?.[1] ?? first
  const end = behind.find(([from]) => from >= range[1])?.[0] ?? last
  return start < nearest || end > furthest ? null : trim(article, start, end)
}

/** The signs in a stretch that part clauses, in order. */
function signsIn(article, [start, end], quoted) {
  const index = new TextIndex(article.slice(start, end))
  const at = (units) => start + index.toCodePoints(units)
  const signs = [...index.text.matchAll(BETWEEN)]
    .filter((sign) => !IN_NUMBER.test(index.text.slice(sign.index - 1, sign.index + 2)))
    .map((sign) => [at(sign.index), at(sign.index + sign[0].length)])
    .filter(([from]) => !parted(quoted, from))
  const ends = quoted
    .filter(([, close]) => close > start && close <= end)
    .filter(([, close]) => ENDS_CLAUSE.test(article.slice(close - 2, close - 1)))
    .map(([, close]) => [close, close])
  return [...signs, ...ends].sort((a, b) => a[0] - b[0])
}

/** How a range or a span grew, so that it can shrink the same way; forgotten when it changed. */
export class Growth {
  #steps = []

  /** @param {Range[]} before @param {Range[]} after */
  grew(before, after) {
    if (!this.#fits(before)) this.#steps = []
    this.#steps.push({ before, after })
  }

  /** What this was before it grew, if it did. @param {Range[]} now @returns {Range[] | null} */
  back(now) {
    return this.#fits(now) ? this.#steps.pop().before : null
  }

  #fits(now) {
    const last = this.#steps.at(-1)
    return Boolean(last) && equal(last.after, now)
  }
}
