import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"

import { outermost, scan } from "../../annotations/static/annotations/js/lib/quotemarks.js"
import { worked } from "./worked.mjs"

const vectors = JSON.parse(readFileSync(new URL("../vectors/quotemarks.json", import.meta.url)))

for (const { name, text, pairs, alone } of vectors) {
  test(`marks are found as the shared vectors say: ${name}`, () => {
    assert.deepEqual(scan(text), { pairs, alone })
  })
}

test("the outermost pairs come in text order", () => {
  const { pairs } = scan("🚢 “Ia bilang «pergi»” lalu «diam»")
  assert.deepEqual(outermost(pairs), [
    [2, 21],
    [27, 33],
  ])
})

test("a hundred thousand characters are read within a few frames", () => {
  const text = "Kata dia, “ya 🚢 begitu,” lalu Jum'at ‘diam’.\n".repeat(2500)
  const began = worked()
  assert.equal(outermost(scan(text).pairs).length, 5000)
  assert.ok(worked() - began < 500)
})
