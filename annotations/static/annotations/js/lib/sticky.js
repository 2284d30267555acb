/** How soon a second press of a label key makes it sticky, in milliseconds. */
export const QUICKLY = 400

/**
 * Tells a first press of a label key (label now) from a second, quick one (keep labelling).
 * Once sticky, the label stays until it is let go.
 */
export class StickyLabel {
  #last = { key: "", at: -Infinity }

  /** @type {string | null} the label that every selection gets */
  label = null

  /**
   * @param {string} key of the label
   * @param {number} at milliseconds
   * @returns {"once" | "keep"}
   */
  press(key, at) {
    const again = key === this.#last.key && at - this.#last.at <= QUICKLY
    this.#last = { key: again ? "" : key, at }
    this.label = again ? key : null
    return again ? "keep" : "once"
  }

  release() {
    this.label = null
  }
}
