import assert from "node:assert/strict"
import { test } from "node:test"

import {
  isWaiting,
  threadsOf,
} from "../../annotations/static/annotations/js/cases/threads.js"
import { relationCase, spanCase, version } from "./cases-of.mjs"

const letter = (layer, span, more = {}) => ({ id: `${layer}`, layer, span, asks: true, ...more })
const quote = spanCase("q", [version([1], "QUOTE", [0, 4]), version([2], "QUOTE", [0, 6])], {
  missing: [3],
})
const spanOf = (layer, end) => `${layer}-QUOTE-0-${end}`

test("each layer of a case has a thread: about its span, or its article where it has none", () => {
  const found = threadsOf(quote, null, [letter(2, spanOf(2, 6)), letter(2, "another")], [1, 2, 3, 4])
  assert.deepEqual(
    found.map(({ layer, span, letters }) => [layer, span, letters.length]),
    [
      [1, spanOf(1, 4), 0],
      [2, spanOf(2, 6), 1],
      [3, null, 0],
    ],
  )
})

test("what was said about an article is shown with every case", () => {
  const found = threadsOf(quote, null, [letter(4, null), letter(1, null), letter(3, null)], [1, 2, 3, 4])
  assert.deepEqual(
    found.map(({ layer, span, letters }) => [layer, span, letters.length]),
    [
      [1, spanOf(1, 4), 0],
      [2, spanOf(2, 6), 0],
      [3, null, 1],
      [1, null, 1],
      [4, null, 1],
    ],
  )
})

test("relations are asked about at the span that they begin at", () => {
  const speaker = relationCase("r", "SPEAKER", "q", [{ layers: [2], to: ["a"] }])
  const [two] = threadsOf(speaker, quote, [], [1, 2, 3])
  assert.deepEqual([two.layer, two.span], [2, spanOf(2, 6)])
  const topic = relationCase("t", "TOPIC", "article", [{ layers: [1], to: [{ entity: {} }] }])
  assert.equal(threadsOf(topic, null, [], [1, 2])[0].span, null)
})

test("an answer waits, a question of one's own side does not", () => {
  assert.ok(isWaiting({ layer: 1, span: null, letters: [letter(1, null, { asks: false, waits: true })] }))
  assert.ok(!isWaiting({ layer: 1, span: null, letters: [letter(1, null, { waits: true })] }))
})
