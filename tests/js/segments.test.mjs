import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"

import { flatten } from "../../annotations/static/annotations/js/lib/segments.js"
import { worked } from "./worked.mjs"

const vectors = JSON.parse(readFileSync(new URL("../vectors/segments.json", import.meta.url)))

for (const { name, window, spans, lanes, runs } of vectors) {
  test(`painted as the shared vectors say: ${name}`, () => {
    const painting = flatten(spans, ...window)
    assert.deepEqual(
      painting.runs.map((run) => [run.start, run.end, run.spans]),
      runs,
    )
    assert.deepEqual(painting.lanes, lanes)
  })
}

test("two thousand spans on one block stay within a frame", () => {
  const spans = Array.from({ length: 2000 }, (_, i) => [[i % 1900, (i % 1900) + 1 + (i % 7)]])
  const began = worked()
  flatten(spans, 0, 2000)
  assert.ok(worked() - began < 100)
})
