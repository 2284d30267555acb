import { snap } from "../lib/selecting.js"
import { unitOver } from "../lib/units.js"

// a selection by touch or by assistive technology counts once it rests, in milliseconds
const REST = 250

/**
 * What is selected in the article with the mouse, by touch or by assistive technology: the
 * browser's own selection, read as whole words. Nothing is labelled by selecting.
 */
export class Choice {
  #page
  #article
  #positions
  #told
  #pressing = false
  #resting = 0

  /** @type {[number, number] | null} */
  range = null
  /** Whether the last pointer was a finger or a pen: then the system shows handles and a menu. */
  byTouch = matchMedia("(pointer: coarse)").matches

  /**
   * @param {HTMLElement} page
   * @param {import("../lib/article.js").Article} article
   * @param {import("./positions.js").Positions} positions
   * @param {(range: [number, number] | null) => void} told what is chosen now
   */
  constructor(page, article, positions, told) {
    this.#page = page
    this.#article = article
    this.#positions = positions
    this.#told = told
  }

  /** @param {AbortSignal} signal ends it */
  listen(signal) {
    const on = (target, type, act) => target.addEventListener(type, act, { signal })
    on(document, "pointerdown", ({ pointerType }) => (this.byTouch = pointerType !== "mouse"))
    on(this.#page, "mousedown", () => (this.#pressing = true))
    on(document, "mouseup", (event) => this.#release(event))
    on(document, "selectionchange", () => this.#noticeSoon())
  }

  /** The browser's selection while all of it lies in the article, as it stands. @returns {[number, number] | null} */
  get selected() {
    const selection = getSelection()
    if (!selection?.rangeCount || selection.isCollapsed) return null
    const range = selection.getRangeAt(0)
    const { startContainer: start, endContainer: end } = range
    if (!this.#page.contains(start) || !this.#page.contains(end)) return null
    const at = (node, offset) => this.#positions.offsetOf(node, offset)
    return [at(start, range.startOffset), at(end, range.endOffset)]
  }

  /** Nothing is chosen any more, and nothing shown as selected. */
  clear() {
    this.range = null
    getSelection()?.removeAllRanges()
  }

  /** The mouse is let go: the selection snaps to what it means; three clicks mean the sentence. */
  #release(event) {
    if (!this.#pressing) return undefined
    this.#pressing = false
    const { detail, clientX, clientY } = event
    const offset = detail > 2 ? this.#positions.offsetAt(clientX, clientY) : null
    const sentence = offset !== null && unitOver(this.#article, offset, "sentence")
    if (sentence) return this.#take(sentence, true)
    const how = { exact: isExact(event), show: true }
    this.#choose(how)
    // a click into a selection clears it only after this event
    return setTimeout(() => this.#choose(how))
  }

  /** Selections by touch handles or assistive technology are taken as they stand. */
  #noticeSoon() {
    clearTimeout(this.#resting)
    const notice = () => this.#pressing || this.#choose({ exact: false, show: false })
    this.#resting = setTimeout(notice, REST)
  }

  #choose({ exact, show }) {
    const { selected } = this
    if (!selected) return this.range && getSelection()?.isCollapsed && this.#leave()
    if (this.range && String(selected) === String(this.range)) return undefined
    return this.#take(snap(this.#article, ...selected, { exact }), show)
  }

  /** @param {[number, number] | null} range */
  #take(range, show) {
    if (!range) return this.#leave()
    this.range = range
    if (show) select(this.#positions.rangeOf(...range))
    return this.#told(range)
  }

  #leave() {
    this.range = null
    this.#told(null)
  }
}

const select = ({ startContainer, startOffset, endContainer, endOffset }) =>
  getSelection().setBaseAndExtent(startContainer, startOffset, endContainer, endOffset)

/** Alt means exact characters; AltGr is no Alt, though some systems say so. @param {MouseEvent} event */
export const isExact = (event) => event.altKey && !event.getModifierState("AltGraph")
