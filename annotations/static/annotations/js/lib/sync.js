import { batchOf, outcomeOf, waitAfter } from "./sending.js"

/**
 * @typedef {import("./operations.js").Operation} Operation
 * @typedef {"saved" | "saving" | "offline" | "signed-out" | "decision" | "gone"} State
 * @typedef {{status: number, body: any}} Reply status 0: no answer came
 * @typedef {{
 *   post(body: object): Promise<Reply>,
 *   read(): Promise<Reply>,
 *   wait(milliseconds: number, signal: AbortSignal): Promise<void>,
 *   lead(during: () => Promise<void>): void,
 *   channel: {postMessage(message: object): void, onmessage: ((event: {data: any}) => void) | null},
 * }} World what a Sync needs of the browser
 */

/**
 * Brings a draft's pending operations to the server, in order, each until it is confirmed or
 * refused. Of all tabs on one article one leads and sends; the others show what it tells them.
 */
export class Sync {
  #draft
  #outbox
  #world
  #client
  #leads = false
  #busy = false
  #failures = 0
  #one = false
  #halted = /** @type {State | null} */ (null)
  #clash = /** @type {any} */ (null)
  #waiting = new AbortController()
  #safe = new Set()

  /** What the page shows; set by its owner. */
  onstate = (_state) => {}
  onrefused = (_refusal) => {}
  onconflict = (_conflict) => {}
  onsettled = () => {}

  /**
   * @param {import("./draft.js").Draft} draft
   * @param {import("./outbox.js").Outbox} outbox
   * @param {World} world
   * @param {string} client
   */
  constructor(draft, outbox, world, client) {
    this.#draft = draft
    this.#outbox = outbox
    this.#world = world
    this.#client = client
  }

  /** Afterwards unsent work of an earlier page shows again and is on its way. */
  async start() {
    this.#world.channel.onmessage = ({ data }) => this.#hear(data)
    await this.#takeIn()
    this.#tell({ type: "hello" })
    this.#world.lead(() => this.#lead())
  }

  get state() {
    if (this.#halted) return this.#halted
    if (!this.#draft.pending.length) return "saved"
    return this.#failures ? "offline" : "saving"
  }

  /** How many operations are not confirmed. */
  get unsent() {
    return this.#draft.pending.length
  }

  /** How many of them would outlive this page. */
  get kept() {
    return this.#draft.pending.filter(({ operation }) => this.#safe.has(operation.id)).length
  }

  get durable() {
    return this.#outbox.durable
  }

  /** Show operations at once, keep them, send them. @param {Operation[]} operations */
  async commit(operations) {
    const taken = this.#draft.add(operations)
    this.onstate(this.state)
    await this.#keep(taken)
    this.#tell({ type: "added" })
    this.#waiting.abort()
    if (this.#leads) this.#drain()
    return taken
  }

  /** Try now rather than later: the network is back, the person signed in again or is asked to. */
  hurry() {
    this.#waiting.abort()
    if (this.#halted === "signed-out" || this.#halted === "gone") this.#halted = null
    if (!this.#leads) return this.#tell({ type: "hurry" })
    return this.#drain()
  }

  /**
   * Settle a conflict: send the own version over the other, or leave the other as it is.
   * @param {"mine" | "theirs"} choice
   */
  async decide(choice) {
    if (!this.#leads) return this.#tell({ type: "decision", choice })
    if (!this.#clash) return undefined
    const { clashing, operations, revision } = this.#clash
    this.#clash = this.#halted = null
    if (choice === "theirs") await this.#drop(clashing)
    await this.#absorb(operations, revision)
    return this.#drain()
  }

  /** Give up what cannot be sent any more. @returns {Promise<Operation[]>} it */
  async discard() {
    this.#halted = null
    const dropped = await this.#drop(this.#draft.pending.map(({ operation }) => operation.id))
    this.onstate(this.state)
    return dropped
  }

  async #lead() {
    this.#leads = true
    await this.#takeIn()
    await this.#drain()
    await new Promise(() => {}) // leads until the page goes
  }

  async #drain() {
    if (this.#busy) return
    this.#busy = true
    while (this.#draft.pending.length && !this.#halted) await this.#sendSome()
    this.#busy = false
    this.#announce()
  }

  async #sendSome() {
    const pending = this.#draft.pending.map(({ operation }) => operation)
    const batch = batchOf(pending, this.#one ? { operations: 1 } : {})
    const { status, body } = await this.#world.post({
      client: this.#client,
      base: this.#draft.revision,
      operations: batch,
    })
    const outcome = outcomeOf(status, body, batch)
    if (outcome !== "later") this.#failures = 0
    await this.#outcomes[outcome](body, batch)
    this.#announce()
  }

  #outcomes = {
    done: async (body) => {
      this.#one = false
      await this.#settle(body.results, body.revision)
    },
    stale: (body) => this.#meetOthers(body.operations_since, body.revision),
    refused: async (body) => {
      await this.#settle(body.results ?? [], body.revision ?? this.#draft.revision)
      await this.#refuse(body, body.error === "closed" ? this.#pendingIds() : [body.refused])
    },
    malformed: async (body, batch) => {
      const alone = new Set(batch.map(({ group }) => group)).size === 1
      if (alone) await this.#refuse(body ?? {}, [batch[0].id])
      this.#one = !alone
    },
    "signed-out": async () => this.#halt("signed-out"),
    gone: async () => this.#halt("gone"),
    later: async () => {
      this.#failures += 1
      this.#announce()
      this.#waiting = new AbortController()
      await this.#world.wait(waitAfter(this.#failures), this.#waiting.signal)
    },
  }

  async #meetOthers(operations, revision) {
    const clashing = this.#draft.clashes(operations).map(({ operation }) => operation.id)
    if (!clashing.length) return this.#absorb(operations, revision)
    this.#clash = { clashing, operations, revision }
    this.#halt("decision")
    const conflict = { clashing, operations }
    this.#tell({ type: "conflict", conflict })
    return this.onconflict(conflict)
  }

  async #absorb(operations, revision) {
    const mine = new Set(this.#pendingIds())
    this.#draft.absorb(operations, revision)
    this.#tell({ type: "absorbed", operations, revision })
    await this.#outbox.remove(operations.map(({ id }) => id).filter((id) => mine.has(id)))
    await this.#clearLost(mine)
  }

  async #settle(results, revision) {
    if (!results.length) return
    await this.#outbox.remove(results.map(({ id }) => id))
    this.#draft.acknowledge(results, revision)
    this.#tell({ type: "settled", results, revision })
    this.onsettled()
  }

  async #refuse(body, ids) {
    const operations = await this.#drop(ids)
    this.#report({ error: body.error, message: body.message, operations, kept: this.unsent })
  }

  async #drop(ids) {
    const dropped = this.#draft.drop(ids)
    await this.#outbox.remove(dropped.map(({ id }) => id))
    this.#tell({ type: "dropped", ids: dropped.map(({ id }) => id) })
    return dropped
  }

  /** What no longer applies after others' changes was left out of the draft: say so. */
  async #clearLost(before) {
    const waiting = new Set(this.#pendingIds())
    const kept = await this.#outbox.all()
    const lost = kept.filter(({ id }) => before.has(id) && !waiting.has(id))
    if (!lost.length) return
    await this.#outbox.remove(lost.map(({ id }) => id))
    this.#report({ error: "gone", message: "", operations: lost, kept: this.unsent })
  }

  #report(refusal) {
    this.#tell({ type: "refused", refusal })
    this.onrefused(refusal)
  }

  async #takeIn() {
    const kept = /** @type {Operation[]} */ (await this.#outbox.all())
    for (const { id } of kept) this.#safe.add(id)
    this.#draft.add(kept)
    if (this.#leads) await this.#clearLost(new Set(kept.map(({ id }) => id)))
    this.onstate(this.state)
  }

  async #keep(operations) {
    try {
      await this.#outbox.append(operations)
      for (const { id } of operations) this.#safe.add(id)
      this.onstate(this.state)
    } catch {
      const refusal = { error: "storage", message: "", operations: [], kept: this.unsent }
      this.onrefused(refusal)
    }
  }

  #hear({ type, ...message }) {
    return this.#messages[type]?.(message)
  }

  #messages = {
    hello: () => this.#leads && this.#tell({ type: "at", revision: this.#draft.revision }),
    at: ({ revision }) => revision > this.#draft.revision && this.#catchUp(),
    added: async () => {
      await this.#takeIn()
      if (this.#leads) await this.#drain()
    },
    hurry: () => this.#leads && this.hurry(),
    decision: ({ choice }) => this.#leads && this.decide(choice),
    settled: ({ results, revision }) => {
      if (revision > this.#draft.revision + results.length) return this.#catchUp()
      this.#draft.acknowledge(results, revision)
      return this.onsettled()
    },
    absorbed: ({ operations, revision }) => this.#draft.absorb(operations, revision),
    dropped: ({ ids }) => this.#draft.drop(ids),
    refused: ({ refusal }) => this.onrefused(refusal),
    conflict: ({ conflict }) => this.onconflict(conflict),
    state: ({ failures, halted }) => {
      this.#failures = failures
      this.#halted = halted
      this.onstate(this.state)
    },
  }

  /** Read the whole layer again: something was missed. */
  async #catchUp() {
    const { status, body } = await this.#world.read()
    if (status === 200 && body?.assignment) this.#draft.restart(body)
    this.onsettled()
  }

  #pendingIds() {
    return this.#draft.pending.map(({ operation }) => operation.id)
  }

  #halt(state) {
    this.#halted = state
    this.#announce()
  }

  #announce() {
    this.onstate(this.state)
    this.#tell({ type: "state", failures: this.#failures, halted: this.#halted })
  }

  #tell(message) {
    this.#world.channel.postMessage(message)
  }
}
