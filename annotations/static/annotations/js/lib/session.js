import { countUntil } from "./offsets.js"
import { inReading } from "./schema.js"
import { edgeMoved } from "./selecting.js"
import { equal, joined } from "./segments.js"
import * as operations from "./operations.js"

/**
 * @typedef {import("./operations.js").SpanImage} SpanImage
 * @typedef {[number, number]} Range code points
 */

/**
 * What a person does to one layer, in the words of the trade: every method makes the operations
 * for one step and hands them on. Nothing here knows the page.
 */
export class Session {
  #commit
  #order = /** @type {SpanImage[] | null} */ (null)
  #ends = { order: /** @type {SpanImage[]} */ ([]), farthest: /** @type {number[]} */ ([]) }

  /**
   * @param {import("./article.js").Article} article
   * @param {import("./draft.js").Draft} draft
   * @param {import("./schema.js").Schema} schema
   * @param {(operations: import("./operations.js").Operation[]) => Promise<unknown>} commit
   */
  constructor(article, draft, schema, commit) {
    this.article = article
    this.draft = draft
    this.schema = schema
    this.#commit = commit
  }

  get layer() {
    return this.draft.view
  }

  /** @param {string | null} id @returns {SpanImage | null} */
  span(id) {
    return (id && this.layer.spans.get(id)) || null
  }

  /** The span of this label over exactly these code points, if there is one.
   * @param {string} label @param {Range[]} fragments */
  spanAt(label, fragments) {
    const around = this.#reaching(fragments[0][0])
    return around.find((span) => span.label === label && equal(span.fragments, fragments))
  }

  /** All spans in reading order; kept until something changes. */
  get inOrder() {
    this.#order ??= [...this.layer.spans.values()].sort(inReading)
    return this.#order
  }

  /** The layer looks different now, in these objects. @param {Set<string>} ids */
  changed(ids) {
    if (!this.#order) return
    const order = this.#order.filter(({ id }) => !ids.has(id))
    for (const id of ids) {
      const span = this.layer.spans.get(id)
      if (!span) continue
      order.splice(
        countUntil(order, (one) => inReading(one, span) > 0),
        0,
        span,
      )
    }
    this.#order = order
  }

  /** The span after (step 1) or before the one with this id, around the ends.
   * @param {string | null} id
   * @param {1 | -1} step
   * @param {{from?: number, among?: (span: SpanImage) => boolean}} [options] `from`: where to look
   *  from when no span is given
   */
  neighbour(id, step, { from = 0, among = () => true } = {}) {
    const spans = this.inOrder.filter((span) => among(span) || span.id === id)
    if (!spans.length) return null
    const at = spans.findIndex((span) => span.id === id)
    if (at >= 0) return spans[(at + step + spans.length) % spans.length]
    const next = spans.findIndex(({ fragments }) => fragments[0][0] >= from)
    return step > 0
      ? (spans[next] ?? spans[0])
      : (spans[next < 0 ? spans.length - 1 : next - 1] ?? spans.at(-1))
  }

  /** The spans over a code point, innermost first. @param {number} offset */
  over(offset) {
    const size = ({ fragments }) => fragments.reduce((sum, [s, e]) => sum + e - s, 0)
    return this.#reaching(offset)
      .filter(({ fragments }) => fragments.some(([s, e]) => s <= offset && offset < e))
      .sort((a, b) => size(a) - size(b))
  }

  /** Among these are the spans over a code point: from the first that begin before it and end behind
   * it up to the last; the word cursor asks at each step. */
  #reaching(offset) {
    const order = this.inOrder
    if (this.#ends.order !== order) this.#ends = { order, farthest: farthestEnds(order) }
    const from = countUntil(this.#ends.farthest, (end) => end > offset)
    return order.slice(from, countUntil(order, ({ fragments }) => fragments[0][0] > offset))
  }

  /** @param {string} label @param {Range} range @returns {string} the id of the new span */
  place(label, range) {
    const fragments = [range]
    const operation = operations.place({ label, fragments, text: this.article.covered(fragments) })
    this.step(operation)
    return operation.span.id
  }

  /** @param {SpanImage} span @param {string} label */
  retag(span, label) {
    if (span.label !== label) this.step(operations.retag(span.id, label))
  }

  /** Add a range to a span: a further fragment, or more of one it meets. @param {SpanImage} span @param {Range} range */
  addFragment(span, range) {
    return this.#move(span, joined([...span.fragments, range]))
  }

  /** @param {SpanImage} span @param {number} index */
  removeFragment(span, index) {
    if (span.fragments.length > 1) this.#move(span, span.fragments.toSpliced(index, 1))
  }

  /**
   * Move an edge of a span (of its fragment `index`, else of the whole) by one word or grapheme.
   * False when there is no room.
   * @param {SpanImage} span
   * @param {{side: 0 | 1, step: 1 | -1, unit: "word" | "grapheme", index?: number | null}} how
   */
  resize(span, { index = null, ...how }) {
    const at = index ?? (how.side ? span.fragments.length - 1 : 0)
    const fragment = span.fragments[at]
    const edge = edgeMoved(this.article, fragment[how.side], how)
    const moved = /** @type {Range} */ (fragment.with(how.side, edge ?? fragment[how.side]))
    if (edge === null || moved[0] >= moved[1]) return false
    return this.#move(span, joined(span.fragments.with(at, moved)))
  }

  /** Choose a value, or take it back when it is chosen already. @param {SpanImage} span */
  choose(span, attribute, value) {
    const unset = span.attributes[attribute] === value
    this.step(operations.set(span.id, { [attribute]: unset ? null : value }))
  }

  /** Give an attribute a value, or none. @param {SpanImage} span */
  write(span, attribute, value) {
    this.step(operations.set(span.id, { [attribute]: value }))
  }

  /** Go to the next value of an attribute, after the last one to unset. @param {SpanImage} span */
  cycle(span, attribute) {
    const values = this.schema.valuesOf(attribute)
    const next = values[values.indexOf(span.attributes[attribute.key]) + 1] ?? null
    this.step(operations.set(span.id, { [attribute.key]: next }))
  }

  /** @param {SpanImage} span @param {string | null} entity */
  link(span, entity) {
    if (span.entity !== entity) this.step(operations.link(span.id, entity))
  }

  /** The relations that may still be made between two spans, in both directions. */
  relatable(one, other) {
    const there = this.layer.relationsOf(one.id)
    return this.schema
      .between(one, other)
      .filter(({ type, from, to }) => !there.some((r) => isSame(r, type, from, to)))
  }

  /**
   * Join two ends. Where the type allows one only, the new one takes the place of the old.
   * @param {any} type
   * @param {import("./operations.js").From} from
   * @param {import("./operations.js").To} to
   */
  relate(type, from, to) {
    const alike = [...this.layer.relations.values()].filter(
      (one) => one.type === type.key && (one.from.span ?? "") === (from.span ?? ""),
    )
    const replaced = type.max && alike.length >= type.max ? alike.slice(type.max - 1) : []
    this.step(
      ...replaced.map(({ id }) => operations.unrelate(id)),
      operations.relate({ type: type.key, from, to }),
    )
  }

  /** @param {string} id */
  unrelate(id) {
    this.step(operations.unrelate(id))
  }

  /** @param {SpanImage} span */
  remove(span) {
    this.step(operations.remove(span.id))
  }

  /** Take the newest step back; false when none is known here. */
  undo() {
    const group = this.layer.history.done.at(-1)
    if (group) this.step(operations.undo(group))
    return Boolean(group)
  }

  redo() {
    const group = this.layer.history.undone.at(-1)
    if (group) this.step(operations.redo(group))
    return Boolean(group)
  }

  #move(span, fragments) {
    if (equal(fragments, span.fragments)) return false
    this.step(operations.move(span.id, fragments, this.article.covered(fragments)))
    return true
  }

  /** Do these operations as one step; nothing when there are none. @param {...import("./operations.js").Operation} made */
  step(...made) {
    if (made.length) this.#commit(operations.grouped(made))
  }
}

/** How far each span and all before it reach. @param {SpanImage[]} spans in reading order */
function farthestEnds(spans) {
  let farthest = 0
  return spans.map(({ fragments }) => (farthest = Math.max(farthest, fragments.at(-1)[1])))
}

const isSame = (relation, type, from, to) =>
  relation.type === type.key && relation.from.span === from.id && relation.to.span === to.id
