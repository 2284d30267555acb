/** The whole article as a thin strip: its spans, and what is in sight. A click goes there. */
export class SpanMinimap extends HTMLElement {
  #listening
  #canvas
  #spans = []

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

  /** @param {Iterable<{colour: string, fragments: [number, number][]}>} spans @param {number} length of the text */
  show(spans, length) {
    this.#spans = [...spans]
    this.length = length
    this.#drawSoon()
  }

  #drawSoon() {
    cancelAnimationFrame(this.frame)
    this.frame = requestAnimationFrame(() => this.#draw())
  }

  #draw() {
    const { clientWidth: width, clientHeight: height } = this
    const scale = devicePixelRatio
    Object.assign(this.#canvas, { width: width * scale, height: height * scale })
    const brush = this.#canvas.getContext("2d")
    brush.scale(scale, scale)
    const style = getComputedStyle(this)
    for (const { colour, fragments } of this.#spans) {
      brush.fillStyle = style.getPropertyValue(`--${colour}`)
      for (const [start, end] of fragments) {
        const top = (start / this.length) * height
        brush.fillRect(2, top, width - 4, Math.max(2.5, ((end - start) / this.length) * height - 1))
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
