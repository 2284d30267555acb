import { whenIdle } from "../dom/schedule.js"

/** The whole article as a thin strip: its spans, and what is in sight. A click goes there. */
export class SpanMinimap extends HTMLElement {
  #listening
  #canvas
  #spans = () => /** @type {{colour: string, fragments: [number, number][]}[]} */ ([])

  connectedCallback() {
    this.#listening = new AbortController()
    const { signal } = this.#listening
    this.#canvas = this.querySelector("canvas")
    this.pane = document.querySelector("[data-scrolls]")
    this.pane.addEventListener("scroll", () => this.#see(), { signal, passive: true })
    this.addEventListener("pointerdown", (event) => this.#go(event), { signal })
    this.addEventListener("pointermove", (event) => event.buttons && this.#go(event), { signal })
    document.addEventListener("theme-chosen", () => requestAnimationFrame(() => this.#draw()), {
      signal,
    })
    this.sizes = new ResizeObserver(() => this.#drawSoon())
    this.sizes.observe(this)
    this.sizes.observe(this.pane.firstElementChild)
  }

  disconnectedCallback() {
    this.#listening.abort()
    this.sizes.disconnect()
  }

  /** Drawn when the browser has a moment. @param {() => {colour: string, fragments: [number, number][]}[]} spans @param {number} length of the text */
  show(spans, length) {
    this.#spans = spans
    this.length = length
    this.#drawSoon()
  }

  #drawSoon() {
    if (this.waiting) return
    this.waiting = true
    whenIdle(
      () => {
        this.waiting = false
        this.#draw()
      },
      { timeout: 400 },
    )
  }

  #draw() {
    const { clientWidth: width, clientHeight: height } = this
    const scale = devicePixelRatio
    Object.assign(this.#canvas, { width: width * scale, height: height * scale })
    const brush = this.#canvas.getContext("2d")
    brush.scale(scale, scale)
    const ink = inkOf(this)
    const isNew = sieve()
    for (const { colour, fragments } of this.#spans()) {
      brush.fillStyle = ink(colour)
      for (const [start, end] of fragments) {
        const top = Math.round((start / this.length) * height)
        const size = Math.max(2.5, ((end - start) / this.length) * height - 1)
        if (isNew(`${colour} ${top} ${size}`)) brush.fillRect(2, top, width - 4, size)
      }
    }
    this.#see()
  }

  #see() {
    const { scrollTop, scrollHeight, clientHeight } = this.pane
    const sight = this.querySelector("i")
    sight.hidden = scrollHeight <= clientHeight + 1
    sight.style.top = `${(scrollTop / scrollHeight) * 100}%`
    sight.style.height = `${(clientHeight / scrollHeight) * 100}%`
  }

  #go({ clientY }) {
    const { top, height } = this.getBoundingClientRect()
    const { scrollHeight, clientHeight } = this.pane
    this.pane.scrollTop = ((clientY - top) / height) * scrollHeight - clientHeight / 2
  }
}

/** True for each word the first time: a long article has many spans on each pixel. */
function sieve() {
  const seen = new Set()
  return (word) => seen.size < seen.add(word).size
}

/** The colours of the theme, each looked up once. @param {Element} element @returns {(colour: string) => string} */
function inkOf(element) {
  const style = getComputedStyle(element)
  const known = new Map()
  return (colour) => {
    if (!known.has(colour)) known.set(colour, style.getPropertyValue(`--${colour}`))
    return known.get(colour)
  }
}
