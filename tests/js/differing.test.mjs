import assert from "node:assert/strict"
import { test } from "node:test"

import {
  kindsOf,
  overlap,
  piecesOf,
} from "../../annotations/static/annotations/js/cases/differing.js"
import { People } from "../../annotations/static/annotations/js/cases/people.js"
import { boardOf, relationCase, spanCase, TEXT, version } from "./cases-of.mjs"

const slice = (start, end) => [...TEXT].slice(start, end).join("")
const shown = (pieces) =>
  pieces.map(({ text, differs, gap }) => (gap ? "⋯" : differs ? `[${text}]` : text)).join("|")

test("words that not every version has are told apart", () => {
  const fragments = [[[1, 11]], [[0, 12]]]
  assert.equal(shown(piecesOf(fragments[0], fragments, slice)), "Kami siap,")
  assert.equal(shown(piecesOf(fragments[1], fragments, slice)), "[“]|Kami siap,|[”]")
})

test("versions that share nothing differ in all of it, and gaps stay gaps", () => {
  const fragments = [
    [
      [1, 5],
      [6, 10],
    ],
    [[13, 17]],
  ]
  assert.equal(shown(piecesOf(fragments[0], fragments, slice)), "[Kami]|⋯|[siap]")
})

test("the overlap of two spans is what they share of all that they cover", () => {
  assert.equal(overlap([[0, 4]], [[0, 4]]), 1)
  assert.equal(overlap([[0, 4]], [[2, 6]]), 1 / 3)
  assert.equal(
    overlap(
      [
        [0, 2],
        [4, 6],
      ],
      [[0, 6]],
    ),
    2 / 3,
  )
})

test("cases are counted by what differs; a relation as one, whatever differs in it", () => {
  const extent = spanCase("q", [version([1], "QUOTE", [0, 4])], {
    differs: ["missing", "extent", "type", "medium"],
  })
  const equal = spanCase("e", [version([1], "CUE", [5, 6])], { differs: [] })
  const relation = relationCase("r", "SPEAKER", "q", [{ layers: [1], to: ["e"] }], {
    differs: ["missing", "target"],
  })
  assert.deepEqual(kindsOf(extent), ["missing", "extent", "attribute"])
  const counts = boardOf([extent, equal, relation]).counts(false)
  assert.deepEqual(Object.fromEntries(counts), {
    missing: 1,
    extent: 1,
    attribute: 1,
    agreed: 1,
    relation: 1,
  })
})

test("what all agree on has a number only where somebody has to look at it", () => {
  const differing = spanCase("q", [version([1], "QUOTE", [0, 4])])
  const equal = spanCase("e", [version([1], "CUE", [5, 6])], { differs: [] })
  const waiting = relationCase("r", "SPEAKER", "q", [{ layers: [1], to: ["e"] }], { differs: [] })
  const board = boardOf([differing, waiting, equal])
  assert.deepEqual(
    board.cases.map((one) => board.number(one)),
    [1, 0, 2],
  )
})

test("a place of the text leads to the case that shares most with it", () => {
  const wide = spanCase("q", [version([1], "QUOTE", [0, 12])])
  const near = spanCase("c", [version([1], "CUE", [13, 17])])
  const board = boardOf([wide, near])
  assert.equal(board.at(14, 17), near)
  assert.equal(board.at(35, 40), null)
})

const LAYERS = [
  { id: 3, name: "Siti" },
  { id: 5, name: "Sari" },
  { id: 8, name: "bayu" },
]

test("initials are as long as they must be to tell people apart", () => {
  const people = new People(LAYERS, { hidden: false, seed: "1" })
  assert.deepEqual(
    LAYERS.map(({ id }) => people.initialsOf(id)),
    ["Si", "Sa", "B"],
  )
  assert.equal(people.nameOf(8), "bayu")
})

test("hidden names are letters in an order that is another one in each article, and always the same there", () => {
  const lettersIn = (seed) => {
    const people = new People(LAYERS, { hidden: true, seed })
    return LAYERS.map(({ id }) => people.initialsOf(id)).join("")
  }
  assert.equal(lettersIn("1"), lettersIn("1"))
  assert.ok(new Set(Array.from({ length: 20 }, (_, seed) => lettersIn(String(seed)))).size > 3)
  const people = new People(LAYERS, { hidden: true, seed: "1" })
  assert.ok(!LAYERS.some(({ id, name }) => people.nameOf(id).includes(name)))
})

test("with hidden names the commonest version is not always the first", () => {
  const people = new People(LAYERS, { hidden: true, seed: "1" })
  const orders = Array.from({ length: 20 }, (_, i) =>
    people.orderOf({ id: `c${i}`, versions: [{}, {}] }).join(),
  )
  assert.deepEqual([...new Set(orders)].sort(), ["0,1", "1,0"])
})
