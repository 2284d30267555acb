/** Milliseconds that a piece of what is painted beside other work takes at most, or a little more. */
const PIECE = 8

/** Which block is painted when: those in sight at once, those near before they come into sight,
 *  the rest when nothing else is to be done. */
export class Schedule {
  #painter
  #elements
  #numbers
  #pane
  #painted
  #watch

  /**
   * @param {import("./painter.js").Painter} painter
   * @param {HTMLElement[]} elements the blocks
   * @param {HTMLElement} pane what scrolls
   * @param {() => void} painted called after blocks were painted
   */
  constructor(painter, elements, pane, painted) {
    this.#painter = painter
    this.#elements = elements
    this.#numbers = new Map(elements.map((element, number) => [element, number]))
    this.#pane = pane
    this.#painted = painted
    this.#watch = new IntersectionObserver((seen) => this.#meet(seen), { rootMargin: "100% 0px" })
  }

  /** Paint all that is not painted. */
  start() {
    this.#paintSight()
    for (const element of this.#elements) this.#watch.observe(element)
    this.#paintRest(0)
  }

  stop() {
    this.#watch.disconnect()
  }

  #meet(seen) {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue
      this.#painter.paint(this.#numbers.get(target))
      this.#watch.unobserve(target)
    }
    this.#painted()
  }

  /** What can be in sight now, without asking the layout of what is not; all of it is found before
   * any is painted, as marks move nothing and asking in between would cost a layout each time. */
  #paintSight() {
    const first = this.#firstInSight()
    let last = first
    while (this.#elements[last]?.getBoundingClientRect().top <= innerHeight * 1.2) last += 1
    for (let number = first; number <= last && this.#elements[number]; number += 1)
      this.#painter.paint(number)
    this.#painted()
  }

  #firstInSight() {
    if (!this.#pane.scrollTop) return 0
    const isInSight = (element) => element.getBoundingClientRect().bottom > 0
    return Math.max(0, this.#elements.findIndex(isInSight))
  }

  /** When all is painted nothing is watched any more: in a long article that costs every frame. */
  #paintRest(from) {
    if (!this.#elements[from]?.isConnected) return this.#watch.disconnect()
    return whenIdle((time) => {
      const until = performance.now() + Math.min(PIECE, time.timeRemaining() - 3)
      let number = from
      do this.#painter.paint(number++)
      while (number < this.#elements.length && performance.now() < until)
      this.#paintRest(number)
    })
  }
}

/** Afterwards the browser has had a chance to paint and to hear. @returns {Promise<void>} */
export const breath = () =>
  /** @type {any} */ (globalThis).scheduler?.yield?.() ?? new Promise((done) => setTimeout(done))

/** Safari has no idle callbacks: there a moment later has to do. */
export const whenIdle =
  globalThis.requestIdleCallback ??
  ((work) => setTimeout(() => work({ didTimeout: false, timeRemaining: () => 5 }), 30))

/** Each of these in turn, when the browser has a moment: nothing waits for all of them.
 * @param {(() => void)[]} steps */
export function oneByOne([step, ...others]) {
  whenIdle(
    () => {
      step()
      if (others.length) oneByOne(others)
    },
    { timeout: 500 },
  )
}
