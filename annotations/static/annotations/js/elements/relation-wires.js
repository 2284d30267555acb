import { hull } from "../lib/fragments.js"

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
    const wires = this.#ends.map(({ from, to, name, colour }) => {
      const [a, b] = [this.#boxOf(from, origin), this.#boxOf(to, origin)]
      const shape = isSameLine(a, b) ? arc(a, b) : (beside(a, b) ?? rail(a, b, (rails += 1)))
      return wire({ ...shape, words: placeFor(shape.end, shape.below, name, named) }, name, colour)
    })
    this.drawing.replaceChildren(...wires)
  }

  /** The first line of a span, relative to the drawing. */
  #boxOf(span, origin) {
    const [start, end] = hull(span.fragments)
    const range = this.text.rangeOf(start, Math.min(end, start + 400))
    const { left, right, top, bottom } = range.getClientRects()[0] ?? range.getBoundingClientRect()
    return { left: left - origin.left, right: right - origin.left, top: top - origin.top, bottom: bottom - origin.top }
  }
}

const isSameLine = (a, b) => Math.abs(a.top - b.top) < (a.bottom - a.top) / 2

/** Over the words of one line. */
function arc(a, b) {
  const to = endOf(b)
  const from = a.left + 6
  const turn = Math.sign(to - from) * 8
  const y = Math.min(a.top, b.top) - 2
  return { path: `M${from} ${y}q0 -8 ${turn} -8H${to - turn}q${turn} 0 ${turn} 8`, end: [to, y] }
}

/** In the gap between two lines that follow each other. */
function beside(a, b) {
  const [upper, lower] = a.top < b.top ? [a, b] : [b, a]
  if (lower.top - upper.bottom > (upper.bottom - upper.top) * 1.2) return null
  const y = (upper.bottom + lower.top) / 2 + 3
  const [y1, y2] = a === upper ? [a.bottom - 2, b.top] : [a.top, b.bottom - 2]
  return { path: `M${a.left + 8} ${y1}V${y}H${endOf(b)}V${y2}`, end: [endOf(b), y2], below: a !== upper }
}

/** Out to the gutter, along it, and in again: never across words. */
function rail(a, b, number) {
  const down = b.top > a.top
  const x = 14 - (Math.min(number, MOST_RAILS) - 1) * 7
  const [y1, y2] = down ? [a.bottom + 4, b.top - 5] : [a.top - 5, b.bottom + 5]
  const turn = down ? 8 : -8
  const last = down ? b.top : b.bottom - 2
  const out = `M${a.left + 6} ${down ? a.bottom - 2 : a.top}V${y1}H${x + 8}q-8 0 -8 ${turn}`
  return { path: `${out}V${y2 - turn}q0 ${turn} 8 ${turn}H${endOf(b)}V${last}`, end: [endOf(b), last], below: !down }
}

/** Where a wire meets a span: past its letter, inside its first line. */
const endOf = ({ left, right }) => Math.max(left + 3, Math.min(left + 26, right - 4))

/** Beside the end of the wire, in the gap; a step further out where another name stands. */
function placeFor([x, y], below, name, named) {
  const box = { left: x + 7, right: x + 7 + name.length * 6, y: below ? y + 9 : y - 1 }
  const meets = (one) => one.left < box.right && box.left < one.right && Math.abs(one.y - box.y) < 9
  while (named.some(meets)) box.y += below ? 10 : -10
  named.push(box)
  return box
}

function wire({ path, end: [x, y], words: place }, name, colour) {
  const group = make("g", { "data-colour": colour })
  const words = make("text", { x: place.left, y: place.y })
  words.textContent = name
  group.append(make("path", { d: path }), make("circle", { cx: x, cy: y, r: 3.5 }), words)
  return group
}

function make(name, attributes) {
  const element = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value))
  return element
}
