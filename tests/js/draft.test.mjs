import assert from "node:assert/strict"
import { test } from "node:test"

import { Draft } from "../../annotations/static/annotations/js/lib/draft.js"
import { History, Layer, predict } from "../../annotations/static/annotations/js/lib/layer.js"
import * as operations from "../../annotations/static/annotations/js/lib/operations.js"
import { atribusi } from "./schema-of.mjs"

const place = (label, start, end) =>
  operations.place({ label, fragments: [[start, end]], text: ["x".repeat(end - start)] })

function draftOf(...placed) {
  const draft = new Draft(new Layer({ spans: placed.map(({ span }) => span) }), 0, atribusi)
  draft.seen = []
  draft.onchange = (ids) => draft.seen.push(...ids)
  return draft
}

/** What the server would answer to the pending operations, from `seq` on. */
const answers = (draft, seq = 1) =>
  draft.pending.map(({ operation, changes }, i) => ({ ...operation, seq: seq + i, changes }))

test("an operation shows at once and is pending", () => {
  const draft = draftOf()
  const quote = place("QUOTE", 0, 5)
  draft.add([quote])
  assert.deepEqual(draft.view.spans.get(quote.span.id), quote.span)
  assert.equal(draft.base.spans.size, 0)
  assert.deepEqual(draft.seen, [quote.span.id])
})

test("confirmed as predicted, nothing is painted again", () => {
  const draft = draftOf()
  draft.add([place("QUOTE", 0, 5), place("ACTOR", 0, 2)])
  draft.seen.length = 0
  draft.acknowledge(structuredClone(answers(draft)), 2)
  assert.deepEqual([draft.pending.length, draft.revision, draft.base.spans.size], [0, 2, 2])
  assert.deepEqual(draft.seen, [])
})

test("what the server made of it replaces what was shown", () => {
  const draft = draftOf()
  const quote = place("QUOTE", 0, 5)
  draft.add([quote])
  const after = { ...quote.span, attributes: { type: "mixed" } }
  draft.acknowledge(
    [{ ...quote, changes: [{ kind: "span", id: after.id, before: null, after }] }],
    1,
  )
  assert.deepEqual(draft.view.spans.get(after.id), after)
})

test("a refused operation is taken back with its group and all that rests on it", () => {
  const draft = draftOf()
  const actor = place("ACTOR", 0, 2)
  const quote = place("QUOTE", 3, 9)
  const speaker = operations.relate({
    type: "SPEAKER",
    from: { span: quote.span.id },
    to: { span: actor.span.id },
  })
  const later = place("CUE", 10, 12)
  draft.add([actor, quote, speaker, later])
  const dropped = draft.drop([quote.id])
  assert.deepEqual(
    dropped.map(({ id }) => id),
    [quote.id, speaker.id],
  )
  assert.deepEqual([...draft.view.spans.keys()], [actor.span.id, later.span.id])
  assert.equal(draft.view.relations.size, 0)
})

test("a group of which one operation is lost is lost whole", () => {
  const gone = place("ACTOR", 0, 2)
  const kept = place("ACTOR", 4, 6)
  const draft = draftOf(gone, kept)
  draft.add(
    operations.grouped([
      operations.set(kept.span.id, { form: "name" }),
      operations.set(gone.span.id, { form: "name" }),
    ]),
  )
  const removal = { ...operations.remove(gone.span.id), seq: 1 }
  draft.absorb([{ ...removal, changes: predict(removal, draft.base, atribusi) }], 1)
  assert.deepEqual(draft.view.spans.get(kept.span.id).attributes, {})
  assert.equal(draft.pending.length, 0)
})

test("changes from elsewhere go below what is pending", () => {
  const draft = draftOf(place("ACTOR", 0, 2))
  const mine = place("QUOTE", 3, 9)
  draft.add([mine])
  const theirs = { ...place("CUE", 10, 12), seq: 1 }
  const changes = predict(theirs, draft.base, atribusi)
  assert.equal(draft.clashes([{ ...theirs, changes }]).length, 0)
  draft.absorb([{ ...theirs, changes }], 1)
  assert.equal(draft.view.spans.size, 3)
  assert.deepEqual([draft.revision, draft.pending.length], [1, 1])
})

test("a clash is found on the object itself and on the end of a relation", () => {
  const actor = place("ACTOR", 0, 2)
  const quote = place("QUOTE", 3, 9)
  const draft = draftOf(actor, quote)
  draft.add([
    operations.relate({
      type: "SPEAKER",
      from: { span: quote.span.id },
      to: { span: actor.span.id },
    }),
  ])
  const theirs = { ...operations.remove(actor.span.id), seq: 1 }
  const changes = predict(theirs, draft.base, atribusi)
  assert.equal(draft.clashes([{ ...theirs, changes }]).length, 1)
})

test("own operations that come back among others' are confirmed", () => {
  const draft = draftOf()
  draft.add([place("ACTOR", 0, 2)])
  const [mine] = answers(draft)
  assert.equal(draft.clashes([mine]).length, 0)
  draft.absorb([mine], 1)
  assert.deepEqual([draft.pending.length, draft.revision, draft.base.spans.size], [0, 1, 1])
})

test("retagging drops what the new label cannot have, as the server does", () => {
  const stance = place("STANCE", 0, 5)
  const actor = place("ACTOR", 6, 9)
  const draft = draftOf(stance, actor)
  draft.add([
    operations.set(stance.span.id, { polarity: "favor" }),
    operations.relate({
      type: "HOLDER",
      from: { span: stance.span.id },
      to: { span: actor.span.id },
    }),
    operations.retag(stance.span.id, "QUOTE"),
  ])
  assert.deepEqual(draft.view.spans.get(stance.span.id).attributes, {})
  assert.equal(draft.view.relations.size, 0)
})

test("undo takes a group back, redo brings it again, a new change ends the redoing", () => {
  const draft = draftOf()
  const quote = place("QUOTE", 0, 5)
  const typed = operations.set(quote.span.id, { type: "direct" })
  draft.add([quote, typed])
  draft.add([operations.undo(typed.group)])
  assert.deepEqual(draft.view.spans.get(quote.span.id).attributes, {})
  draft.add([operations.undo(quote.group)])
  assert.equal(draft.view.spans.size, 0)
  assert.deepEqual(draft.view.history.undone, [typed.group, quote.group])
  draft.add([operations.redo(quote.group), operations.redo(typed.group)])
  assert.deepEqual(draft.view.spans.get(quote.span.id).attributes, { type: "direct" })
  draft.add([operations.undo(typed.group), place("ACTOR", 7, 9)])
  assert.deepEqual(draft.view.history.undone, [])
})

test("a change of an earlier page is undone by name, and known once the server answered", () => {
  const earlier = place("QUOTE", 0, 5)
  const history = new History([earlier.group])
  const draft = new Draft(new Layer({ spans: [earlier.span] }, history), 1, atribusi)
  const back = operations.undo(earlier.group)
  draft.add([back])
  assert.equal(draft.view.spans.size, 1)
  const changes = [{ kind: "span", id: earlier.span.id, before: earlier.span, after: null }]
  draft.acknowledge([{ id: back.id, changes }], 2)
  assert.equal(draft.view.spans.size, 0)
  draft.add([operations.redo(earlier.group)])
  assert.equal(draft.view.spans.size, 1)
})

test("removing a span removes its relations, and undo restores them", () => {
  const actor = place("ACTOR", 0, 2)
  const quote = place("QUOTE", 3, 9)
  const draft = draftOf(actor, quote)
  const speaker = operations.relate({
    type: "SPEAKER",
    from: { span: quote.span.id },
    to: { span: actor.span.id },
  })
  const removal = operations.remove(actor.span.id)
  draft.add([speaker, removal])
  assert.deepEqual([draft.view.spans.size, draft.view.relations.size], [1, 0])
  draft.add([operations.undo(removal.group)])
  assert.deepEqual([draft.view.spans.size, draft.view.relations.size], [2, 1])
})

test("operations on what is not there are left out and said so", () => {
  const draft = draftOf()
  assert.deepEqual(draft.add([operations.remove("nobody"), operations.unrelate("nothing")]), [])
  assert.equal(draft.pending.length, 0)
})

test("adding the same operation twice shows it once", () => {
  const draft = draftOf()
  const quote = place("QUOTE", 0, 5)
  draft.add([quote])
  draft.add([quote])
  assert.equal(draft.pending.length, 1)
})

test("a null value takes an attribute away", () => {
  const draft = draftOf(place("QUOTE", 0, 5))
  const [id] = draft.view.spans.keys()
  draft.add([
    operations.set(id, { type: "direct", scare: true }),
    operations.set(id, { type: null }),
  ])
  assert.deepEqual(draft.view.spans.get(id).attributes, { scare: true })
})

test("a layer read anew keeps what is pending on top", () => {
  const draft = draftOf()
  const mine = place("QUOTE", 0, 5)
  draft.add([mine])
  const other = place("ACTOR", 7, 9).span
  const undo = { undo: "earlier", redo: null }
  draft.restart({ spans: [other], relations: [], assignment: { revision: 4 }, undo })
  assert.deepEqual(draft.view.history.done, ["earlier", mine.group])
  assert.deepEqual([...draft.view.spans.keys()], [other.id, mine.span.id])
  assert.equal(draft.revision, 4)
})

test("ids are version 7 and later ones sort later", () => {
  const ids = [1, 2, 3].map((n) => place("ACTOR", 0, n).id)
  for (const id of ids)
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.equal(new Set(ids).size, 3)
})
