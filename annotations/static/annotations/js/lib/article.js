import { TextIndex, stretchAt } from "./offsets.js"

/** @type {Map<string, Intl.Segmenter>} */
const segmenters = new Map()

/** @typedef {"word" | "grapheme" | "sentence"} Granularity */

// white space, and what only directs how text is written
const BLANK = /[\s\x85\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069]/
const STANDS_ON = /[\p{M}\u200d]/u
// a full stop that ends no sentence: of an initial, of a title
const SHORT = /(?:^|[^\p{L}])(?:\p{Lu}|Dr|Drs|Ir|Prof|Hj|KH|St|Mr|Mrs|Ms|Jend|Gen|Sen|No)\.\s+$/u
const LOWER = /^\p{Ll}/u

/** How much nobody sees before and behind the words of a text; null when there are no words. It
 * counts alike in units and in code points. @param {string} text @returns {[number, number] | null} */
export function blanksAround(text) {
  let [start, end] = [0, text.length]
  while (start < end && isBlank(text, start)) start += 1
  if (start === end) return null
  while (isBlank(text, end - 1)) end -= 1
  return [start, text.length - end]
}

/** Blank, and no mark stands on it. */
function isBlank(text, at) {
  if (!BLANK.test(text[at])) return false
  const next = text.codePointAt(at + 1)
  return next === undefined || !STANDS_ON.test(String.fromCodePoint(next))
}

/**
 * The words, graphemes or sentences of a text as pairs of UTF-16 offsets, without what is blank
 * around them; nothing blank is a unit.
 * @param {string} text
 * @param {string} language
 * @param {Granularity} granularity
 * @returns {[number, number][]}
 */
export function unitsOf(text, language, granularity) {
  /** @type {[number, number][]} */
  const found = []
  for (const [start, end] of cutsOf(text, language, granularity)) {
    const blanks = blanksAround(text.slice(start, end))
    if (blanks) found.push([start + blanks[0], end - blanks[1]])
  }
  return found
}

function cutsOf(text, language, granularity) {
  const cuts = []
  let isShort = false
  for (const { segment, index, isWordLike } of segmenter(language, granularity).segment(text)) {
    if (granularity === "word" && !isWordLike) continue
    const goesOn = granularity === "sentence" && index > 0 && (isShort || LOWER.test(segment))
    cuts.push([goesOn ? cuts.pop()[0] : index, index + segment.length])
    isShort = SHORT.test(segment.slice(-12))
  }
  return cuts
}

function segmenter(language, granularity) {
  const key = `${granularity} ${language}`
  if (!segmenters.has(key)) segmenters.set(key, make(language, granularity))
  return segmenters.get(key)
}

function make(language, granularity) {
  try {
    return new Intl.Segmenter(language || "und", { granularity })
  } catch {
    return new Intl.Segmenter("und", { granularity }) // a corpus may name a language no browser knows
  }
}

/** A block of the article: its text is read when first needed. All its numbers are code points. */
export class Block {
  #read
  #index
  #units = new Map()

  /**
   * @param {number} start
   * @param {number} end
   * @param {() => string} read
   * @param {string} language
   * @param {boolean} [continues] whether its paragraph began in the block before it
   */
  constructor(start, end, read, language, continues = false) {
    this.start = start
    this.end = end
    this.language = language
    this.continues = continues
    this.#read = read
  }

  /** @returns {TextIndex} */
  get index() {
    this.#index ??= new TextIndex(this.#read())
    return this.#index
  }

  /**
   * The words, graphemes or sentences of the block, in offsets of the article.
   * @param {Granularity} granularity
   * @returns {[number, number][]}
   */
  units(granularity) {
    if (!this.#units.has(granularity)) this.#units.set(granularity, this.#cut(granularity))
    return this.#units.get(granularity)
  }

  #cut(granularity) {
    const at = (units) => this.start + this.index.toCodePoints(units)
    const found = unitsOf(this.index.text, this.language, granularity)
    return found.map(([start, end]) => [at(start), at(end)])
  }
}

/** The article as its blocks: finds the block of an offset and the text of a range. */
export class Article {
  #starts

  /** @param {Block[]} blocks they partition the text, in order */
  constructor(blocks) {
    this.blocks = blocks
    this.#starts = blocks.map((block) => block.start)
    this.length = blocks.at(-1)?.end ?? 0
  }

  /** The number of the block that holds the offset. @param {number} offset */
  blockAt(offset) {
    return stretchAt(this.#starts, offset)
  }

  /** The numbers of the first and last block a range touches. @param {number} start @param {number} end */
  blocksOf(start, end) {
    return [this.blockAt(start), this.blockAt(Math.max(start, end - 1))]
  }

  /** The exact text of a range of code points. @param {number} start @param {number} end */
  slice(start, end) {
    const [first, last] = this.blocksOf(start, end)
    let text = ""
    for (const block of this.blocks.slice(first, last + 1)) {
      const from = Math.max(start, block.start) - block.start
      text += block.index.slice(from, Math.min(end, block.end) - block.start)
    }
    return text
  }

  /** The text under each fragment. @param {[number, number][]} fragments */
  covered(fragments) {
    return fragments.map(([start, end]) => this.slice(start, end))
  }
}
