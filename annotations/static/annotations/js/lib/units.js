import { blanksAround, unitsOf } from "./article.js"
import { countUntil } from "./offsets.js"
import { outermost, scan } from "./quotemarks.js"

/**
 * What a text is made of, from small to large; all in code points of the article. A sentence and a
 * paragraph go on over blocks; a quotation is the outermost pair of marks with all between them.
 * @typedef {import("./article.js").Article} Article
 * @typedef {[number, number]} Range
 * @typedef {"grapheme" | "word" | "sentence" | "quotation" | "paragraph"} Unit
 */

/**
 * The unit that holds the code point at `offset`, if one does.
 * @param {Article} article
 * @param {number} offset
 * @param {Unit} unit
 * @returns {Range | null}
 */
export function unitOver(article, offset, unit) {
  const found = firstEndingAfter(article, offset, unit)
  if (!found || found[0] > offset) return null
  return unit === "sentence" ? joinedSentence(article, found) : found
}

/** Looks no further than it must: where nothing but signs stands, the next word may be far. */
function firstEndingAfter(article, offset, unit) {
  if (unit === "quotation" || unit === "paragraph") return unitBeside(article, offset, unit, 1)
  return inList(article.blocks[article.blockAt(offset)].units(unit), offset, 1)
}

/**
 * The nearest unit that ends after `offset` (step 1) or begins before it (step -1).
 * @param {Article} article
 * @param {number} offset
 * @param {Unit} unit
 * @param {1 | -1} step
 * @returns {Range | null}
 */
export function unitBeside(article, offset, unit, step) {
  if (unit === "quotation") return inList(quotationsOf(article).outer, offset, step)
  if (unit === "paragraph") return paragraphBeside(article, offset, step)
  const found = inBlocks(article, offset, unit, step)
  return found && (unit === "sentence" ? joinedSentence(article, found) : found)
}

/** @returns {Range | null} */
function inList(units, offset, step) {
  const index =
    step > 0
      ? countUntil(units, ([, end]) => end > offset)
      : countUntil(units, ([start]) => start >= offset) - 1
  return units[index] ?? null
}

/** From the block of `offset` (or of what is before it) block by block. */
function inBlocks(article, offset, unit, step) {
  let number = article.blockAt(Math.max(0, step > 0 ? offset : offset - 1))
  for (; article.blocks[number]; number += step) {
    const found = inList(article.blocks[number].units(unit), offset, step)
    if (found) return found
  }
  return null
}

// --- sentences

/** A sentence of one block with its pieces in the blocks around it. @returns {Range} */
function joinedSentence(article, [start, end]) {
  let first = article.blockAt(start)
  let last = first
  let [from, to] = [start, end]
  while (from === article.blocks[first].units("sentence")[0][0] && goesOn(article, first - 1))
    from = article.blocks[(first -= 1)].units("sentence").at(-1)[0]
  while (to === article.blocks[last].units("sentence").at(-1)[1] && goesOn(article, last))
    to = article.blocks[(last += 1)].units("sentence")[0][1]
  return [from, to]
}

/** @type {WeakMap<import("./article.js").Block, boolean>} */
const going = new WeakMap()

/** Whether the last sentence of a block goes on in the block behind it. */
function goesOn(article, number) {
  const [block, next] = [article.blocks[number], article.blocks[number + 1]]
  if (!block || !next?.continues) return false
  if (!going.has(block)) going.set(block, isWithin(block, next))
  return going.get(block)
}

function isWithin(block, next) {
  const [last, first] = [block.units("sentence").at(-1), next.units("sentence")[0]]
  if (!last || !first) return false
  const tail = block.index.slice(last[0] - block.start, block.end - block.start)
  const head = next.index.slice(0, first[1] - next.start)
  return unitsOf(tail + head, block.language, "sentence").some(
    ([start, end]) => start < tail.length && end > tail.length,
  )
}

// --- paragraphs

/** @returns {Range | null} */
function paragraphBeside(article, offset, step) {
  let number = article.blockAt(Math.max(0, step > 0 ? offset : offset - 1))
  while (article.blocks[number]) {
    const [first, last] = paragraphOf(article, number)
    const found = withoutBlanks(article, first, last)
    if (found && (step > 0 ? found[1] > offset : found[0] < offset)) return found
    number = step > 0 ? last + 1 : first - 1
  }
  return null
}

/** The numbers of the first and the last block of the paragraph that a block belongs to. */
function paragraphOf({ blocks }, number) {
  let [first, last] = [number, number]
  while (blocks[first].continues) first -= 1
  while (blocks[last + 1]?.continues) last += 1
  return [first, last]
}

/** @returns {Range | null} */
function withoutBlanks({ blocks }, first, last) {
  let [from, to] = [first, last]
  while (from < last && !wordsOf(blocks[from])) from += 1
  while (to > from && !wordsOf(blocks[to])) to -= 1
  const words = wordsOf(blocks[from])
  return words && [words[0], wordsOf(blocks[to])[1]]
}

function wordsOf({ index, start, end }) {
  const blanks = blanksAround(index.text)
  return blanks && [start + blanks[0], end - blanks[1]]
}

// --- quotations

/** @type {WeakMap<Article, {pairs: Range[], outer: Range[]}>} */
const scanned = new WeakMap()

/** The pairs of quotation marks, all of them and the outermost; found once. @param {Article} article */
export function quotationsOf(article) {
  if (!scanned.has(article)) {
    const { pairs } = scan(article.slice(0, article.length))
    scanned.set(article, { pairs, outer: outermost(pairs) })
  }
  return scanned.get(article)
}
