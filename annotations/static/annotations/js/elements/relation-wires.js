import { hull } from "../lib/segments.js"

const SVG = "http://www.w3.org/2000/svg"
const MOST_RAILS = 3

/** Draws the relations of the selected span, in the gaps between lines and along the gutter. */
export class RelationWires extends HTMLElement {
  #ends = []

  connectedCallback() {
    this.drawing = document.createElementNS(SVG, "svg")
    this.drawing.setAttribute("aria-hidden", "true")
    this.append(this.drawing)
    this.sizes = new ResizeObserver(() => this.#drawSoon())
    this.sizes.observe(this.parentElement)
  }

  disconnectedCallback() {
    this.sizes.disconnect()
  }

  /**
   * @param {any} text the article-text element
   * @param {{from: any, to: any, name: string, colour: string}[]} ends spans at both ends
   */
  show(text, ends) {
    if (!ends.length && !this.#ends.length) return
    this.text = text
    this.#ends = ends
    this.#drawSoon()
  }

  #drawSoon() {
    cancelAnimationFrame(this.frame)
    this.frame = requestAnimationFrame(() => this.#draw())
  }

  #draw() {
    const origin = this.getBoundingClientRect()
    let rails = 0
    const named = []
    const boxes = this.#ends.map(({ from, to }) => [this.#boxOf(from, origin), this.#boxOf(to, origin)])
    const heights = boxes.flatMap(([a, b]) => (isSameLine(a, b) ? [] : (heightBetween(a, b) ?? [])))
    const wires = this.#ends.map(({ name, colour }, i) => {
      const [a, b] = boxes[i]
      const shape = isSameLine(a, b)
        ? arc(a, b, heights)
        : (beside(a, b) ?? rail(a, b, (rails += 1)))
      return { line: line(shape, colour), words: words(placeFor(shape, name, named, origin.width), name, colour) }
    })
    // names last: no line runs through one
    this.drawing.replaceChildren(...wires.map((one) => one.line), ...wires.map((one) => one.words))
  }

  /**
   * The first line of a span, relative to the drawing: where it begins, and which way it reads
   * (1 to the right, -1 to the left).
   */
  #boxOf(span, origin) {
    const [start, end] = hull(span.fragments)
    const range = this.text.rangeOf(start, Math.min(end, start + 400))
    const { left, right, top, bottom } = range.getClientRects()[0] ?? range.getBoundingClientRect()
    const way = this.text.directionAt(start) === "rtl" ? -1 : 1
    const begin = (way > 0 ? left : right) - origin.left
    return { begin, way, width: right - left, top: top - origin.top, bottom: bottom - origin.top }
  }
}

const isSameLine = (a, b) => Math.abs(a.top - b.top) < (a.bottom - a.top) / 2

/** Where a wire leaves a span, and where it meets one: past its letter, inside its first line. */
const startOf = ({ begin, way }) => begin + way * 6
const endOf = ({ begin, way, width }) => begin + way * Math.max(3, Math.min(26, width - 4))

/** @typedef {{path: string, end: [number, number], way: number, below: boolean}} Shape */

/** Over the words of one line; as high as what runs in that gap already, so that they are one line.
 * @param {any} a @param {any} b @param {number[]} heights of the wires between lines @returns {Shape} */
function arc(a, b, heights) {
  const [from, to] = [startOf(a), endOf(b)]
  const turn = Math.sign(to - from) * 8
  const y = Math.min(a.top, b.top) - 2
  const rise = heights.map((height) => y - height).find((by) => by > 0 && by < 12) ?? 8
  const path = `M${from} ${y}q0 ${-rise} ${turn} ${-rise}H${to - turn}q${turn} 0 ${turn} ${rise}`
  return { path, end: [to, y], way: b.way, below: false }
}

/** Where a wire runs in the gap between two lines; null where they do not follow each other. */
function heightBetween(a, b) {
  const [upper, lower] = a.top < b.top ? [a, b] : [b, a]
  if (lower.top - upper.bottom > (upper.bottom - upper.top) * 1.2) return null
  return (upper.bottom + lower.top) / 2 + 3
}

/** In the gap between two lines that follow each other. @returns {Shape | null} */
function beside(a, b) {
  const y = heightBetween(a, b)
  if (y === null) return null
  const upper = a.top < b.top ? a : b
  const [y1, y2] = a === upper ? [a.bottom - 2, b.top] : [a.top, b.bottom - 2]
  const path = `M${startOf(a)} ${y1}V${y}H${endOf(b)}V${y2}`
  return { path, end: [endOf(b), y2], way: b.way, below: a !== upper }
}

/** Out to the gutter, along it, and in again: never across words. @returns {Shape} */
function rail(a, b, number) {
  const down = b.top > a.top
  const x = 14 - (Math.min(number, MOST_RAILS) - 1) * 7
  const [y1, y2] = down ? [a.bottom + 4, b.top - 5] : [a.top - 5, b.bottom + 5]
  const turn = down ? 8 : -8
  const last = down ? b.top : b.bottom - 2
  const out = `M${startOf(a)} ${down ? a.bottom - 2 : a.top}V${y1}H${x + 8}q-8 0 -8 ${turn}`
  const path = `${out}V${y2 - turn}q0 ${turn} 8 ${turn}H${endOf(b)}V${last}`
  return { path, end: [endOf(b), last], way: b.way, below: !down }
}

/** Beside the end of the wire, in the gap, on the side where there is room; a step further out where
 * another name stands. */
function placeFor({ end: [x, y], way: reads, below }, name, named, width) {
  const reach = 7 + name.length * 6
  const way = x + reads * reach > 0 && x + reads * reach < width ? reads : -reads
  const [near, far] = [x + way * 7, x + way * reach]
  const box = { left: Math.min(near, far), right: Math.max(near, far), y: below ? y + 9 : y - 1 }
  const meets = (one) => one.left < box.right && box.left < one.right && Math.abs(one.y - box.y) < 9
  while (named.some(meets)) box.y += below ? 10 : -10
  named.push(box)
  return { x: near, y: box.y, "text-anchor": way > 0 ? "start" : "end" }
}

function line({ path, end: [cx, cy] }, colour) {
  const group = make("g", { "data-colour": colour })
  group.append(make("path", { d: path }), make("circle", { cx, cy, r: 3.5 }))
  return group
}

function words(place, name, colour) {
  const group = make("g", { "data-colour": colour })
  const text = make("text", place)
  text.textContent = name
  group.append(text)
  return group
}

function make(name, attributes) {
  const element = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value))
  return element
}
