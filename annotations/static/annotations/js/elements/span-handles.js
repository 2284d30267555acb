import { isExact } from "../dom/choice.js"
import { edgeOf } from "../dom/edges.js"
import { highlight } from "../dom/highlights.js"
import { h } from "../dom/html.js"
import { dragged } from "../lib/selecting.js"
import { equal, joined } from "../lib/segments.js"

// this near to the edge of the pane a drag scrolls it, and by so much in a frame; in pixels
const NEAR = 36
const SCROLL = 9

/**
 * Handles at both ends of each fragment of the selected span, over the article. Dragging one shows
 * the words it would take; so does a click on it, until the next click. Letting go tells
 * "span-dragged" (detail: fragments, at), Escape leaves the span as it is. Pointers only: keys
 * move the same ends (see the keymap), so nothing here takes the focus.
 */
export class SpanHandles extends HTMLElement {
  #span = /** @type {import("../lib/operations.js").SpanImage | null} */ (null)
  #drag = /** @type {any} */ (null)
  #listening
  #sizes
  #frame = 0

  connectedCallback() {
    this.text = /** @type {any} */ (this.closest("article-text"))
    this.#listening = new AbortController()
    this.#listen(this.#listening.signal)
    this.#sizes = new ResizeObserver(() => this.#placeSoon())
    this.#sizes.observe(this.text)
  }

  disconnectedCallback() {
    this.#listening.abort()
    this.#sizes.disconnect()
  }

  #listen(signal) {
    const on = (target, type, act, capture = false) =>
      target.addEventListener(type, act, { signal, capture, passive: false })
    on(this, "pointerdown", (event) => this.#take(event))
    on(this, "pointercancel", () => this.#leave())
    on(document, "pointermove", (event) => this.#drag && this.#follow(event))
    on(document, "pointerup", () => this.#drag?.moved && !this.#drag.held && this.#finish())
    on(document, "click", (event) => this.#drag && this.#clicked(event), true)
    on(document, "keydown", (event) => this.#drag && this.#pressed(event), true)
    on(this.text.pane, "scroll", () => this.#placeSoon())
  }

  /** The handles of a span, or none. A drag ends when its span has changed. @param {any} span @param {string} colour */
  show(span, colour) {
    this.dataset.colour = colour
    if (!isSame(span, this.#span)) {
      this.#leave()
      this.#span = span
      this.replaceChildren(...(span?.fragments ?? []).flatMap((_, index) => handlesOf(index)))
    }
    this.#placeSoon()
  }

  // --- where they stand

  #placeSoon() {
    cancelAnimationFrame(this.#frame)
    this.#frame = requestAnimationFrame(() => this.#place())
  }

  #place() {
    if (!this.#span) return
    const origin = this.getBoundingClientRect()
    const [first, last] = this.text.sight
    for (const handle of /** @type {Iterable<any>} */ (this.children)) {
      const { index, side } = handle.dataset
      const range = this.#rangeOf(Number(index))
      const at = side === "1" ? range[1] - 1 : range[0]
      handle.hidden = at < first || at >= last
      if (!handle.hidden) stand(handle, edgeOf(this.text, range, side === "1" ? 1 : 0), origin)
    }
  }

  /** A fragment as it is, or as the drag has it. */
  #rangeOf(index) {
    return this.#drag?.index === index ? this.#drag.range : this.#span.fragments[index]
  }

  // --- dragging

  #take(event) {
    if (event.button !== 0 || this.#drag) return
    const handle = this.#nearest(event)
    event.preventDefault()
    handle.setPointerCapture(event.pointerId)
    const [index, side] = [Number(handle.dataset.index), Number(handle.dataset.side)]
    const range = this.#span.fragments[index]
    const { x, top, bottom } = edgeOf(this.text, range, /** @type {0 | 1} */ (side))
    const grip = [event.clientX - x, event.clientY - (top + bottom) / 2]
    this.#drag = { index, side, range, grip, moved: false, held: false }
    this.dataset.dragging = ""
    requestAnimationFrame(() => this.#scroll())
  }

  /** Where ends stand close together their handles overlap: that with the nearest drop is meant. */
  #nearest({ clientX, clientY }) {
    const here = /** @type {HTMLElement[]} */ (document.elementsFromPoint(clientX, clientY))
    const away = (handle) => Math.abs(dropOf(handle) - clientX)
    return here.filter((one) => one.matches(".handle")).sort((a, b) => away(a) - away(b))[0]
  }

  #follow(event) {
    const [x, y] = this.#drag.grip
    this.#drag.moved = true
    this.#drag.point = [event.clientX - x, event.clientY - y]
    this.#drag.exact = isExact(event)
    this.#reach()
  }

  /** The range reaches to where the pointer is. */
  #reach() {
    const { point, index, side, exact } = this.#drag
    const offset = this.text.offsetAt(...point)
    if (offset === null) return
    const how = { side, offset, exact }
    this.#drag.range = dragged(this.text.article, this.#span.fragments[index], how)
    const ranges = this.#fragments.map((range) => this.text.rangeOf(...range))
    highlight("dragged", ranges)
    this.#placeSoon()
  }

  /** What the span would be; a fragment that meets another joins it. @returns {[number, number][]} */
  get #fragments() {
    const { index, range } = this.#drag
    return /** @type {[number, number][]} */ (joined(this.#span.fragments.with(index, range)))
  }

  /** At the edges of the pane the text comes along. */
  #scroll() {
    if (!this.#drag) return
    const { top, bottom } = this.text.pane.getBoundingClientRect()
    const [, y] = this.#drag.point ?? [0, (top + bottom) / 2]
    const way = y < top + NEAR ? -1 : y > bottom - NEAR ? 1 : 0
    this.text.pane.scrollTop += way * SCROLL
    if (way) this.#reach()
    requestAnimationFrame(() => this.#scroll())
  }

  /** A click on a handle holds it: the next click lets go where it is, another on it leaves. */
  #clicked(event) {
    event.preventDefault()
    event.stopPropagation()
    if (!this.contains(event.target)) {
      this.#follow(event)
      this.#finish()
    } else if (this.#drag.held) this.#leave()
    else this.#hold()
  }

  #hold() {
    this.#drag.held = true
    this.#drag.grip = [0, 0]
  }

  #pressed(event) {
    if (event.key !== "Escape") return
    event.preventDefault()
    event.stopPropagation()
    this.#leave()
  }

  #finish() {
    const fragments = this.#fragments
    const detail = { fragments, at: this.#drag.range[0] }
    const isChanged = !equal(fragments, this.#span.fragments)
    this.#leave()
    if (isChanged) this.dispatchEvent(new CustomEvent("span-dragged", { bubbles: true, detail }))
  }

  #leave() {
    if (!this.#drag) return
    this.#drag = null
    delete this.dataset.dragging
    highlight("dragged", [])
    this.#placeSoon()
  }
}

const isSame = (one, other) =>
  one?.id === other?.id && (!one || equal(one.fragments, other.fragments))

const handlesOf = (index) =>
  [0, 1].map((side) =>
    h("span", { class: "handle", "data-index": index, "data-side": side }, h("i")),
  )

/** The middle of the drop of a handle, from the left of the window. @param {HTMLElement} handle */
function dropOf(handle) {
  const { left, right } = handle.getBoundingClientRect()
  return handle.dataset.out === "right" ? left + 8 : right - 8
}

/** @param {HTMLElement} handle @param {ReturnType<typeof edgeOf>} edge */
function stand(handle, { x, top, bottom, out }, origin) {
  handle.dataset.out = out > 0 ? "right" : "left"
  handle.style.left = `${x - origin.left}px`
  handle.style.top = `${bottom - origin.top}px`
  handle.style.setProperty("--line", `${bottom - top}px`)
}
