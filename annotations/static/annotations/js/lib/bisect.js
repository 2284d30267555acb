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
