import assert from "node:assert/strict"
import { test } from "node:test"

import { Growth, enclosing } from "../../annotations/static/annotations/js/lib/expanding.js"
import { articleOf, rangeOf } from "./article-of.mjs"
import { worked } from "./worked.mjs"

/** What a word grows to, step by step, until nothing larger is left. */
function grown(word, language, ...blocks) {
  const article = articleOf(language, ...blocks)
  const steps = []
  for (let range = rangeOf(article, word); range; range = enclosing(article, range))
    steps.push(article.slice(...range))
  return steps
}

test("a word grows to its clause, its quotation, its sentence, its paragraph", () => {
  assert.deepEqual(grown("sia", "id", "“Kami siap,” katanya, “tapi bukan di sini.” Ia pergi.\n"), [
    "sia",
    "siap",
    "Kami siap",
    "“Kami siap,”",
    "“Kami siap,” katanya",
    "“Kami siap,” katanya, “tapi bukan di sini.”",
    "“Kami siap,” katanya, “tapi bukan di sini.” Ia pergi.",
  ])
})

test("clauses end at signs and brackets, not at those in numbers", () => {
  assert.deepEqual(grown("juta", "id", "Ia mengirim (pada 10:30): 1,5 juta orang - dari desa; lalu."), [
    "juta",
    "1,5 juta orang",
    "Ia mengirim (pada 10:30): 1,5 juta orang - dari desa; lalu.",
  ])
  assert.equal(grown("pada", "id", "Ia mengirim (pada 10:30–11:00): orang.")[1], "pada 10:30–11:00")
})

test("signs inside a quotation part no clause around it", () => {
  const text = "Ia bilang “satu, dua: tiga” di desa, lalu pergi."
  assert.equal(grown("desa", "id", text)[1], "Ia bilang “satu, dua: tiga” di desa")
  assert.equal(grown("dua", "id", text)[1], "“satu, dua: tiga”")
})

test("a sentence does not part a quotation of several sentences", () => {
  const text = "Ia datang. “Kami siap. Kami pergi!” katanya. Selesai."
  assert.deepEqual(grown("katanya", "id", text), ["katanya", "“Kami siap. Kami pergi!” katanya.", text])
  assert.deepEqual(grown("siap", "id", text), [
    "siap",
    "Kami siap",
    "Kami siap.",
    "“Kami siap. Kami pergi!”",
    "“Kami siap. Kami pergi!” katanya",
    "“Kami siap. Kami pergi!” katanya.",
    text,
  ])
})

test("quotations are left from inside out", () => {
  assert.deepEqual(grown("never", "en", "He said “she told me ‘no, never’ twice” and left.\n"), [
    "never",
    "‘no, never’",
    "she told me ‘no, never’ twice",
    "“she told me ‘no, never’ twice”",
    "He said “she told me ‘no, never’ twice” and left",
    "He said “she told me ‘no, never’ twice” and left.",
  ])
})

test("a quotation over two paragraphs keeps its sentences in their paragraphs", () => {
  const steps = grown("pergi", "id", "Ia: “Kami siap.\n", "“Kami pergi. Besok.” Lalu.\n")
  assert.deepEqual(steps.slice(0, 3), ["pergi", "“Kami pergi", "“Kami pergi."])
  assert.equal(steps[3], "“Kami siap.\n“Kami pergi. Besok.”")
  assert.equal(steps.at(-1), "Ia: “Kami siap.\n“Kami pergi. Besok.” Lalu.")
})

test("units of other scripts enclose as those of Latin", () => {
  assert.deepEqual(grown("القرية", "ar", "قال الوزير: «إن القرية جاهزة، ونحن معها». ثم ذهب.\n").slice(1, 4), [
    "إن القرية جاهزة",
    "«إن القرية جاهزة، ونحن معها»",
    "قال الوزير: «إن القرية جاهزة، ونحن معها».",
  ])
  assert.deepEqual(grown("השר", "he", "אמר השר: \"הכפר מוכן\", ולא יותר.\n").slice(1, 2), ["אמר השר"])
  assert.deepEqual(grown("同意", "ja", "外務省は「我々は同意した。だが、行かない」と述べた。\n").slice(1, 4), [
    "我々は同意した",
    "我々は同意した。",
    "「我々は同意した。だが、行かない」",
  ])
  assert.equal(grown("รัฐ", "th", "รัฐมนตรีกล่าวว่า “เราพร้อม”\n")[1], "รัฐมนตรี")
})

test("a part of an emoji grows to the whole emoji at least", () => {
  const family = articleOf("id", "Ia 👨‍👩‍👧, 🇮🇩 datang.")
  const inside = new Set([4, 5, 6, 7, 11])
  for (let offset = 0; offset < family.length; offset += 1)
    for (let range = [offset, offset + 1]; (range = enclosing(family, range)); )
      assert.ok(!inside.has(range[0]) && !inside.has(range[1]), `${offset}: ${range}`)
})

test("every step holds the one before, from wherever it begins", () => {
  const article = articleOf(
    "id",
    "Prof. Ali (ahli): “Kami, ‘kita’. Ya.” – ujar",
    "nya, 1,5 juta; “entah” — lalu “ia\n",
    "“pergi.” Selesai… ",
  )
  for (let start = 0; start < article.length; start += 1)
    for (let end = start + 1; end <= article.length; end += 3) {
      let range = [start, end]
      for (let next; (next = enclosing(article, range)); range = next) {
        assert.ok(next[0] <= range[0] && range[1] <= next[1])
        assert.ok(next[1] - next[0] > range[1] - range[0])
      }
    }
})

test("expanding in a million characters of one paragraph takes no time to notice", () => {
  const piece = "Wali kota berkata “kami. Siap, 🚢” lalu (warga) menolak, 1,5 juta; ".repeat(30)
  const article = articleOf("id", ...Array.from({ length: 500 }, () => piece))
  enclosing(article, [500_000, 500_001])
  const began = worked()
  for (let range = [500_000, 500_001]; range; range = enclosing(article, range));
  assert.ok(worked() - began < 500, `${worked() - began} ms`)
})

test("what grew shrinks the same way, unless it changed meanwhile", () => {
  const growth = new Growth()
  growth.grew([[2, 3]], [[1, 4]])
  growth.grew([[1, 4]], [[0, 9]])
  assert.deepEqual(growth.back([[0, 9]]), [[1, 4]])
  assert.equal(growth.back([[5, 6]]), null)
  assert.deepEqual(growth.back([[1, 4]]), [[2, 3]])
  assert.equal(growth.back([[2, 3]]), null)
  growth.grew([[2, 3]], [[1, 4]])
  growth.grew([[7, 8]], [[7, 9]])
  assert.equal(growth.back([[1, 4]]), null)
})
