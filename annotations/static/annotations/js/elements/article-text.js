import { Painter, Passing } from "../dom/painter.js"
import { Positions, blockOf } from "../dom/positions.js"
import { Schedule } from "../dom/schedule.js"
import { Article, Block } from "../lib/article.js"
import { chosen, cursorAt, moved, snap, unitOver } from "../lib/selecting.js"

/**
 * The article: paints its spans, keeps the selection on whole words, walks the word cursor.
 * Tells: "range-chosen" (detail: range), "range-left", "spans-touched" (detail: ids under the
 * pointer, innermost first; offset), "span-hovered". Decides nothing about spans.
 */
export class ArticleText extends HTMLElement {
  #positions
  #painter
  #schedule
  #cursor = null
  #passing = new Passing("cursor")
  #listening
  #range = /** @type {[number, number] | null} */ (null)
  #selected = { selected: "", among: "" }
  #shown = /** @type {HTMLElement[]} */ ([])
  #pressing = false

  connectedCallback() {
    this.#listening = new AbortController()
    const { signal } = this.#listening
    this.page = this.querySelector("article")
    this.elements = [...this.page.querySelectorAll("[data-start]")]
    this.article = this.#read()
    this.#positions = new Positions(this.elements, this.article)
    this.page.addEventListener("mousedown", () => this.#press(), { signal })
    document.addEventListener("mouseup", (event) => this.#release(event), { signal })
    this.page.addEventListener("click", (event) => this.#touch(event), { signal })
    this.page.addEventListener("pointerover", ({ target }) => this.#hover(target), { signal })
    this.page.addEventListener("pointerleave", () => this.#hover(this.page), { signal })
    document.addEventListener("selectionchange", () => this.#noticeSoon(), { signal })
  }

  disconnectedCallback() {
    this.#listening.abort()
    this.#schedule?.stop()
  }

  /** What scrolls: the pane around the article. */
  get #pane() {
    return /** @type {HTMLElement} */ (this.closest("[data-scrolls]"))
  }

  #read() {
    const starts = this.elements.map((element) => Number(element.dataset.start))
    const ends = [...starts.slice(1), Number(this.dataset.length)]
    const language = this.page.lang
    return new Article(
      starts.map(
        (start, i) => new Block(start, ends[i], () => this.elements[i].textContent, language),
      ),
    )
  }

  /** Show these spans: those in sight at once, the others before they come into sight.
   * @param {import("../lib/schema.js").Schema} schema
   * @param {Iterable<any>} spans
   * @param {(span: any) => {lacks: boolean, hidden: boolean}} look
   */
  show(schema, spans, look) {
    this.#painter = new Painter(this.article, this.elements, schema, look)
    this.#painter.load(spans)
    this.#schedule = new Schedule(this.#painter, this.elements, this.#pane, () => this.#mark())
    this.#schedule.start()
  }

  /** Spans changed: their blocks are painted now. @param {Iterable<string>} ids @param {(id: string) => any} spanOf */
  update(ids, spanOf) {
    for (const number of this.#painter.update(ids, spanOf)) this.#painter.paint(number)
    this.#mark()
  }

  /** Everything may look different: painted anew, what is in sight first. */
  refresh() {
    this.#painter.forget()
    this.#schedule.start()
  }

  /** The marks of one span are shown as selected, those of another as the end of a link. */
  select(id, among = "") {
    this.#selected = { selected: id ?? "", among }
    this.#mark()
  }

  /** The painted marks of a span, in reading order. @param {string} id @returns {HTMLElement[]} */
  marksOf(id) {
    return this.#painter.marksOf(id)
  }

  /** Bring a range into sight, painted, with some text around it. @param {[number, number]} range */
  reveal(range) {
    const [first, last] = this.article.blocksOf(...range)
    for (let number = first; number <= last; number += 1) this.#painter.paint(number)
    this.#mark()
    this.keepInSight(range, 60)
  }

  /** Scroll only if the beginning of the range is hidden. @param {[number, number]} range @param {number} [margin] pixels */
  keepInSight([start], margin = 0) {
    const range = this.rangeOf(start, start + 1)
    const { top, bottom } = range.getBoundingClientRect()
    const pane = this.#pane.getBoundingClientRect()
    if (top >= pane.top + margin && bottom <= pane.bottom - margin) return
    range.startContainer.parentElement.scrollIntoView({ block: "center" })
  }

  /** @param {number} start @param {number} end */
  rangeOf(start, end) {
    return this.#positions.rangeOf(start, end)
  }

  /** What a label key would label now: the selection, else the word cursor, else null. */
  get target() {
    return this.#range ?? (this.#cursor && chosen(this.#cursor))
  }

  get cursor() {
    return this.#cursor
  }

  /** Where reading goes on: the word cursor, or the first block in sight. */
  get place() {
    if (this.#cursor) return this.#cursor.focus[0]
    const top = this.#pane.getBoundingClientRect().top + 40
    const number = this.elements.findIndex((one) => one.getBoundingClientRect().bottom > top)
    return this.article.blocks[Math.max(0, number)]?.start ?? 0
  }

  /** The direction of the text at the word cursor: which way "left" goes there. */
  get directionHere() {
    return this.directionAt(this.#cursor?.focus[0] ?? this.#range?.[0] ?? 0)
  }

  /** "ltr" or "rtl". @param {number} offset */
  directionAt(offset) {
    return getComputedStyle(this.elements[this.article.blockAt(offset)]).direction
  }

  /** Put the word cursor on the first word from an offset on. @param {number} offset */
  startCursor(offset) {
    this.#setCursor(cursorAt(this.article, offset))
  }

  /** Move the word cursor; a selection becomes one. @param {1 | -1} step @param {{unit?: any, extend?: boolean}} [how] */
  moveCursor(step, how) {
    const from = this.#cursor ?? this.#selectionAsCursor()
    if (from) this.#setCursor(moved(this.article, from, step, how))
  }

  #selectionAsCursor() {
    if (!this.#range) return null
    const [start, end] = this.#range
    this.leaveTarget()
    const unit = (offset) => unitOver(this.article, offset, "word") ?? [offset, offset + 1]
    return { anchor: unit(start), focus: unit(end - 1) }
  }

  /** To the word above or below, at the same place of the line. @param {1 | -1} step */
  moveLine(step) {
    const { left, width, top, bottom, height } = this.rangeOf(
      ...this.#cursor.focus,
    ).getBoundingClientRect()
    for (let lines = 1; lines <= 4; lines += 1) {
      const y = (step > 0 ? bottom : top) + step * height * lines * 0.9
      const offset = this.#offsetAt(left + width / 2, y)
      const word = offset !== null && unitOver(this.article, offset, "word")
      if (word && word[0] !== this.#cursor.focus[0])
        return this.#setCursor({ anchor: word, focus: word })
    }
    return this.moveCursor(step)
  }

  /** No selection and no word cursor: label keys now mean the selected span. */
  leaveTarget() {
    this.#setCursor(null)
    this.#range = null
    getSelection()?.removeAllRanges()
    this.#tell("range-left")
  }

  #setCursor(cursor) {
    this.#cursor = cursor
    this.#passing.show(cursor && this.rangeOf(...chosen(cursor)))
    if (!cursor) return
    this.reveal(cursor.focus)
    this.#tell("cursor-moved", { range: chosen(cursor) })
  }

  #offsetAt(x, y) {
    const caret = document.caretPositionFromPoint?.(x, y) ?? rangeAsCaret(x, y)
    const isInside = caret && this.page.contains(caret.offsetNode) && blockOf(caret.offsetNode)
    return isInside ? this.#positions.offsetOf(caret.offsetNode, caret.offset) : null
  }

  #press() {
    this.#pressing = true
  }

  /** The mouse is let go: the selection snaps to what it means; three clicks mean the sentence. */
  #release({ altKey, detail, clientX, clientY }) {
    if (!this.#pressing) return undefined
    this.#pressing = false
    const offset = detail > 2 ? this.#offsetAt(clientX, clientY) : null
    const sentence = offset !== null && unitOver(this.article, offset, "sentence")
    if (sentence) return this.#take(sentence, true)
    this.#choose({ exact: altKey, show: true })
    // a click into a selection clears it only after this event
    return setTimeout(() => this.#choose({ exact: altKey, show: true }))
  }

  /** Selections by touch handles or assistive technology are taken as they stand. */
  #noticeSoon() {
    clearTimeout(this.noticing)
    this.noticing = setTimeout(
      () => this.#pressing || this.#choose({ exact: false, show: false }),
      250,
    )
  }

  #choose({ exact, show }) {
    const selection = getSelection()
    if (
      !selection?.rangeCount ||
      selection.isCollapsed ||
      !this.page.contains(selection.anchorNode)
    ) {
      return this.#range && selection?.isCollapsed && this.#leave()
    }
    const range = selection.getRangeAt(0)
    const start = this.#positions.offsetOf(range.startContainer, range.startOffset)
    const end = this.#positions.offsetOf(range.endContainer, range.endOffset)
    if (this.#range && String([start, end]) === String(this.#range)) return undefined
    return this.#take(snap(this.article, start, end, { exact }), show)
  }

  #take(range, show) {
    if (!range) return this.#leave()
    this.#range = range
    this.#setCursor(null)
    if (show) getSelection().setBaseAndExtent(...edgesOf(this.rangeOf(...range)))
    return this.#tell("range-chosen", { range, shape: this.rangeOf(...range) })
  }

  #leave() {
    this.#range = null
    this.#tell("range-left")
  }

  #touch(event) {
    if (!getSelection()?.isCollapsed) return
    const offset = this.#offsetAt(event.clientX, event.clientY)
    this.#tell("spans-touched", { ids: idsAt(event.target), offset })
  }

  #hover(target) {
    const [id] = idsAt(target)
    if (id === this.hovered) return
    if (this.hovered) for (const mark of this.marksOf(this.hovered)) delete mark.dataset.hovered
    this.hovered = id
    if (id) for (const mark of this.marksOf(id)) mark.dataset.hovered = ""
  }

  #mark() {
    for (const { dataset } of this.#shown)
      for (const name of ["selected", "among"]) delete dataset[name]
    this.#shown = Object.entries(this.#selected).flatMap(([name, id]) => {
      const marks = id ? this.marksOf(id) : []
      for (const mark of marks) mark.dataset[name] = ""
      return marks
    })
  }

  #tell(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, { bubbles: true, detail }))
  }
}

const edgesOf = (range) => [
  range.startContainer,
  range.startOffset,
  range.endContainer,
  range.endOffset,
]

/** The ids of the spans around a node, innermost first. */
function idsAt(node) {
  const ids = []
  for (let mark = node.closest?.("mark"); mark; mark = mark.parentElement.closest("mark"))
    ids.push(mark.dataset.span)
  return ids
}

/** Safari has only the older way to ask for a caret. */
function rangeAsCaret(x, y) {
  const range = document.caretRangeFromPoint?.(x, y)
  return range && { offsetNode: range.startContainer, offset: range.startOffset }
}
