import { countBelow } from "./offsets.js"

/**
 * @typedef {[number, number][]} Fragments ordered, disjoint, not touching, never empty
 * @typedef {{start: number, end: number, spans: number[]}} Run `spans`: indexes, innermost first
 */

/**
 * Overlapping spans as flat runs over the window [start, end); the same algorithm as
 * `annotations/text/segments.py`, proved on the same vectors (`tests/vectors/segments.json`).
 * Of two spans on one code point the longer lies in the higher lane, further from the text.
 * @param {Fragments[]} spans
 * @param {number} start
 * @param {number} end
 * @returns {{runs: Run[], lanes: (number | null)[]}}
 */
export function flatten(spans, start, end) {
  const clipped = spans.map((fragments) => clip(fragments, start, end))
  const insideOut = rank(spans, clipped)
  const edges = [...new Set([start, end, ...clipped.flat(2)])].sort((a, b) => a - b)
  const slots = clipped.map((parts) => slotsOf(edges, parts))
  return { runs: runsOf(edges, slots, insideOut), lanes: lanesOf(slots, insideOut) }
}

function clip(fragments, start, end) {
  return fragments
    .filter(([first, last]) => first < end && last > start)
    .map(([first, last]) => [Math.max(first, start), Math.min(last, end)])
}

function rank(spans, clipped) {
  const size = spans.map((fragments) => fragments.reduce((sum, [s, e]) => sum + e - s, 0))
  const here = spans.map((_, index) => index).filter((index) => clipped[index].length)
  return here.sort((a, b) => size[a] - size[b] || spans[b][0][0] - spans[a][0][0] || a - b)
}

function slotsOf(edges, parts) {
  const slots = []
  for (const [first, last] of parts) {
    const end = countBelow(edges, last)
    for (let slot = countBelow(edges, first); slot < end; slot += 1) slots.push(slot)
  }
  return slots
}

function runsOf(edges, slots, insideOut) {
  const over = edges.map(() => [])
  for (const index of insideOut) for (const slot of slots[index]) over[slot].push(index)
  return edges
    .slice(0, -1)
    .map((start, slot) => ({ start, end: edges[slot + 1], spans: over[slot] }))
}

function lanesOf(slots, insideOut) {
  const lanes = slots.map(() => null)
  const free = []
  for (const index of insideOut) {
    const lane = Math.max(...slots[index].map((slot) => free[slot] ?? 0))
    for (const slot of slots[index]) free[slot] = lane + 1
    lanes[index] = lane
  }
  return lanes
}

/** The same code points as fragments in order; what touches or overlaps becomes one. @param {Fragments} fragments */
export function joined(fragments) {
  const found = []
  for (const [start, end] of [...fragments].sort((a, b) => a[0] - b[0])) {
    const last = found.at(-1)
    if (last && start <= last[1]) last[1] = Math.max(last[1], end)
    else found.push([start, end])
  }
  return found
}

/** Where a span begins and ends, gaps included. @param {Fragments} fragments */
export const hull = (fragments) => [fragments[0][0], fragments.at(-1)[1]]

/** @param {Fragments} one @param {Fragments} other */
export const equal = (one, other) => one.flat().join() === other.flat().join()

/** @param {Fragments} fragments @param {number} offset */
export const covers = (fragments, offset) => fragments.some(([s, e]) => s <= offset && offset < e)

const SIGNS = { favor: "+", against: "−", neutral: "○", mixed: "±" }

/** The small letters at the beginning of a span: its label's, and the sign of its stance. */
export function badgeOf(span, label) {
  return (label?.letter ?? "?") + (SIGNS[span.attributes.polarity] ?? "")
}
