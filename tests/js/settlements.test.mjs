import assert from "node:assert/strict"
import { test } from "node:test"

import { settledWords, stepWords } from "../../annotations/static/annotations/js/cases/history.js"
import { objectWords } from "../../annotations/static/annotations/js/desk/wording.js"
import { Draft } from "../../annotations/static/annotations/js/lib/draft.js"
import { Layer, predict } from "../../annotations/static/annotations/js/lib/layer.js"
import * as operations from "../../annotations/static/annotations/js/lib/operations.js"
import { articleOf } from "./article-of.mjs"
import { atribusi } from "./schema-of.mjs"
import { sessionOf } from "./session-of.mjs"

const OF = [{ layer: 12, span: "theirs" }, { layer: 14, span: "others" }]
const RELATIONS = [{ layer: 12, relation: "theirs" }]

function desk() {
  const { session, draft } = sessionOf(articleOf("id", "Laras menolak. “Kami!”"))
  const speaker = (from, to) => {
    const made = operations.relate({ type: "SPEAKER", from: { span: from }, to: { span: to } })
    session.step(made)
    return made.relation.id
  }
  const settle = (given) => {
    const made = operations.settle(given)
    session.step(made)
    return made.settlement
  }
  const settled = () => [...session.layer.settlements.keys()]
  return { session, draft, speaker, settle, settled }
}

test("a version is taken and settled in one step, and taken back in one", () => {
  const { session, settled } = desk()
  const place = operations.place({ label: "ACTOR", fragments: [[0, 5]], text: ["Laras"] })
  const result = { span: place.span.id }
  const settle = operations.settle({ of: OF, decision: "take", took: 12, result })
  session.step(place, settle)
  assert.deepEqual(session.layer.settlements.get(settle.settlement.id), {
    id: settle.settlement.id, of: OF, decision: "take", took: 12, result, reason: "",
  })
  session.undo()
  assert.deepEqual([session.layer.spans.size, settled()], [0, []])
  session.redo()
  assert.deepEqual(settled(), [settle.settlement.id])
})

test("a settlement is withdrawn by its id", () => {
  const { settle, settled, session } = desk()
  const { id } = settle({ of: OF, decision: "none", reason: "bukan pelaku" })
  settle({ id, of: OF, decision: null })
  assert.deepEqual(settled(), [])
  session.undo()
  assert.equal(session.layer.settlements.get(id).reason, "bukan pelaku")
})

test("removing a span takes along what it came of, and undo brings both back", () => {
  const { session, settle, settled } = desk()
  const span = session.place("ACTOR", [0, 5])
  const { id } = settle({ of: OF, decision: "equal", result: { span } })
  const other = settle({ of: [OF[1]], decision: "none" })
  session.remove(session.span(span))
  assert.deepEqual(settled(), [other.id])
  session.undo()
  assert.deepEqual(settled(), [other.id, id])
})

for (const [verb, away] of Object.entries({
  unrelate: ({ relation }) => operations.unrelate(relation),
  remove: ({ actor }) => operations.remove(actor),
  retag: ({ quote }) => operations.retag(quote, "CUE"),
})) {
  test(`a settlement goes with a relation that came of it: ${verb}`, () => {
    const { session, speaker, settle, settled } = desk()
    const ids = { actor: session.place("ACTOR", [0, 5]), quote: session.place("QUOTE", [15, 22]) }
    const relation = speaker(ids.quote, ids.actor)
    const { id } = settle({ of: RELATIONS, decision: "merge", result: { relations: [relation] } })
    session.step(away({ ...ids, relation }))
    assert.deepEqual([settled(), session.layer.relations.size], [[], 0])
    session.undo()
    assert.deepEqual(settled(), [id])
  })
}

test("what came of it must be there", () => {
  const { session, settle, settled } = desk()
  settle({ of: OF, decision: "merge", result: { span: "nobody" } })
  settle({ of: RELATIONS, decision: "merge", result: { relations: ["nothing"] } })
  assert.deepEqual(settled(), [])
  const withdrawal = operations.settle({ id: "unknown", of: OF, decision: null })
  assert.equal(predict(withdrawal, session.layer, atribusi), null)
})

test("a settlement clashes with a removal elsewhere of what came of it", () => {
  const span = operations.place({ label: "ACTOR", fragments: [[0, 5]], text: ["Laras"] }).span
  const draft = new Draft(new Layer({ spans: [span] }), 0, atribusi)
  draft.add([operations.settle({ of: OF, decision: "merge", result: { span: span.id } })])
  const theirs = { ...operations.remove(span.id), seq: 1 }
  const changes = predict(theirs, draft.base, atribusi)
  assert.equal(draft.clashes([{ ...theirs, changes }]).length, 1)
})

test("a layer read anew has its settlements", () => {
  const { settlement } = operations.settle({ of: OF, decision: "none" })
  const layer = new Layer({ settlements: [{ ...settlement, author: "Rina", at: "" }] })
  assert.deepEqual([...layer.copy().settlements.keys()], [settlement.id])
  assert.deepEqual([...layer.differences(new Layer())], [settlement.id])
})

test("every change is told in words, whatever it is about", () => {
  const { session } = desk()
  const span = session.place("ACTOR", [0, 5])
  const view = { session, schema: atribusi, describe: ({ text }) => text.join() }
  const told = (kind, after) => objectWords(view, { kind, id: "", before: null, after })
  assert.equal(told("span", session.span(span)), "Laras")
  assert.equal(told("note", { text: "ragu" }), "“\u2068ragu\u2069”")
  assert.equal(told("flag", { flags: ["unsure", "discuss"] }), "unsure, to discuss")
  assert.equal(told("waiver", { text: ["Laras"] }), "Laras")
  assert.equal(told("relation", { type: "SPEAKER" }), atribusi.nameOf(atribusi.relation("SPEAKER")))
})

test("a settlement is told by what came of it, and how", () => {
  const { session } = desk()
  const span = session.place("ACTOR", [0, 5])
  const view = { session, schema: atribusi, describe: ({ text }) => text.join() }
  view.cases = { wordsOf: (settlement) => settledWords(view, settlement) }
  const told = (after) => objectWords(view, { kind: "settlement", id: "", before: null, after })
  assert.equal(told({ decision: "none", result: null }), "nothing kept")
  assert.equal(told({ decision: "merge", result: { span } }), "Laras (a version of its own)")
  assert.equal(told({ decision: "equal", result: { relations: ["x"] } }), "all agree")
})

test("a step that places and settles has settled; one that only takes settlements back has not", () => {
  const settle = (after) => ({ op: "settle", changes: [{ after }] })
  const place = { op: "place", changes: [{ after: {} }] }
  assert.equal(stepWords([place, settle({})]), "Settled")
  assert.equal(stepWords([settle(null)]), "Settlement taken back")
  assert.equal(stepWords([place]), null)
})
