import assert from "node:assert/strict"
import { test } from "node:test"

import { Draft } from "../../annotations/static/annotations/js/lib/draft.js"
import { Layer, predict } from "../../annotations/static/annotations/js/lib/layer.js"
import * as operations from "../../annotations/static/annotations/js/lib/operations.js"
import { memoryOutbox } from "../../annotations/static/annotations/js/lib/outbox.js"
import {
  batchOf,
  outcomeOf,
  waitAfter,
} from "../../annotations/static/annotations/js/lib/sending.js"
import { Sync } from "../../annotations/static/annotations/js/lib/sync.js"
import { atribusi } from "./schema-of.mjs"

const place = (label, start, end) =>
  operations.place({ label, fragments: [[start, end]], text: ["x".repeat(end - start)] })

/** A server with one layer, as the protocol says; `fail` makes the next replies other ones. */
class Server {
  layer = new Layer()
  log = []
  requests = []
  replies = []

  get revision() {
    return this.log.length
  }

  change(operation) {
    const changes = predict(operation, this.layer, atribusi)
    this.layer.apply(operation, changes)
    this.log.push({ ...operation, seq: this.revision + 1, changes })
    return this.log.at(-1)
  }

  receive(body) {
    this.requests.push(body)
    const known = body.operations.filter(({ id }) => this.log.some((one) => one.id === id))
    if (known.length < body.operations.length && body.base + known.length !== this.revision)
      return { status: 409, body: this.stale(body.base) }
    const results = body.operations.map(
      (one) => this.log.find(({ id }) => id === one.id) ?? this.change(one),
    )
    return { status: 200, body: structuredClone({ revision: this.revision, results }) }
  }

  stale(base) {
    const since = this.log.slice(base)
    return structuredClone({ error: "stale", revision: this.revision, operations_since: since })
  }

  async post(body) {
    const reply = this.replies.shift()
    if (reply === "lost") return this.receive(body) && { status: 0, body: null }
    return reply ?? this.receive(body)
  }

  async read() {
    return {
      status: 200,
      body: {
        assignment: { revision: this.revision },
        spans: [...this.layer.spans.values()],
        relations: [...this.layer.relations.values()],
        undo: { undo: this.layer.history.done.at(-1) ?? null, redo: null },
      },
    }
  }
}

/** The tabs of one browser: they share an outbox, hear one another, and the first one leads. */
class Browser {
  outbox = memoryOutbox()
  tabs = []
  waits = []

  constructor(server) {
    this.server = server
  }

  async open() {
    const draft = new Draft(
      new Layer({ spans: this.server.layer.spans.values() }),
      this.server.revision,
      atribusi,
    )
    const channel = { onmessage: null, postMessage: (data) => this.tell(channel, data) }
    const world = {
      post: (body) => this.server.post(body),
      read: () => this.server.read(),
      wait: async (milliseconds) => void this.waits.push(milliseconds),
      lead: (during) => void (this.tabs.length === 1 && during()),
      channel,
    }
    const sync = new Sync(draft, this.outbox, world, "client")
    const tab = { sync, draft, channel, states: [], refusals: [], conflicts: [] }
    sync.onstate = (state) => tab.states.at(-1) === state || tab.states.push(state)
    sync.onrefused = (refusal) => tab.refusals.push(refusal)
    sync.onconflict = (conflict) => tab.conflicts.push(conflict)
    this.tabs.push(tab)
    await sync.start()
    return tab
  }

  tell(from, data) {
    const message = structuredClone(data)
    for (const { channel } of this.tabs)
      if (channel !== from) queueMicrotask(() => channel.onmessage?.({ data: message }))
  }
}

const quiet = () => new Promise((resolve) => setTimeout(resolve, 5))

async function opened(...placed) {
  const server = new Server()
  for (const operation of placed) server.change(operation)
  const browser = new Browser(server)
  return { server, browser, tab: await browser.open() }
}

test("a change is saving until the commit is answered, then saved", async () => {
  const { server, browser, tab } = await opened()
  await tab.sync.commit([place("QUOTE", 0, 5)])
  await quiet()
  assert.deepEqual(tab.states, ["saved", "saving", "saved"])
  assert.equal(server.layer.spans.size, 1)
  assert.deepEqual(await browser.outbox.all(), [])
})

test("without an answer it stays offline, waits longer and longer, and loses nothing", async () => {
  const { server, browser, tab } = await opened()
  server.replies = [
    { status: 0, body: null },
    { status: 503, body: null },
    { status: 0, body: null },
  ]
  await tab.sync.commit([place("QUOTE", 0, 5)])
  await quiet()
  assert.deepEqual(tab.states, ["saved", "saving", "offline", "saved"])
  assert.equal(browser.waits.length, 3)
  assert.equal(server.layer.spans.size, 1)
})

test("a page instead of JSON is not a confirmation", async () => {
  const { server, tab } = await opened()
  server.replies = [
    { status: 200, body: null },
    { status: 200, body: { revision: 9, results: [] } },
  ]
  await tab.sync.commit([place("QUOTE", 0, 5)])
  await quiet()
  assert.deepEqual(tab.states, ["saved", "saving", "offline", "saved"])
  assert.equal(tab.draft.revision, 1)
})

test("an answer lost on the way does not do it twice", async () => {
  const { server, tab } = await opened()
  server.replies = ["lost"]
  await tab.sync.commit([place("QUOTE", 0, 5)])
  await quiet()
  assert.deepEqual([server.revision, tab.draft.revision, tab.sync.state], [1, 1, "saved"])
})

test("two hundred changes made offline arrive in order, in few requests", async () => {
  const { server, tab } = await opened()
  server.replies = Array.from({ length: 300 }, () => ({ status: 0, body: null }))
  const all = Array.from({ length: 250 }, (_, i) => place("ACTOR", i, i + 1))
  for (const one of all) tab.draft.add([one])
  await tab.sync.commit([])
  await quiet()
  assert.deepEqual(
    [...server.layer.spans.keys()],
    all.map(({ span }) => span.id),
  )
  assert.equal(server.requests.length, 2)
})

test("a page opened again shows and sends what the last one left", async () => {
  const { server, browser, tab } = await opened()
  const left = place("QUOTE", 0, 5)
  await browser.outbox.append([left])
  browser.tabs.length = 0
  const again = await browser.open()
  await quiet()
  assert.equal(again.draft.view.spans.size, 1)
  assert.equal(server.layer.spans.size, 1)
  assert.equal(tab.draft.view.spans.size, 0)
})

test("signed out, the work is kept and goes on after signing in", async () => {
  const { server, tab } = await opened()
  server.replies = [{ status: 401, body: { error: "signed_out" } }]
  await tab.sync.commit([place("QUOTE", 0, 5)])
  await quiet()
  assert.deepEqual([tab.sync.state, tab.sync.unsent], ["signed-out", 1])
  await tab.sync.hurry()
  assert.deepEqual([tab.sync.state, server.layer.spans.size], ["saved", 1])
})

test("another's article keeps the work and says so", async () => {
  const { server, tab } = await opened()
  server.replies = [{ status: 404, body: { error: "not_found" } }]
  await tab.sync.commit([place("QUOTE", 0, 5)])
  await quiet()
  assert.deepEqual([tab.sync.state, tab.sync.unsent], ["gone", 1])
  assert.equal((await tab.sync.discard()).length, 1)
  assert.equal(tab.sync.state, "saved")
})

test("a stale layer is met by itself when the changes do not touch", async () => {
  const { server, tab } = await opened(place("ACTOR", 0, 2))
  server.change(place("CUE", 20, 22))
  await tab.sync.commit([place("QUOTE", 5, 9)])
  await quiet()
  assert.equal(tab.sync.state, "saved")
  assert.equal(tab.draft.view.spans.size, 3)
  assert.equal(server.layer.spans.size, 3)
})

async function clashing() {
  const quote = place("QUOTE", 0, 9)
  const { server, tab } = await opened(quote)
  const theirs = operations.set(quote.span.id, { type: "direct" })
  server.change(theirs)
  await tab.sync.commit([operations.set(quote.span.id, { type: "mixed" }), place("CUE", 10, 12)])
  await quiet()
  return { server, tab, id: quote.span.id }
}

test("both versions are shown when two changes touch, and nothing is sent", async () => {
  const { server, tab } = await clashing()
  assert.equal(tab.sync.state, "decision")
  assert.equal(tab.conflicts.length, 1)
  assert.equal(server.layer.spans.size, 1)
})

test("mine is sent over theirs when I say so", async () => {
  const { server, tab, id } = await clashing()
  await tab.sync.decide("mine")
  assert.equal(server.layer.spans.get(id).attributes.type, "mixed")
  assert.equal(server.layer.spans.size, 2)
})

test("theirs stays when I say so, and the rest of my work is sent", async () => {
  const { server, tab, id } = await clashing()
  await tab.sync.decide("theirs")
  assert.equal(server.layer.spans.get(id).attributes.type, "direct")
  assert.equal(tab.draft.view.spans.get(id).attributes.type, "direct")
  assert.equal(server.layer.spans.size, 2)
})

test("what rests on a span removed elsewhere is given up aloud", async () => {
  const quote = place("QUOTE", 0, 9)
  const { server, browser, tab } = await opened(quote)
  server.change(operations.remove(quote.span.id))
  await tab.sync.commit([operations.set(quote.span.id, { type: "mixed" })])
  await quiet()
  await tab.sync.decide("mine")
  assert.equal(tab.refusals.at(-1).error, "gone")
  assert.deepEqual(await browser.outbox.all(), [])
  assert.equal(tab.sync.state, "saved")
})

test("a refusal takes back the one change and says what was kept", async () => {
  const { server, tab } = await opened()
  const [bad, good] = [place("ACTOR", 0, 2), place("QUOTE", 3, 9)]
  const refusal = { error: "schema", message: "No.", refused: bad.id, results: [], revision: 0 }
  server.replies = [{ status: 422, body: refusal }]
  await tab.sync.commit([bad, good])
  await quiet()
  assert.deepEqual([...tab.draft.view.spans.keys()], [good.span.id])
  assert.deepEqual([tab.refusals[0].message, tab.refusals[0].kept], ["No.", 1])
  assert.equal(server.layer.spans.size, 1)
})

test("a submitted layer refuses all at once", async () => {
  const { server, tab } = await opened()
  const one = place("ACTOR", 0, 2)
  const refusal = {
    error: "closed",
    message: "Submitted.",
    refused: one.id,
    results: [],
    revision: 0,
  }
  server.replies = [{ status: 409, body: refusal }]
  await tab.sync.commit([one, place("QUOTE", 3, 9)])
  await quiet()
  assert.equal(tab.refusals[0].operations.length, 2)
  assert.deepEqual([tab.draft.view.spans.size, server.requests.length], [0, 0])
})

test("of a batch the server cannot read only the bad one is given up", async () => {
  const { server, tab } = await opened()
  const [bad, good] = [place("ACTOR", 0, 2), place("QUOTE", 3, 9)]
  const malformed = { status: 400, body: { error: "malformed", message: "?" } }
  server.replies = [malformed, malformed]
  await tab.sync.commit([bad, good])
  await quiet()
  assert.deepEqual([...server.layer.spans.keys()], [good.span.id])
  assert.deepEqual(
    tab.refusals[0].operations.map(({ id }) => id),
    [bad.id],
  )
})

test("a second tab's work is sent by the first and shown in both", async () => {
  const { server, browser, tab } = await opened()
  const other = await browser.open()
  await other.sync.commit([place("QUOTE", 0, 5)])
  await quiet()
  assert.equal(server.requests.length, 1)
  assert.deepEqual([tab.draft.view.spans.size, other.draft.view.spans.size], [1, 1])
  assert.deepEqual([tab.sync.state, other.sync.state], ["saved", "saved"])
  assert.equal(other.draft.revision, 1)
})

test("a tab that missed something reads the layer again", async () => {
  const { server, browser, tab } = await opened()
  const other = await browser.open()
  const channel = other.channel.onmessage
  other.channel.onmessage = null
  await tab.sync.commit([place("QUOTE", 0, 5)])
  await quiet()
  other.channel.onmessage = channel
  await tab.sync.commit([place("ACTOR", 6, 8)])
  await quiet()
  assert.deepEqual([other.draft.revision, other.draft.view.spans.size], [2, 2])
  assert.equal(server.revision, 2)
})

test("a change counts as kept only once the outbox has it", async () => {
  const { server, browser, tab } = await opened()
  server.replies = [{ status: 401, body: { error: "signed_out" } }]
  let written = () => {}
  const append = browser.outbox.append
  browser.outbox.append = async (operations) => {
    await new Promise((resolve) => (written = resolve))
    return append(operations)
  }
  const committed = tab.sync.commit([place("QUOTE", 0, 5)])
  assert.deepEqual([tab.sync.unsent, tab.sync.kept], [1, 0])
  written()
  await committed
  await quiet()
  assert.deepEqual([tab.sync.unsent, tab.sync.kept], [1, 1])
})

test("storage that refuses is said, and the work is sent all the same", async () => {
  const { server, browser, tab } = await opened()
  browser.outbox.append = async () => Promise.reject(new Error("full"))
  await tab.sync.commit([place("QUOTE", 0, 5)])
  await quiet()
  assert.equal(tab.refusals[0].error, "storage")
  assert.equal(server.layer.spans.size, 1)
})

test("a batch never parts a group and stays under the limits", () => {
  const group = operations.grouped([place("ACTOR", 0, 1), place("ACTOR", 1, 2)])
  assert.equal(batchOf([place("CUE", 3, 4), ...group], { operations: 2 }).length, 1)
  assert.equal(batchOf(group, { operations: 1 }).length, 2)
  assert.equal(batchOf([place("CUE", 0, 900), place("CUE", 0, 900)], { bytes: 1500 }).length, 1)
})

test("waiting doubles up to half a minute, never all at the same moment", () => {
  assert.deepEqual([waitAfter(1, 1), waitAfter(3, 1), waitAfter(20, 1)], [500, 2000, 30000])
  assert.equal(waitAfter(1, 0), 250)
})

test("each answer means one thing", () => {
  const batch = [{ id: "a" }]
  const meaning = (status, body) => outcomeOf(status, body, batch)
  assert.equal(meaning(200, { revision: 1, results: [{ id: "a" }] }), "done")
  assert.equal(meaning(409, { error: "stale" }), "stale")
  assert.equal(meaning(409, { error: "text" }), "refused")
  assert.equal(meaning(422, { error: "schema" }), "refused")
  assert.equal(meaning(404, { error: "not_found" }), "gone")
  assert.equal(meaning(404, null), "later")
  assert.equal(meaning(413, null), "malformed")
  assert.equal(meaning(403, null), "later")
  assert.equal(meaning(429, { error: "slow" }), "later")
})
