import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"

import { TextIndex } from "../../annotations/static/annotations/js/lib/offsets.js"
import { unitsOf } from "../../annotations/static/annotations/js/lib/article.js"

const vectors = JSON.parse(readFileSync(new URL("../vectors/offsets.json", import.meta.url)))

for (const { name, text, code_points, utf16_at, unbreakable } of vectors) {
  test(`code points and units agree on ${name}`, () => {
    const index = new TextIndex(text)
    assert.equal(index.length, code_points)
    for (const [offset, units] of utf16_at.entries()) {
      assert.equal(index.toUnits(offset), units)
      assert.equal(index.toCodePoints(units), offset)
    }
  })

  test(`a slice of ${name} is the slice of its code points`, () => {
    const index = new TextIndex(text)
    const points = [...text]
    for (let start = 0; start <= points.length; start += 1)
      assert.equal(index.slice(start, points.length - 1), points.slice(start, -1).join(""))
  })

  test(`no grapheme of ${name} ends inside what must not be parted`, () => {
    const index = new TextIndex(text)
    const ends = unitsOf(text, "und", "grapheme").map(([, end]) => index.toCodePoints(end))
    for (const [start, end] of unbreakable)
      assert.ok(!ends.some((offset) => offset > start && offset < end), `${start}-${end}`)
  })
}

test("an offset inside a surrogate pair counts as before it", () => {
  assert.equal(new TextIndex("a𠮷b").toCodePoints(2), 1)
})
