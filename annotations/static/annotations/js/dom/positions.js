/** Where the page and the article meet: DOM positions on one side, code points on the other. */
export class Positions {
  #elements
  #article
  #numbers

  /** @param {HTMLElement[]} elements one for each block of the article @param {import("../lib/article.js").Article} article */
  constructor(elements, article) {
    this.#elements = elements
    this.#article = article
    this.#numbers = new Map(elements.map((element, number) => [element, number]))
  }

  /** The code point offset of a DOM position inside the article. @param {Node} node @param {number} offset */
  offsetOf(node, offset) {
    const element = blockOf(node)
    if (!element) return this.#between(node, offset)
    const block = this.#article.blocks[this.#numbers.get(element)]
    return block.start + block.index.toCodePoints(unitsBefore(element, node, offset))
  }

  /** The DOM range of code points. @param {number} start @param {number} end @returns {Range} */
  rangeOf(start, end) {
    const range = document.createRange()
    const [first, last] = this.#article.blocksOf(start, end)
    range.setStart(...this.#place(first, start, false))
    range.setEnd(...this.#place(last, end, true))
    return range
  }

  /** The code point offset at a point of the window; null where no text of the article is. @param {number} x @param {number} y */
  offsetAt(x, y) {
    const caret = document.caretPositionFromPoint?.(x, y) ?? rangeAsCaret(x, y)
    const element = caret && blockOf(caret.offsetNode)
    return this.#numbers.has(element) ? this.offsetOf(caret.offsetNode, caret.offset) : null
  }

  /** A position between blocks counts as the beginning of the block behind it. */
  #between(node, offset) {
    const child = node.childNodes[offset] ?? null
    const behind = child && this.#elements.find((one) => child.contains(one) || one === child)
    if (behind) return this.#article.blocks[this.#numbers.get(behind)].start
    return node.contains(this.#elements[0]) || offset > 0 ? this.#article.length : 0
  }

  /** @returns {[Node, number]} */
  #place(number, offset, isEnd) {
    const block = this.#article.blocks[number]
    return textAt(this.#elements[number], block.index.toUnits(offset - block.start), isEnd)
  }
}

/** The block element around a node. @param {Node} node @returns {HTMLElement | null} */
export function blockOf(node) {
  const element = /** @type {Element | null} */ (node.nodeType === 1 ? node : node.parentElement)
  return element?.closest("[data-start]") ?? null
}

function unitsBefore(element, node, offset) {
  if (node.nodeType === 3) return lengthBefore(element, node) + offset
  const child = node.childNodes[offset]
  return child
    ? lengthBefore(element, child)
    : lengthBefore(element, node) + node.textContent.length
}

/** How many units of text stand before `node` inside `element`. */
function lengthBefore(element, node) {
  if (node === element) return 0
  let units = 0
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const text = walker.currentNode
    if (node.contains(text) || node.compareDocumentPosition(text) & 4) break
    units += text.nodeValue.length
  }
  return units
}

/** @returns {[Node, number]} the text node and the offset in it; at a seam the node before it for an end, else the one after. */
function textAt(element, units, isEnd) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  let left = units
  let last = null
  while (walker.nextNode()) {
    last = walker.currentNode
    const { length } = last.nodeValue
    if (left < length || (isEnd && left === length)) return [last, left]
    left -= length
  }
  return last ? [last, last.nodeValue.length] : [element, 0]
}

/** Safari has only the older way to ask for a caret. */
function rangeAsCaret(x, y) {
  const range = document.caretRangeFromPoint?.(x, y)
  return range && { offsetNode: range.startContainer, offset: range.startOffset }
}
