/** @typedef {typeof import("../later.js").LATER} Later */

let here = /** @type {Later | null} */ (null)
let coming = /** @type {Promise<Later> | null} */ (null)

/** @returns {Promise<Later>} rejects when it cannot be fetched */
function fetchLater() {
  coming ??= import("../later.js").then(
    ({ LATER }) => (here = LATER),
    (fault) => {
      coming = null
      throw fault
    },
  )
  return coming
}

/**
 * Do something with what comes a moment later (see `later.js`): at once when it is here, so that a
 * key does what it did before; else as soon as it has come. `missing` is told when it cannot come now.
 * @template T
 * @param {(later: Later) => T} work
 * @param {() => void} missing
 * @returns {T | Promise<T | void>}
 */
export function withLater(work, missing) {
  if (here) return work(here)
  return fetchLater().then(work, missing)
}
