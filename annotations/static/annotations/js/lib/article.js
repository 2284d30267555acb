import { TextIndex, stretchAt } from "./offsets.js"

/** @type {Map<string, Intl.Segmenter>} */
const segmenters = new Map()

/**
 * The words (without what stands between them), graphemes or sentences (without the space after
 * them) of a text, as pairs of UTF-16 offsets.
 * @param {string} text
 * @param {string} language
 * @param {"word" | "grapheme" | "sentence"} granularity
 * @returns {[number, number][]}
 */
export function unitsOf(text, language, granularity) {
  const found = []
  for (const { segment, index, isWordLike } of segmenter(language, granularity).segment(text)) {
    if (granularity === "word" && !isWordLike) continue
    const kept = granularity === "sentence" ? segment.trimEnd() : segment
    if (kept) found.push([index, index + kept.length])
  }
  return found
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

  /** @param {number} start @param {number} end @param {() => string} read @param {string} language */
  constructor(start, end, read, language) {
    this.start = start
    this.end = end
    this.language = language
    this.#read = read
  }

  /** @returns {TextIndex} */
  get index() {
    this.#index ??= new TextIndex(this.#read())
    return this.#index
  }

  /**
   * The words, graphemes or sentences of the block, in offsets of the article.
   * @param {"word" | "grapheme" | "sentence"} granularity
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
