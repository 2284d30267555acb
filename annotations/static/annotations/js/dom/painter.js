import { findAll } from "./html.js"
import { badgeOf, flatten, hull } from "../lib/segments.js"

export const MOST_LANES = 5

/**
 * Paints spans into the blocks of the article, one block at a time: nested marks whose text stays
 * exactly the article's. `annotations/web/desk/painting.py` paints alike.
 */
export class Painter {
  #article
  #elements
  #schema
  #look
  #byBlock
  #fragments = new Map()
  #painted = new Set()

  /**
   * @param {import("../lib/article.js").Article} article
   * @param {HTMLElement[]} elements the blocks
   * @param {import("../lib/schema.js").Schema} schema
   * @param {(span: any) => {lacks: boolean, hidden: boolean, flagged: boolean}} look
   */
  constructor(article, elements, schema, look) {
    this.#article = article
    this.#elements = elements
    this.#schema = schema
    this.#look = look
    this.#byBlock = article.blocks.map(() => new Map())
  }

  /** Take spans in without painting. @param {Iterable<any>} spans */
  load(spans) {
    for (const span of spans) this.#put(span)
  }

  /**
   * The spans with these ids look as `spanOf` says (null: gone). Returns the numbers of the
   * blocks that must be painted.
   * @param {Iterable<string>} ids
   * @param {(id: string) => any} spanOf
   * @returns {Set<number>}
   */
  update(ids, spanOf) {
    const dirty = new Set()
    for (const id of ids) {
      for (const number of this.#take(id)) dirty.add(number)
      const span = spanOf(id)
      if (span) for (const number of this.#put(span)) dirty.add(number)
    }
    for (const number of dirty) this.#painted.delete(number)
    return dirty
  }

  /** The painted marks of a span, in reading order. @param {string} id @returns {HTMLElement[]} */
  marksOf(id) {
    const fragments = this.#fragments.get(id)
    if (!fragments) return []
    return [...this.#blocksOf(fragments)].flatMap((number) => [
      ...findAll(this.#elements[number], `mark[data-span="${id}"]`),
    ])
  }

  /** All blocks must be painted again, when their turn comes. */
  forget() {
    this.#painted.clear()
  }

  /** The block shows its spans. Does nothing when it does already. @param {number} number */
  paint(number) {
    if (this.#painted.has(number)) return
    this.#painted.add(number)
    const spans = [...this.#byBlock[number].values()].filter((span) => !this.#look(span).hidden)
    const element = this.#elements[number]
    if (spans.length || element.querySelector("mark")) this.#fill(element, number, spans)
  }

  #put(span) {
    const numbers = this.#blocksOf(span.fragments)
    this.#fragments.set(span.id, span.fragments)
    for (const number of numbers) this.#byBlock[number].set(span.id, span)
    return numbers
  }

  #take(id) {
    const fragments = this.#fragments.get(id)
    if (!fragments) return []
    const numbers = this.#blocksOf(fragments)
    for (const number of numbers) this.#byBlock[number].delete(id)
    this.#fragments.delete(id)
    return numbers
  }

  #blocksOf(fragments) {
    const numbers = new Set()
    for (const [start, end] of fragments) {
      const [first, last] = this.#article.blocksOf(start, end)
      for (let number = first; number <= last; number += 1) numbers.add(number)
    }
    return numbers
  }

  #fill(element, number, spans) {
    const block = this.#article.blocks[number]
    const inside = document.createDocumentFragment()
    const { runs, lanes } = flatten(
      spans.map(({ fragments }) => fragments),
      block.start,
      block.end,
    )
    const open = [{ index: -1, node: /** @type {Node & ParentNode} */ (inside) }]
    for (const run of runs) {
      const wanted = [...run.spans].reverse()
      close(open, wanted)
      let beside = 0
      for (const index of wanted.slice(open.length - 1)) {
        const mark = this.#mark(spans[index], lanes[index], run.start)
        if (mark.dataset.badge && beside++) mark.dataset.nth = String(Math.min(beside - 1, 3))
        open.at(-1).node.append(mark)
        open.push({ index, node: mark })
      }
      open.at(-1).node.append(...this.#text(block, run))
    }
    element.replaceChildren(inside)
  }

  /** The run's text; line breaks at the end of the block go where none of them shows. */
  #text(block, { start, end }) {
    const text = block.index.slice(start - block.start, end - block.start)
    const words = end === block.end ? text.replace(/[\n\r\x85\u2029]+$/, "") : text
    if (words.length === text.length) return [text]
    const breaks = document.createElement("span")
    breaks.className = "breaks"
    breaks.textContent = text.slice(words.length)
    return words ? [words, breaks] : [breaks]
  }

  #mark(span, lane, start) {
    const label = this.#schema.label(span.label)
    const mark = document.createElement("mark")
    mark.dataset.span = span.id
    mark.dataset.colour = label?.colour ?? "accent"
    mark.dataset.line = label?.line ?? "solid"
    mark.dataset.lane = String(Math.min(lane, MOST_LANES))
    this.#sign(mark, span, label, start)
    return mark
  }

  #sign(mark, span, label, start) {
    const [first] = hull(span.fragments)
    const begins = span.fragments.findIndex(([from]) => from === start)
    if (start === first) mark.dataset.badge = badgeOf(span, label)
    else if (begins > 0) mark.dataset.badge = `⋯${badgeOf(span, label)}`
    if (begins > 0) mark.dataset.continues = ""
    const { lacks, flagged } = this.#look(span)
    if (start === first && lacks) mark.dataset.lacks = ""
    if (start === first && flagged) mark.dataset.flagged = ""
  }
}

function close(open, wanted) {
  let kept = 1
  while (kept < open.length && open[kept].index === wanted[kept - 1]) kept += 1
  open.length = kept
}

/**
 * Paint that passes (the word cursor, the range being linked): a CSS highlight where the browser
 * has them, else the browser's own selection.
 */
export class Passing {
  #name

  /** @param {string} name of the highlight in the style sheet */
  constructor(name) {
    this.#name = name
  }

  /** @param {Range | null} range */
  show(range) {
    if (typeof Highlight === "undefined") return showAsSelection(range)
    if (range) CSS.highlights.set(this.#name, new Highlight(range))
    else CSS.highlights.delete(this.#name)
    return undefined
  }
}

function showAsSelection(range) {
  const selection = getSelection()
  selection?.removeAllRanges()
  if (range) selection?.addRange(range)
}
