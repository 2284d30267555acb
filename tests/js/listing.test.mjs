import assert from "node:assert/strict"
import { test } from "node:test"

import { matching } from "../../annotations/static/annotations/js/lib/listing.js"

const SPANS = [
  { text: ["Menteri Laras"], label: "Actor", entity: "Laras Prabasari" },
  { text: ["“Kami siap,”", "“besok.”"], label: "Quote", entity: "" },
  { text: ["LARAS"], label: "Target", entity: "" },
]
const found = (query) =>
  matching(SPANS, query, ({ label, entity }) => [label, entity]).map(({ text }) => text[0])

test("an empty filter keeps every span", () => {
  assert.equal(found("  ").length, 3)
})

test("words are found whatever their capitals, in every fragment", () => {
  assert.deepEqual(found("laras"), ["Menteri Laras", "LARAS"])
  assert.deepEqual(found("BESOK"), ["“Kami siap,”"])
})

test("every word must be there: of the text, the label or the entity", () => {
  assert.deepEqual(found("actor prabasari"), ["Menteri Laras"])
  assert.deepEqual(found("actor besok"), [])
})
