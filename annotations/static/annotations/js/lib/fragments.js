/** @typedef {[number, number][]} Fragments ordered, disjoint, not touching, never empty */

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
