import assert from "node:assert/strict"
import { test } from "node:test"

import { unitBeside, unitOver } from "../../annotations/static/annotations/js/lib/units.js"
import { articleOf, rangeOf } from "./article-of.mjs"
import { worked } from "./worked.mjs"

/** The units of a text from its beginning to its end, and from its end to its beginning. */
function walked(article, unit) {
  const [forward, back] = [[], []]
  for (let at = unitBeside(article, 0, unit, 1); at; at = unitBeside(article, at[1], unit, 1))
    forward.push(article.slice(...at))
  let last = unitBeside(article, article.length, unit, -1)
  for (; last; last = unitBeside(article, last[0], unit, -1)) back.unshift(article.slice(...last))
  assert.deepEqual(back, forward)
  return forward
}

test("a sentence goes on over the blocks of its paragraph", () => {
  const text = articleOf("id", "Satu kali. Dua ", "kali, tiga ", "kali. Empat.\n", "lima. Enam.")
  assert.deepEqual(walked(text, "sentence"), [
    "Satu kali.",
    "Dua kali, tiga kali.",
    "Empat.",
    "lima.",
    "Enam.",
  ])
  for (const word of ["Dua", ", tiga", "kali. Empat"])
    assert.equal(
      text.slice(...unitOver(text, rangeOf(text, word)[0], "sentence")),
      "Dua kali, tiga kali.",
    )
})

test("blocks that part sentences stay apart", () => {
  const text = articleOf("id", "Satu kali. ", "Dua kali.")
  assert.deepEqual(walked(text, "sentence"), ["Satu kali.", "Dua kali."])
})

test("initials and titles end no sentence", () => {
  const text = articleOf("id", "Kata Prof. B. J. Habibie setuju. Ia pergi.")
  assert.deepEqual(walked(text, "sentence"), ["Kata Prof. B. J. Habibie setuju.", "Ia pergi."])
})

test("no sentence ends before a small letter", () => {
  const text = articleOf("id", "“Siapa?” tanya Kim. “Saya!” ", "kata Ali. Lalu?")
  assert.deepEqual(walked(text, "sentence"), ["“Siapa?” tanya Kim.", "“Saya!” kata Ali.", "Lalu?"])
})

test("paragraphs are walked without their line breaks, over their blocks and over empty ones", () => {
  const text = articleOf("id", "\n\n Judul\r\n\r\n", "Satu. ", "Dua.", "\n\n", " \n", "Tiga")
  assert.deepEqual(walked(text, "paragraph"), ["Judul", "Satu. Dua.", "Tiga"])
})

test("quotations are the outermost pairs, also over blocks", () => {
  const text = articleOf("id", "Ia: “kami ", "‘siap’,” lalu «pergi».\n", "“Baik.”")
  assert.deepEqual(walked(text, "quotation"), ["“kami ‘siap’,”", "«pergi»", "“Baik.”"])
  assert.equal(unitOver(text, 0, "quotation"), null)
  assert.equal(text.slice(...unitOver(text, 12, "quotation")), "“kami ‘siap’,”")
})

test("a text of nothing but breaks has no unit", () => {
  const text = articleOf("id", "\n\n", " \n")
  for (const unit of ["grapheme", "word", "sentence", "paragraph", "quotation"])
    assert.equal(unitBeside(text, 0, unit, 1), null)
})

const NEVER_PARTED = ["👨‍👩‍👧", "🇮🇩", "é", "ที่", "क्षि", "👩🏻‍🚒"]
test("no unit of any kind begins or ends inside a grapheme", () => {
  const text = articleOf("th", `Ia ${NEVER_PARTED.join(" ")} “${NEVER_PARTED.join("")}” x`)
  const inside = new Set()
  for (const cluster of NEVER_PARTED) {
    const all = [...text.slice(0, text.length)].join("")
    for (let from = all.indexOf(cluster); from >= 0; from = all.indexOf(cluster, from + 1)) {
      const start = [...all.slice(0, from)].length
      for (let i = 1; i < [...cluster].length; i += 1) inside.add(start + i)
    }
  }
  for (const unit of ["grapheme", "word", "sentence", "paragraph", "quotation"])
    for (let at = unitBeside(text, 0, unit, 1); at; at = unitBeside(text, at[1], unit, 1))
      assert.ok(!inside.has(at[0]) && !inside.has(at[1]), `${unit} ${at}`)
})

test("a million characters of one paragraph are walked without a pause", () => {
  const blocks = Array.from({ length: 500 }, () => "kata tanpa akhir, ".repeat(112))
  const text = articleOf("id", ...blocks)
  unitOver(text, 500_000, "sentence")
  const began = worked()
  for (const unit of ["grapheme", "word", "sentence", "paragraph", "quotation"])
    unitBeside(text, 500_000, unit, 1)
  assert.ok(worked() - began < 200)
  assert.equal(unitOver(text, 500_000, "sentence")[0], 0)
})
