import { Choice } from "../dom/choice.js"
import { Painter, Passing } from "../dom/painter.js"
import { Positions } from "../dom/positions.js"
import { Schedule } from "../dom/schedule.js"
import { Article, Block } from "../lib/article.js"
import { countUntil } from "../lib/offsets.js"
import { chosen, cursorAt, cursorOn, cursorOver, moved, movedToEnd } from "../lib/selecting.js"
import { unitOver } from "../lib/units.js"

/**
 * The article: paints its spans, keeps the selection on whole words, walks the word cursor.
 * Tells: "range-chosen" (detail: range, shape, byTouch), "range-left", "cursor-moved" (detail:
 * range), "spans-touched" (detail: ids under the pointer, innermost first; offset), "span-hovered"
 * (detail: id, if any). Decides nothing about spans.
 */
export class ArticleText extends HTMLElement {
  #positions
  #choice
  #painter
  #schedule
  #cursor = /** @type {import("../lib/selecting.js").Cursor | null} */ (null)
  #passing = new Passing("cursor")
  #listening
  #selected = { selected: "", among: "" }
  #shown = /** @type {HTMLElement[]} */ ([])

  connectedCallback() {
    this.#listening = new AbortController()
    const { signal } = this.#listening
    this.page = this.querySelector("article")
    this.elements = /** @type {HTMLElement[]} */ ([...this.page.querySelectorAll("[data-start]")])
    this.article = this.#read()
    this.#positions = new Positions(this.elements, this.article)
    this.#choice = new Choice(this.page, this.article, this.#positions, (range) =>
      this.#choose(range),
    )
    this.#choice.listen(signal)
    this.page.addEventListener("copy", (event) => this.#copy(event), { signal })
    this.page.addEventListener("click", (event) => this.#touch(event), { signal })
    this.page.addEventListener("pointerover", ({ target }) => this.#hover(target), { signal })
    this.page.addEventListener("pointerleave", () => this.#hover(this.page), { signal })
  }

  disconnectedCallback() {
    this.#listening.abort()
    this.#schedule?.stop()
  }

  /** What scrolls: the pane around the article. */
  get pane() {
    return /** @type {HTMLElement} */ (this.closest("[data-scrolls]"))
  }

  #read() {
    const starts = this.elements.map((element) => Number(element.dataset.start))
    const ends = [...starts.slice(1), Number(this.dataset.length)]
    const language = this.page.lang
    const blocks = this.elements.map((element, i) => {
      const continues = element.classList.contains("continues")
      return new Block(starts[i], ends[i], () => element.textContent, language, continues)
    })
    return new Article(blocks)
  }

  /** Take in the spans that `refresh` will show.
   * @param {import("../lib/schema.js").Schema} schema
   * @param {Iterable<any>} spans
   * @param {(span: any) => {lacks: boolean, hidden: boolean, flagged: boolean}} look
   */
  load(schema, spans, look) {
    this.#painter = new Painter(this.article, this.elements, schema, look)
    this.#painter.load(spans)
    this.#schedule = new Schedule(this.#painter, this.elements, this.pane, () => this.#mark())
  }

  /** Spans changed: their blocks are painted now. @param {Iterable<string>} ids @param {(id: string) => any} spanOf */
  update(ids, spanOf) {
    for (const number of this.#painter.update(ids, spanOf)) this.#painter.paint(number)
    this.#mark()
  }

  /** Show the spans as they look now: those in sight at once, the others before they come into sight. */
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
    const pane = this.pane.getBoundingClientRect()
    if (top >= pane.top + margin && bottom <= pane.bottom - margin) return
    range.startContainer.parentElement.scrollIntoView({ block: "center" })
  }

  /** @param {number} start @param {number} end */
  rangeOf(start, end) {
    return this.#positions.rangeOf(start, end)
  }

  /** What a label key would label now: the selection, else the word cursor, else null. */
  get target() {
    return this.#choice.range ?? (this.#cursor && chosen(this.#cursor))
  }

  get cursor() {
    return this.#cursor
  }

  /** Where reading goes on: the word cursor, or the first block in sight. */
  get place() {
    if (this.#cursor) return this.#cursor.focus[0]
    const number = this.#blockBelow(this.pane.getBoundingClientRect().top + 40)
    return this.article.blocks[number]?.start ?? 0
  }

  /** The code points of the blocks in sight: the first, and behind the last. @returns {[number, number]} */
  get sight() {
    const { top, bottom } = this.pane.getBoundingClientRect()
    const first = this.#blockBelow(top)
    let last = first
    while (this.elements[last + 1]?.getBoundingClientRect().top < bottom) last += 1
    const { blocks } = this.article
    return [blocks[first]?.start ?? 0, blocks[last]?.end ?? 0]
  }

  /** The number of the first block that reaches below a height; the last where none does. */
  #blockBelow(y) {
    const number = countUntil(this.elements, (one) => one.getBoundingClientRect().bottom > y)
    return Math.min(number, this.elements.length - 1)
  }

  /** The direction of the text at the word cursor: which way "left" goes there. */
  get directionHere() {
    return this.directionAt(this.#cursor?.focus[0] ?? this.#choice.range?.[0] ?? 0)
  }

  /** "ltr" or "rtl". @param {number} offset */
  directionAt(offset) {
    return getComputedStyle(this.elements[this.article.blockAt(offset)]).direction
  }

  /** Put the word cursor on the first word (or other unit) from an offset on; false where there is
   * none. @param {number} offset @param {import("../lib/units.js").Unit} [unit] */
  startCursor(offset, unit) {
    const cursor = cursorAt(this.article, offset, unit)
    if (cursor) this.#setCursor(cursor)
    return Boolean(cursor)
  }

  /** Put the word cursor over a range, whatever units it holds. @param {[number, number]} range */
  aim(range) {
    this.#choice.clear()
    this.#setCursor(cursorOn(range))
    return true
  }

  /** Move the word cursor; a selection becomes one. @param {1 | -1} step @param {{unit?: any, extend?: boolean}} [how] */
  moveCursor(step, how) {
    const from = this.#cursorToMove()
    if (from) this.#setCursor(moved(this.article, from, step, how))
  }

  /** Move the word cursor to the first (0) or last word here. @param {0 | 1} side @param {{extend?: boolean}} [how] */
  moveToEnd(side, how) {
    const from = this.#cursorToMove()
    if (from) this.#setCursor(movedToEnd(this.article, from, side, how))
  }

  #cursorToMove() {
    const { range } = this.#choice
    if (!range) return this.#cursor
    this.leaveTarget()
    return cursorOver(this.article, range)
  }

  /** To the word above or below, at the same place of the line. @param {1 | -1} step @param {{extend?: boolean}} [how] */
  moveLine(step, { extend = false } = {}) {
    const from = this.#cursorToMove()
    const at = step > 0 ? from.focus[1] - 1 : from.focus[0]
    const here = unitOver(this.article, at, "word") ?? [at, at + 1]
    const { left, width, top, bottom, height } = this.rangeOf(...here).getBoundingClientRect()
    const x = from.x ?? left + width / 2
    for (let lines = 1; lines <= 4; lines += 1) {
      const y = (step > 0 ? bottom : top) + step * height * lines * 0.9
      const word = this.#wordNear(x, y)
      if (word && word[0] !== here[0])
        return this.#setCursor({ anchor: extend ? from.anchor : word, focus: word, x })
    }
    return this.#setCursor(moved(this.article, from, step, { extend }))
  }

  /** The word at a place of the line that is nearest to a height. */
  #wordNear(x, y) {
    const near = this.offsetAt(x, y)
    const at = (offset, unit) => offset !== null && unitOver(this.article, offset, unit)
    const character = at(near, "grapheme") || (near > 0 && at(near - 1, "grapheme"))
    if (!character) return null
    // between paragraphs the browser answers with an end of one: its line is asked again
    const { top, height } = this.rangeOf(...character).getBoundingClientRect()
    const offset = this.offsetAt(x, top + height / 2)
    return at(offset, "word") || (offset > 0 && at(offset - 1, "word")) || null
  }

  /** No selection and no word cursor: label keys now mean the selected span. */
  leaveTarget() {
    this.#setCursor(null)
    this.#choice.clear()
    this.#tell("range-left")
  }

  #setCursor(cursor) {
    this.#cursor = cursor
    this.#passing.show(cursor && this.rangeOf(...chosen(cursor)))
    if (!cursor) return
    this.reveal(cursor.focus)
    this.#tell("cursor-moved", { range: chosen(cursor) })
  }

  /** The code point offset at a point of the window; null where no text of the article is. @param {number} x @param {number} y */
  offsetAt(x, y) {
    return this.#positions.offsetAt(x, y)
  }

  /** @param {[number, number] | null} range */
  #choose(range) {
    if (!range) return this.#tell("range-left")
    this.#setCursor(null)
    const { byTouch } = this.#choice
    return this.#tell("range-chosen", { range, shape: this.rangeOf(...range), byTouch })
  }

  /** What is copied is the article's text as it is, not as it is shown. */
  #copy(event) {
    /** @type {[number, number] | false | null} */
    const range = this.#choice.selected ?? (getSelection()?.isCollapsed && this.target)
    if (!range) return
    event.clipboardData.setData("text/plain", this.article.slice(...range))
    event.preventDefault()
  }

  #touch(event) {
    if (!getSelection()?.isCollapsed) return
    const offset = this.offsetAt(event.clientX, event.clientY)
    this.#tell("spans-touched", { ids: idsAt(event.target), offset })
  }

  #hover(target) {
    const [id] = idsAt(target)
    if (id === this.hovered) return
    if (this.hovered) for (const mark of this.marksOf(this.hovered)) delete mark.dataset.hovered
    this.hovered = id
    if (id) for (const mark of this.marksOf(id)) mark.dataset.hovered = ""
    this.#tell("span-hovered", { id })
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

/** The ids of the spans around a node, innermost first. */
function idsAt(node) {
  const ids = []
  for (let mark = node.closest?.("mark"); mark; mark = mark.parentElement.closest("mark"))
    ids.push(mark.dataset.span)
  return ids
}
