/** What one request may carry at most: the server refuses more. */
export const MOST_OPERATIONS = 200
export const MOST_BYTES = 900_000

/**
 * The first whole groups of `operations` that fit one request; a first group alone when even that
 * is too large (the server then says so).
 * @param {import("./operations.js").Operation[]} operations
 * @param {{operations?: number, bytes?: number}} [most]
 * @returns {import("./operations.js").Operation[]}
 */
export function batchOf(
  operations,
  { operations: most = MOST_OPERATIONS, bytes = MOST_BYTES } = {},
) {
  const batch = []
  let size = 0
  for (const group of groupsOf(operations)) {
    size += sizeOf(group)
    if (batch.length && (batch.length + group.length > most || size > bytes)) break
    batch.push(...group)
  }
  return batch
}

function groupsOf(operations) {
  const groups = []
  for (const operation of operations) {
    if (groups.at(-1)?.[0].group === operation.group) groups.at(-1).push(operation)
    else groups.push([operation])
  }
  return groups
}

const encoder = new TextEncoder()
/** How many bytes operations are on their way. @param {import("./operations.js").Operation[]} group */
export const sizeOf = (group) => encoder.encode(JSON.stringify(group)).length

/**
 * @typedef {"done" | "stale" | "refused" | "malformed" | "signed-out" | "gone" | "later"} Outcome
 */

/**
 * What a reply means. Only JSON that names every operation of the batch is taken as "done": a
 * gateway's friendly page with status 200 is not.
 * @param {number} status
 * @param {any} body parsed JSON, or null
 * @param {{id: string}[]} batch
 * @returns {Outcome}
 */
export function outcomeOf(status, body, batch) {
  if (status === 200) return confirms(body, batch) ? "done" : "later"
  if (status === 401) return "signed-out"
  if (status === 400 || status === 413) return "malformed"
  if (!body?.error) return "later"
  if (status === 404) return "gone"
  if (status === 409) return body.error === "stale" ? "stale" : "refused"
  return status === 422 ? "refused" : "later"
}

function confirms(body, batch) {
  if (!Array.isArray(body?.results) || !Number.isInteger(body.revision)) return false
  const named = new Set(body.results.map(({ id }) => id))
  return batch.every(({ id }) => named.has(id))
}

/**
 * How long to wait before the next try: doubling from half a second to half a minute, each time a
 * random half less, so that a room of browsers does not come back at once.
 * @param {number} failures how many tries failed in a row, from 1
 * @param {number} [chance] from 0 to 1
 * @returns {number} milliseconds
 */
export function waitAfter(failures, chance = Math.random()) {
  return Math.min(30_000, 500 * 2 ** (failures - 1)) * (0.5 + chance / 2)
}
