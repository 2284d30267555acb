import { countBelow } from "./offsets.js"
import * as operations from "./operations.js"
import { hull } from "./segments.js"
import { uuid7 } from "./operations.js"

/**
 * What the machine proposes, and what becomes of it. Nothing of it counts before it is accepted.
 * @typedef {[number, number][]} Fragments
 * @typedef {{fragments: Fragments, text: string[], attributes?: Record<string, unknown>,
 *   entity?: {id: string} | null, outer?: number[] | null}} Words
 * @typedef {Words & {label: string, reason: string, score: number, cue?: Words | null,
 *   speaker?: Words | null}} Suggestion `outer`: what the smallest suggestion of its label around
 *   it spans
 */

const meet = (one, other) => one.some(([s, e]) => other.some(([first, last]) => s < last && first < e))

/** @param {number[]} range @param {number[]} other */
const holds = ([start, end], [first, last]) => start <= first && last <= end

/**
 * The suggestions, each with the `outer` one in which it stands.
 * @param {Suggestion[]} suggestions in text order, the longer of two that begin together first
 */
export function within(suggestions) {
  const around = new Map()
  return suggestions.map((one) => {
    const here = hull(one.fragments)
    const open = (around.get(one.label) ?? []).filter((other) => holds(other, here))
    around.set(one.label, [...open, here])
    return { ...one, outer: open.at(-1) ?? null }
  })
}

/** Whether a span stands for these words: it is on some of them, and not there only because it
 * stands for what is around them. @param {Fragments} fragments of the span @param {Words} words */
const standsFor = (fragments, words) =>
  meet(fragments, words.fragments) && !(words.outer && holds(hull(fragments), words.outer))

/**
 * The suggestions that are neither labelled nor rejected, in text order. Labelled: a span of the
 * same label stands for some of the words. A quote around them leaves a quoted quote open.
 * @param {Suggestion[]} suggestions in text order
 * @param {import("./layer.js").Layer} layer
 */
export function openOnes(suggestions, layer) {
  const spans = [...layer.spans.values()]
  const rejected = new Set([...layer.waivers.values()].map(nameOf))
  const taken = new Map()
  for (const { label } of suggestions)
    if (!taken.has(label))
      taken.set(label, new Stretches(spans.filter((span) => span.label === label)))
  return suggestions.filter(
    (one) => !rejected.has(nameOf(one)) && !taken.get(one.label).isThereFor(one),
  )
}

const nameOf = ({ label, fragments }) => `${label} ${fragments.flat()}`

/** Where spans stand, to be asked often. */
class Stretches {
  #starts
  #furthest = /** @type {number[]} */ ([])

  /** @param {{fragments: Fragments}[]} spans */
  constructor(spans) {
    this.spans = spans
    const pieces = spans.flatMap(({ fragments }) => fragments).sort((a, b) => a[0] - b[0])
    this.#starts = pieces.map(([start]) => start)
    for (const [, end] of pieces)
      this.#furthest.push(Math.max(end, this.#furthest.at(-1) ?? 0))
  }

  /** @param {Words} words */
  isThereFor(words) {
    if (!this.#meets(words.fragments)) return false
    return !words.outer || this.spans.some(({ fragments }) => standsFor(fragments, words))
  }

  #meets(fragments) {
    return fragments.some(([start, end]) => {
      const before = countBelow(this.#starts, end)
      return before > 0 && this.#furthest[before - 1] > start
    })
  }
}

/**
 * What accepting a suggestion does, as one step: the span, and with a quote its cue and its
 * speaker. Spans that stand there already are used as they are.
 * @param {Suggestion} suggestion
 * @param {import("./session.js").Session} session
 * @returns {{id: string, made: import("./operations.js").Operation[]}} `id`: the span's
 */
export function accepted({ cue, speaker, ...words }, session) {
  const { id, made } = placing(words.label, words, session)
  return {
    id,
    made: [
      ...made,
      ...joined(session, id, words.label, "CUED_BY", "CUE", cue),
      ...joined(session, id, words.label, "SPEAKER", "ACTOR", speaker),
    ],
  }
}

/** @param {string} label @param {Words} words @param {import("./session.js").Session} session */
function placing(label, words, session) {
  const { fragments, text, attributes = {}, entity } = words
  const there = [...session.layer.spans.values()].find(
    (span) => span.label === label && standsFor(span.fragments, words),
  )
  if (there) return { id: there.id, made: [] }
  const id = uuid7()
  const span = { id, label, fragments, text, attributes, entity: entity?.id ?? null }
  return { id, made: [operations.place(span)] }
}

/** The other end and the relation to it, where the schema has both. */
function joined(session, id, from, relation, to, words) {
  const type = session.schema.relation(relation)
  if (!words || !type?.from.includes(from) || !type.to.includes(to)) return []
  const end = placing(to, words, session)
  const ends = { from: { span: id }, to: { span: end.id } }
  return [...end.made, operations.relate({ type: relation, ...ends })]
}

/**
 * The first suggestion that begins at or after an offset (step 1), or the last before it (step
 * -1), around the ends; null when there is none.
 * @template {{fragments: Fragments}} T
 * @param {T[]} open in text order
 * @param {number} offset
 * @param {1 | -1} step
 * @returns {T | null}
 */
export function nearest(open, offset, step) {
  if (step > 0) return open.find(({ fragments }) => hull(fragments)[0] >= offset) ?? open[0] ?? null
  return open.findLast(({ fragments }) => hull(fragments)[0] < offset) ?? open.at(-1) ?? null
}
