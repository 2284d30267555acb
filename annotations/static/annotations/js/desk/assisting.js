import { oneByOne } from "../dom/schedule.js"
import { Covering } from "./covering.js"
import { Suggesting } from "./suggesting.js"

/**
 * What helps without being asked: suggestions and the coverage of quotations. Follows the layer
 * when the browser has a moment, so that no change of a span waits for it.
 */
export class Assisting {
  #desk
  #waiting = false

  /** @param {any} desk the label-desk @param {AbortSignal} signal ends it */
  constructor(desk, signal) {
    this.#desk = desk
    this.suggesting = new Suggesting(desk)
    this.covering = new Covering(desk)
    desk.text.pane.addEventListener("scroll", () => this.#refreshSoon(), { signal, passive: true })
    this.suggesting.load().then(() => this.#refreshSoon())
  }

  /** The layer looks different now. */
  changed() {
    this.suggesting.changed()
    this.covering.changed()
    this.#refreshSoon()
  }

  /** The list and the paint show what is open now. */
  refresh() {
    const { suggesting, covering } = this
    suggesting.paint(this.#desk.text.sight)
    this.#desk.proposals.show(this.#desk, suggesting, covering)
  }

  #refreshSoon() {
    if (this.#waiting) return
    this.#waiting = true
    oneByOne([
      () => this.suggesting.open,
      () => this.covering.stretches,
      () => {
        this.#waiting = false
        this.refresh()
      },
    ])
  }
}
