import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"

import { standingOf } from "../../annotations/static/annotations/js/cases/standing.js"
import { Layer } from "../../annotations/static/annotations/js/lib/layer.js"

const vectors = JSON.parse(readFileSync(new URL("../vectors/adjudication.json", import.meta.url)))

const named = (ids) => ids.map((id) => ({ id }))

for (const { name, cases, settlements, outdated, gold, standing } of vectors) {
  test(`cases stand as the shared vectors say: ${name}`, () => {
    const objects = { spans: named(gold.spans), relations: named(gold.relations), settlements }
    const found = standingOf(cases, new Layer(objects), new Set(outdated))
    const told = [...found].map(([id, { status, settlement }]) => [
      id,
      { status, settlement: settlement?.id ?? null },
    ])
    assert.deepEqual(Object.fromEntries(told), standing)
  })
}
