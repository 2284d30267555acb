import { equal, hull } from "../lib/segments.js"
import { kindsOf, overlap } from "./differing.js"
import { ARTICLE, isOpen, spanIn, standingOf } from "./standing.js"

/**
 * @typedef {import("./standing.js").Case} Case
 * @typedef {import("./standing.js").Target} Target
 * @typedef {import("../lib/operations.js").SpanImage} SpanImage
 * @typedef {{span: string} | {entity: string}} End
 */

/** What a span in gold must share with a version to be that case's, where nobody has said so. */
const ALIKE = 0.5

/** The cases of an article beside its gold layer, as both are at one moment. */
export class Board {
  #byId
  #numbers

  /**
   * @param {Case[]} cases in the order of the text
   * @param {import("../lib/layer.js").Layer} layer the gold layer
   * @param {import("../lib/schema.js").Schema} schema
   * @param {Set<string>} [outdated] settlements about something that its layer changed since
   */
  constructor(cases, layer, schema, outdated = new Set()) {
    this.cases = cases
    this.layer = layer
    this.schema = schema
    this.outdated = outdated
    this.standings = standingOf(cases, layer, outdated)
    this.#byId = new Map(cases.map((one) => [one.id, one]))
    this.open = cases.filter((one) => this.isOpen(one))
    this.numbered = cases.filter((one) => this.#counts(one))
    this.#numbers = new Map(this.numbered.map((one, place) => [one, place + 1]))
  }

  /** The same cases beside another layer. @param {import("../lib/layer.js").Layer} layer */
  with(layer) {
    return new Board(this.cases, layer, this.schema, this.outdated)
  }

  /** @param {string | null} id @returns {Case | null} */
  case(id) {
    return this.#byId.get(id) ?? null
  }

  /** @param {Case} one */
  standing(one) {
    return this.standings.get(one.id)
  }

  /** @param {Case} one */
  isOpen(one) {
    return isOpen(this.standing(one))
  }

  /** Those that wait for a decision: what settles itself with others is not among them. */
  get left() {
    return this.numbered.filter((one) => this.isOpen(one))
  }

  /** What all agree on and what settles itself has no number. */
  #counts(one) {
    return !one.equal || (this.isOpen(one) && this.isReady(one))
  }

  /** The number of a case, from 1; 0 where it has none. @param {Case} one */
  number(one) {
    return this.#numbers.get(one) ?? 0
  }

  /** Whether it can be settled now: a relation once its ends are. @param {Case} one */
  isReady({ kind, from, versions }) {
    if (kind === "span") return true
    const ends = versions.flatMap(({ to }) => to).map((to) => this.endOf(to))
    return this.sourceOf({ from }) !== undefined && !ends.includes(undefined)
  }

  /** Where the relations of a case begin in the gold layer: a span or the article; null: at nothing,
   * undefined: that is not settled yet. @param {{from?: string}} one
   * @returns {import("../lib/operations.js").From | null | undefined} */
  sourceOf({ from }) {
    return from === ARTICLE ? { article: true } : this.#settledEnd(from)
  }

  /** Where a target is in the gold layer; null and undefined as for a source.
   * @param {Target} to @returns {End | null | undefined} */
  endOf(to) {
    return to.entity ? { entity: to.entity.id } : this.#settledEnd(to.case)
  }

  #settledEnd(id) {
    const { settlement } = this.standings.get(id) ?? {}
    if (!settlement) return undefined
    const span = spanIn(settlement)
    return span && { span }
  }

  /** The span of the gold layer that a span case has come to so far: by a settlement, or because it
   * stands where one of its versions does. @param {Case} one @returns {SpanImage | null} */
  spanOf(one) {
    const results = this.standing(one).touching.map((each) => this.layer.spans.get(spanIn(each)))
    return results.findLast(Boolean) ?? this.#alike(one)
  }

  #alike({ versions }) {
    const claimed = new Set([...this.layer.settlements.values()].map(spanIn))
    const free = [...this.layer.spans.values()].filter(({ id }) => !claimed.has(id))
    const likeness = (span) =>
      Math.max(...versions.map((version) => likenessOf(span, version.span)))
    const found = free
      .map((span) => ({ span, alike: likeness(span) }))
      .filter(({ alike }) => alike >= ALIKE)
    return found.sort((a, b) => b.alike - a.alike)[0]?.span ?? null
  }

  /** The relations that the gold layer has where a relation case has its own. @param {Case} one */
  relationsOf(one) {
    const from = this.sourceOf(one)
    if (!from) return []
    const begins = (relation) =>
      from.span ? relation.from.span === from.span : relation.from.article
    return [...this.layer.relations.values()].filter(
      ({ type, ...rest }) => type === one.type && begins(rest),
    )
  }

  /** The cases that are shown: of some kinds (null: all that have a number), maybe only open ones.
   * @param {{kind: string | null, onlyOpen: boolean}} filter */
  shown({ kind, onlyOpen }) {
    const some = kind ? this.cases.filter((one) => kindsOf(one).includes(kind)) : this.numbered
    return onlyOpen ? some.filter((one) => this.isOpen(one)) : some
  }

  /** The case that shares most with a place of the text. @param {number} start @param {number} end @returns {Case | null} */
  at(start, end) {
    const likeness = ({ range }) => (range[1] > range[0] ? overlap([range], [[start, end]]) : 0)
    const found = this.cases
      .map((one) => ({ one, alike: likeness(one) }))
      .filter(({ alike }) => alike > 0)
    return found.sort((a, b) => b.alike - a.alike)[0]?.one ?? null
  }

  /** How many cases there are of each kind. @param {boolean} onlyOpen @returns {Map<string, number>} */
  counts(onlyOpen) {
    const counts = new Map()
    for (const one of onlyOpen ? this.open : this.cases)
      for (const kind of kindsOf(one)) counts.set(kind, (counts.get(kind) ?? 0) + 1)
    return counts
  }

  /** The next open case from one on, around the ends; those that can be settled now come first.
   * @param {Case | null} from @param {1 | -1} step @param {Case[]} among */
  nextOpen(from, step, among) {
    const open = among.filter((one) => this.isOpen(one) && one !== from)
    const ready = open.filter((one) => this.isReady(one))
    return neighbour(ready.length ? ready : open, this.cases.indexOf(from), step, this.cases)
  }
}

/** The first of `some` that stands behind (step 1) or before a place among all, around the ends.
 * @param {Case[]} some @param {number} place @param {1 | -1} step @param {Case[]} all @returns {Case | null} */
export function neighbour(some, place, step, all) {
  const at = (one) => all.indexOf(one)
  if (step > 0) return some.find((one) => at(one) > place) ?? some[0] ?? null
  return some.findLast((one) => at(one) < place) ?? some.at(-1) ?? null
}

/** 1 where a span stands exactly as a version says, less where it only overlaps with it. */
function likenessOf(span, shape) {
  if (span.label !== shape.label) return 0
  if (equal(span.fragments, shape.fragments)) return 1
  const [first, last] = hull(shape.fragments)
  const isNear = span.fragments[0][0] < last && span.fragments.at(-1)[1] > first
  return isNear ? overlap(span.fragments, shape.fragments) * 0.99 : 0
}
