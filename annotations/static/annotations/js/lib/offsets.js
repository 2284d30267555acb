/**
 * How many items of a sorted list come before the first for which `reached` holds.
 * @template T
 * @param {ArrayLike<T>} sorted
 * @param {(item: T) => boolean} reached false for a first stretch of the list, then true
 * @returns {number}
 */
export function countUntil(sorted, reached) {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (reached(sorted[middle])) high = middle
    else low = middle + 1
  }
  return low
}

/** @param {ArrayLike<number>} sorted @param {number} value @returns {number} */
export function countBelow(sorted, value) {
  return countUntil(sorted, (item) => item >= value)
}

const SURROGATE = /[\ud800-\udfff]/

/**
 * One stretch of text, counted both ways: in code points, as everything in Kutip counts, and in
 * UTF-16 units, as the browser does. The only place where the two meet.
 */
export class TextIndex {
  #astral

  /** @param {string} text */
  constructor(text) {
    this.text = text
    this.#astral = SURROGATE.test(text) ? astralOf(text) : []
    this.length = text.length - this.#astral.length
  }

  /** The UTF-16 offset of a code point offset. @param {number} offset @returns {number} */
  toUnits(offset) {
    return offset + countBelow(this.#astral, offset)
  }

  /**
   * The code point offset of a UTF-16 offset; one inside a surrogate pair counts as before it.
   * @param {number} units
   * @returns {number}
   */
  toCodePoints(units) {
    const astral = this.#astral
    if (!astral.length) return units
    let low = 0
    let high = astral.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (astral[middle] + middle < units) low = middle + 1
      else high = middle
    }
    return units - low
  }

  /** @param {number} start @param {number} end in code points @returns {string} */
  slice(start, end) {
    return this.text.slice(this.toUnits(start), this.toUnits(end))
  }
}

/** The code point offsets of all characters that take two units. @param {string} text */
function astralOf(text) {
  const found = []
  let offset = 0
  for (const character of text) {
    if (character.length === 2) found.push(offset)
    offset += 1
  }
  return found
}

/**
 * Which of the stretches that begin at `starts` holds `offset`.
 * @param {ArrayLike<number>} starts sorted
 * @param {number} offset
 */
export function stretchAt(starts, offset) {
  return Math.max(0, countUntil(starts, (start) => start > offset) - 1)
}
