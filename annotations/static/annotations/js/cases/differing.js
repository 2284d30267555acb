import { joined } from "../lib/segments.js"

/**
 * In what the versions of a case differ.
 * @typedef {import("./standing.js").Case} Case
 * @typedef {import("./standing.js").Version} Version
 * @typedef {[number, number]} Range code points
 * @typedef {{text: string, differs: boolean, gap?: boolean}} Piece
 */

/** The kinds of cases a person can ask for, in the order in which they are offered. */
export const KINDS = ["agreed", "missing", "label", "extent", "entity", "attribute", "relation"]

const ITSELF = new Set(["missing", "label", "extent", "entity", "target"])

/** The kinds that a case is of. @param {Case} one @returns {string[]} */
export function kindsOf({ kind, equal, differs }) {
  if (equal) return ["agreed"]
  if (kind === "relation") return ["relation"]
  const kinds = new Set(differs.map((name) => (isAttribute(name) ? "attribute" : name)))
  return KINDS.filter((one) => kinds.has(one))
}

const isAttribute = (name) => !ITSELF.has(name)

/** The attributes among what a case differs in. @param {Case} one @returns {string[]} */
export const attributesIn = ({ differs }) => differs.filter((name) => isAttribute(name))

/** The share that two spans have in common of all that both cover: 1 where they are equal. */
export function overlap(one, other) {
  const size = (ranges) => ranges.reduce((sum, [start, end]) => sum + end - start, 0)
  const shared = size(common(one, other))
  return shared / (size(one) + size(other) - shared)
}

/** What both cover. @param {Range[]} one @param {Range[]} other @returns {Range[]} */
function common(one, other) {
  return one.flatMap(([start, end]) =>
    other
      .map(([from, to]) => /** @type {Range} */ ([Math.max(start, from), Math.min(end, to)]))
      .filter(([from, to]) => from < to),
  )
}

/**
 * The words of a version in pieces, those that not every version has told apart.
 * @param {Range[]} fragments of the version
 * @param {Range[][]} versions the fragments of each
 * @param {(start: number, end: number) => string} slice of the article
 * @returns {Piece[]}
 */
export function piecesOf(fragments, versions, slice) {
  const shared = joined(versions.reduce(common))
  return fragments.flatMap(([start, end], index) => [
    ...(index ? [{ text: "⋯", differs: false, gap: true }] : []),
    ...cut([start, end], shared).map(([from, to, isShared]) => ({
      text: slice(from, to),
      differs: !isShared,
    })),
  ])
}

/** A range, cut where what is shared begins and ends. */
function cut([start, end], shared) {
  const pieces = []
  let at = start
  for (const [from, to] of common([[start, end]], shared)) {
    if (at < from) pieces.push([at, from, false])
    pieces.push([from, to, true])
    at = to
  }
  if (at < end) pieces.push([at, end, false])
  return pieces
}
