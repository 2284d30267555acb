import { cameOf, Layer, predict } from "./layer.js"

/**
 * @typedef {import("./operations.js").Operation} Operation
 * @typedef {import("./layer.js").Change} Change
 * @typedef {{operation: Operation, changes: Change[]}} Pending
 */

/**
 * A layer as its annotator sees it: what the server has (`base`, at `revision`) and, on top, what
 * is still on its way. Shown at once, taken back exactly when the server refuses.
 */
export class Draft {
  /** @type {Pending[]} */
  pending = []

  /**
   * @param {Layer} base
   * @param {number} revision
   * @param {import("./schema.js").Schema} schema
   * @param {(ids: Set<string>) => void} onchange called with the ids of what now looks different
   */
  constructor(base, revision, schema, onchange = () => {}) {
    this.base = base
    this.schema = schema
    this.view = base.copy()
    this.revision = revision
    this.onchange = onchange
  }

  /**
   * Afterwards the operations show, and wait for the server. Those that no longer apply are left
   * out; the ones that do are returned.
   * @param {Operation[]} operations
   * @returns {Operation[]}
   */
  add(operations) {
    const known = new Set(this.pending.map(({ operation }) => operation.id))
    const fresh = operations.filter(({ id }) => !known.has(id))
    const taken = fresh.filter((operation) => this.#show(operation))
    this.#report(this.pending.slice(this.pending.length - taken.length))
    return taken
  }

  /**
   * The server has committed these operations, with these changes, at this revision.
   * @param {{id: string, changes: Change[]}[]} results
   * @param {number} revision
   */
  acknowledge(results, revision) {
    const byId = new Map(this.pending.map((one) => [one.operation.id, one]))
    let exact = true
    for (const { id, changes } of results) {
      const waiting = byId.get(id)
      if (!waiting) continue
      exact &&= same(waiting.changes, changes) && this.pending[0] === waiting
      this.base.apply(waiting.operation, changes)
      this.pending.splice(this.pending.indexOf(waiting), 1)
    }
    this.revision = Math.max(this.revision, revision)
    if (!exact) this.#rebuild()
  }

  /**
   * Operations from elsewhere (another browser, the API) that the server committed meanwhile.
   * @param {(Operation & {changes: Change[]})[]} operations
   * @param {number} revision
   */
  absorb(operations, revision) {
    const mine = new Set(this.pending.map(({ operation }) => operation.id))
    this.acknowledge(
      operations.filter(({ id }) => mine.has(id)),
      this.revision,
    )
    const others = operations.filter(({ id, seq }) => !mine.has(id) && seq > this.revision)
    for (const { changes, ...operation } of others) this.base.apply(operation, changes)
    this.revision = Math.max(this.revision, revision)
    if (others.length) this.#rebuild()
  }

  /** The layer was read anew: what is pending is shown on top of that.
   * @param {import("./layer.js").Objects & {assignment: {revision: number},
   *   undo: {undo: string | null, redo: string | null}}} state
   */
  restart(state) {
    this.base = new Layer(state, this.base.history.at(state.undo))
    this.revision = state.assignment.revision
    this.#rebuild()
  }

  /** Take pending operations back, with their whole groups and all that rests on them.
   * @param {Iterable<string>} ids
   * @returns {Operation[]} what was taken back
   */
  drop(ids) {
    const refused = new Set(ids)
    const groups = new Set(
      this.pending.filter((one) => refused.has(one.operation.id)).map((one) => one.operation.group),
    )
    const before = this.pending.map(({ operation }) => operation)
    this.pending = this.pending.filter(({ operation }) => !groups.has(operation.group))
    this.#rebuild()
    const kept = new Set(this.pending.map(({ operation }) => operation.id))
    return before.filter(({ id }) => !kept.has(id))
  }

  /** The pending operations that touch an object which `operations` changed, too.
   * @param {(Operation & {changes: Change[]})[]} operations
   */
  clashes(operations) {
    const mine = new Set(this.pending.map(({ operation }) => operation.id))
    const others = operations.filter(({ id, seq }) => !mine.has(id) && seq > this.revision)
    const theirs = new Set(others.flatMap(({ changes }) => changes.map(({ id }) => id)))
    return this.pending.filter((one) => touched(one).some((id) => theirs.has(id)))
  }

  #show(operation) {
    const changes = predict(operation, this.view, this.schema)
    if (!changes) return false
    this.view.apply(operation, changes)
    this.pending.push({ operation, changes })
    return true
  }

  #rebuild() {
    const shown = this.view
    const waiting = this.pending
    this.view = this.base.copy()
    this.pending = []
    const lost = new Set()
    for (const { operation } of waiting) {
      if (lost.has(operation.group) || !this.#show(operation)) lost.add(operation.group)
    }
    const halved = this.pending.some(({ operation }) => lost.has(operation.group))
    if (halved) return this.#rebuildWithout(lost, shown)
    return this.onchange(shown.differences(this.view))
  }

  #rebuildWithout(lost, shown) {
    this.pending = this.pending.filter(({ operation }) => !lost.has(operation.group))
    this.view = shown
    this.#rebuild()
  }

  #report(pending) {
    const ids = new Set(pending.flatMap(({ changes }) => changes.map(({ id }) => id)))
    if (pending.length) this.onchange(ids)
  }
}

/** The ids an operation reads or writes: what it changes, and what it hangs on. @param {Pending} pending */
function touched({ operation: { relation, note, flag, settlement }, changes }) {
  const settled = settlement ? cameOf(settlement) : []
  const on = [relation?.from?.span, relation?.to?.span, note?.span, flag?.span, ...settled]
  return [...changes.map(({ id }) => id), ...on.filter(Boolean)]
}

function same(one, other) {
  return canonical(one) === canonical(other)
}

function canonical(value) {
  return JSON.stringify(value, (_, inner) =>
    inner && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
