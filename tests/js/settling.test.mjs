import assert from "node:assert/strict"
import { test } from "node:test"

import * as settling from "../../annotations/static/annotations/js/cases/settling.js"
import * as operations from "../../annotations/static/annotations/js/lib/operations.js"
import { place, remove } from "../../annotations/static/annotations/js/lib/operations.js"
import { after, boardOf, relationCase, spanCase, spansOf, told, version } from "./cases-of.mjs"

const QUOTE = spanCase("q", [
  version([1, 2], "QUOTE", [1, 11], { attributes: { type: "direct" } }),
  version([3], "QUOTE", [0, 12], { attributes: { type: "mixed", medium: "speech" } }),
])
const SPEAKER = spanCase("a", [version([1, 2, 3], "ACTOR", [18, 31])], { differs: [] })
const SAYS = relationCase("r", "SPEAKER", "q", [{ layers: [1, 2, 3], to: ["a"] }], { differs: [] })
const CUE = spanCase("c", [version([1], "CUE", [13, 17])], {
  differs: ["missing"],
  missing: [2, 3],
})

const names = (made) => made.map(({ op }) => op)

test("a version is placed whole, and the case is settled by it", () => {
  const board = boardOf([QUOTE])
  const made = settling.take(board, QUOTE, 1, "penuh")
  const now = after(board, made)
  assert.deepEqual(names(made), ["place", "settle"])
  assert.deepEqual(spansOf(now), [["QUOTE", "“Kami siap,”", { type: "mixed", medium: "speech" }]])
  const { settlement } = now.standing(QUOTE)
  assert.deepEqual([settlement.decision, settlement.took, settlement.reason], ["take", 3, "penuh"])
  assert.equal(settlement.of.length, 3)
})

test("another version taken later changes the span that is there, and the settlement stays one", () => {
  const first = after(boardOf([QUOTE]), settling.take(boardOf([QUOTE]), QUOTE, 1))
  const made = settling.take(first, QUOTE, 0)
  const now = after(first, made)
  assert.deepEqual(names(made), ["move", "set", "settle"])
  assert.deepEqual(spansOf(now), [["QUOTE", "Kami siap,", { type: "direct" }]])
  assert.equal(now.layer.settlements.size, 1)
  assert.equal(now.standing(QUOTE).settlement.took, 1)
})

test("what has another label is relabelled, and only what the new label lacks is set anew", () => {
  const unlike = spanCase("x", [
    version([1], "ACTOR", [18, 31], { attributes: { form: "name" } }),
    version([2], "TARGET", [18, 31], { attributes: { target_type: "actor" } }),
  ])
  const first = after(boardOf([unlike]), settling.take(boardOf([unlike]), unlike, 0))
  const made = settling.take(first, unlike, 1)
  assert.deepEqual(names(made), ["retag", "set", "settle"])
  assert.deepEqual(spansOf(after(first, made))[0].slice(0, 2), ["TARGET", "Menteri Laras"])
})

test("a span made by hand where a version stands becomes the version, and no second one is placed", () => {
  const [mine] = [place({ label: "QUOTE", fragments: [[1, 12]], text: ["Kami siap,”"] })]
  const board = after(boardOf([QUOTE]), [mine])
  const now = after(board, settling.take(board, QUOTE, 0))
  assert.deepEqual([...now.layer.spans.keys()], [mine.span.id])
  assert.equal(spansOf(now)[0][1], "Kami siap,")
})

test("what stands by hand is adopted: as somebody's version where it is one, else as a merge", () => {
  const own = place({ label: "QUOTE", fragments: [[1, 12]], text: ["Kami siap,”"] })
  const board = after(boardOf([QUOTE]), [own])
  assert.equal(told(after(board, settling.adopt(board, QUOTE))).q, "merge")
  const known = place({
    label: "QUOTE",
    fragments: [[1, 11]],
    text: ["Kami siap,"],
    attributes: { type: "direct" },
  })
  const other = after(boardOf([QUOTE]), [known])
  assert.equal(told(after(other, settling.adopt(other, QUOTE))).q, "take")
})

test("none is right: what was there goes, with its settlement, and the case is settled", () => {
  const first = after(boardOf([QUOTE]), settling.take(boardOf([QUOTE]), QUOTE, 0))
  const now = after(first, settling.none(first, QUOTE, "bukan kutipan"))
  assert.deepEqual(spansOf(now), [])
  assert.equal(now.layer.settlements.size, 1)
  assert.equal(told(now).q, "none")
})

test("a merge takes each field from where it is right", () => {
  const shape = { ...QUOTE.versions[0].span, attributes: { type: "mixed" } }
  const now = after(boardOf([QUOTE]), settling.merge(boardOf([QUOTE]), QUOTE, shape))
  assert.deepEqual(spansOf(now), [["QUOTE", "Kami siap,", { type: "mixed" }]])
  assert.deepEqual([told(now).q, now.standing(QUOTE).settlement.took], ["merge", null])
})

test("what all have alike is not taken from anybody", () => {
  const now = after(boardOf([SPEAKER]), settling.take(boardOf([SPEAKER]), SPEAKER, 0, "jelas"))
  const { decision, took, reason } = now.standing(SPEAKER).settlement
  assert.deepEqual([decision, took, reason], ["equal", null, "jelas"])
})

test("a case that is reopened is open, and what came of it stays to be decided again", () => {
  const first = after(boardOf([QUOTE]), settling.take(boardOf([QUOTE]), QUOTE, 0))
  const open = after(first, settling.reopen(first, QUOTE))
  assert.equal(told(open).q, "open")
  assert.equal(spansOf(open).length, 1)
  const now = after(open, settling.take(open, QUOTE, 1))
  assert.equal(spansOf(now).length, 1)
})

test("relations on which all agree follow in the same step once both ends stand", () => {
  const board = boardOf([QUOTE, SAYS, SPEAKER])
  const one = after(board, settling.takeAllEqual(board).flat())
  assert.deepEqual(told(one), { q: "open", r: "open", a: "equal" })
  const made = settling.take(one, QUOTE, 0)
  assert.deepEqual(names(made), ["place", "settle", "relate", "settle"])
  const now = after(one, made)
  assert.deepEqual(told(now), { q: "take", r: "equal", a: "equal" })
  assert.equal(now.layer.relations.size, 1)
})

test("a relation whose source is settled as none is void", () => {
  const board = boardOf([QUOTE, SAYS, SPEAKER])
  assert.equal(told(after(board, settling.none(board, QUOTE))).r, "void")
})

test("relations that differ wait until their ends are settled", () => {
  const differing = relationCase("r", "SPEAKER", "q", [
    { layers: [1], to: ["a"] },
    { layers: [2], to: ["c"] },
  ])
  const board = boardOf([QUOTE, differing, CUE, SPEAKER])
  assert.equal(board.isReady(differing), false)
  assert.equal(board.nextOpen(QUOTE, 1, board.cases), CUE)
  const all = [QUOTE, CUE, SPEAKER].reduce(
    (now, one) => after(now, settling.take(now, one, 0)),
    board,
  )
  assert.equal(all.isReady(differing), true)
  const taken = after(all, settling.take(all, differing, 0))
  const again = after(taken, settling.take(taken, differing, 1))
  assert.equal(again.layer.relations.size, 1)
  assert.deepEqual(told(again).r, "take")
  assert.equal(again.layer.settlements.size, 4)
})

test("a version that goes partly to nothing keeps the ends that stand", () => {
  const both = relationCase("r", "EVIDENCE", "q", [{ layers: [1], to: ["a", "c"] }], {
    differs: ["missing"],
  })
  const board = boardOf([QUOTE, both, SPEAKER, CUE])
  const some = [QUOTE, SPEAKER].reduce((now, one) => after(now, settling.take(now, one, 0)), board)
  const ready = after(some, settling.none(some, CUE))
  const now = after(ready, settling.take(ready, both, 0))
  assert.equal(now.layer.relations.size, 1)
})

test("what is outdated is said anew under another id, since its own stays outdated", () => {
  const first = after(boardOf([QUOTE]), settling.take(boardOf([QUOTE]), QUOTE, 0))
  const [id] = first.layer.settlements.keys()
  first.outdated = new Set([id])
  const board = first.with(first.layer)
  assert.equal(told(board).q, "changed")
  const now = after(board, settling.take(board, QUOTE, 0))
  assert.equal(told(now).q, "take")
  assert.ok(!now.layer.settlements.has(id))
})

test("a settlement that another case needs as well is left to it", () => {
  const [one, other] = [CUE, SPEAKER]
  const shared = {
    id: "s",
    of: [...one.versions[0].members, ...other.versions[0].members],
    decision: "none",
    took: null,
    result: null,
    reason: "",
  }
  const board = boardOf([one, other], { settlements: [shared] })
  const now = after(board, settling.take(board, one, 0))
  assert.deepEqual(told(now), { c: "take", a: "none" })
})

test("all that is agreed on comes in steps of which the server takes each", () => {
  const cases = Array.from({ length: 150 }, (_, i) =>
    spanCase(`e${i}`, [version([1, 2], "CUE", [i, i + 1])], { differs: [] }),
  )
  const steps = settling.takeAllEqual(boardOf(cases))
  assert.deepEqual(
    steps.map((step) => step.length),
    [200, 100],
  )
})

test("removing the gold span opens the case again", () => {
  const board = after(boardOf([QUOTE]), settling.take(boardOf([QUOTE]), QUOTE, 0))
  const [id] = board.layer.spans.keys()
  assert.equal(told(after(board, [remove(id)])).q, "open")
})

test("what no one request holds is several steps, the settlement in the last", () => {
  const actors = Array.from({ length: 250 }, (_, at) =>
    spanCase(`a${at}`, [version([1], "ACTOR", [at, at + 1])], { differs: ["missing"] }),
  )
  const says = relationCase("r", "SPEAKER", "q", [{ layers: [1], to: actors.map(({ id }) => id) }])
  const all = [QUOTE, ...actors, says]
  let board = boardOf(all)
  for (const one of [QUOTE, ...actors]) board = after(board, settling.take(board, one, 0))
  const steps = settling.inRequests(settling.take(board, says, 0))
  assert.deepEqual(
    steps.map((step) => step.length),
    [200, 51],
  )
  assert.equal(steps[1].at(-1).op, "settle")
  const now = steps.reduce((before, step) => after(before, step), board)
  assert.equal(now.relationsOf(says).length, 250)
})

test("what fits one request stays one step, and what is long is parted by its bytes", () => {
  const long = () => operations.settle({ of: OF, decision: "none" })
  const OF = Array.from({ length: 8_000 }, (_, at) => ({ layer: 1, span: `${at}`.padStart(36, "0") }))
  assert.equal(settling.inRequests([long(), remove("s")]).length, 1)
  assert.equal(settling.inRequests([long(), long(), remove("s")]).length, 2)
  assert.deepEqual(settling.inRequests([]), [])
})
