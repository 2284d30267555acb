import assert from "node:assert/strict"
import { test } from "node:test"

import {
  MOST_WORDS,
  contextOf,
  occurrences,
  taken,
} from "../../annotations/static/annotations/js/lib/finding.js"
import { articleOf, rangeOf } from "./article-of.mjs"
import { worked } from "./worked.mjs"

const found = (article, words, options) =>
  occurrences(article, words, options).map((range) => article.slice(...range))

test("the same words are found wherever they stand, as whole words", () => {
  const article = articleOf("id", "Kim dan Kimchi 🚢 Kim. ", "Kim’s Kim\n", "kim Kim")
  assert.deepEqual(found(article, "Kim"), ["Kim", "Kim", "Kim", "Kim", "Kim"])
  assert.equal(found(article, "Kim", { inside: true }).length, 6)
  assert.equal(found(article, "Kim", { most: 2 }).length, 2)
  assert.deepEqual(occurrences(article, "Kim")[1], [17, 20])
})

test("white space and quotation marks may be written otherwise", () => {
  const article = articleOf("id", "Ia: “Kami\u00a0 siap,” ", "katanya\r\n", "‘ya’.")
  assert.deepEqual(found(article, '  "Kami siap," katanya \'ya\' '), [
    "“Kami\u00a0 siap,” katanya\r\n‘ya’",
  ])
  assert.deepEqual(found(article, "«Kami\n\tsiap,»"), ["“Kami\u00a0 siap,”"])
})

test("signs mean themselves", () => {
  const article = articleOf("id", "a.b (c) [d] x|y $5 ^ * {2} a-b \\ /")
  for (const words of ["a.b", "(c)", "[d]", "x|y", "$5", "^ * {2}", "a-b", "\\ /"])
    assert.deepEqual(found(article, words), [words])
  assert.deepEqual(found(article, "a?b"), [])
})

test("words are found over blocks, once, also by their characters", () => {
  const article = articleOf("id", "satu dua ", "tiga satu ", "dua tiga")
  assert.deepEqual(occurrences(article, "satu dua tiga"), [
    [0, 13],
    [14, 27],
  ])
  assert.equal(found(articleOf("id", "x aa", " aa aa"), "aa aa").length, 1)
})

test("a part of a grapheme is never found", () => {
  const article = articleOf("id", "Ia 👨‍👩‍👧 cafe\u0301 🇮🇩")
  for (const part of ["👨", "👩‍👧", "cafe", "🇮"])
    assert.deepEqual(found(article, part, { inside: true }), [])
  assert.deepEqual(found(article, "👨‍👩‍👧"), ["👨‍👩‍👧"])
  assert.deepEqual(found(article, "cafe\u0301"), ["cafe\u0301"])
})

test("nothing is found of nothing, nor of half a character", () => {
  const article = articleOf("id", "satu 🚢")
  for (const words of ["", "  \n", "\ud83d"]) assert.deepEqual(found(article, words), [])
})

test("Japanese and Thai words are found inside their sentences", () => {
  assert.deepEqual(found(articleOf("ja", "外務省は否定した"), "否定"), ["否定"])
  assert.deepEqual(found(articleOf("th", "รัฐมนตรีกล่าวว่า"), "กล่าว"), ["กล่าว"])
})

test("ten thousand characters are looked for, and no more are taken", () => {
  const { words, length } = taken("🚢".repeat(1_048_576))
  assert.deepEqual([[...words].length, length], [MOST_WORDS, 1_048_576])
  const text = `“${"kata “ini” ".repeat(900)}`
  const article = articleOf("id", text, `lalu ${text}`)
  assert.equal(occurrences(article, text.replaceAll(/[“”]/g, '"')).length, 2)
  assert.equal(occurrences(article, '"'.repeat(MOST_WORDS)).length, 0)
})

test("a million characters are searched in a moment", () => {
  const piece = "Wali kota berkata “kami siap 🚢” lalu warga menolak. ".repeat(38)
  const article = articleOf("id", ...Array.from({ length: 500 }, () => piece))
  const began = worked()
  assert.equal(occurrences(article, "tidak ada").length, 0)
  assert.equal(occurrences(article, "warga", { most: 200 }).length, 200)
  assert.ok(worked() - began < 400, `${worked() - began} ms`)
})

test("what stands around is cut at words, in one line", () => {
  const article = articleOf("id", "Pada hari itu\nMenteri Laras menolak\n", "rencana bendungan besar itu.")
  const { before, behind } = contextOf(article, rangeOf(article, "menolak"), 12)
  assert.deepEqual([before, behind], ["…Menteri Laras ", " rencana bendungan…"])
  const all = contextOf(article, rangeOf(article, "Laras"), 100)
  assert.equal(`${all.before}Laras${all.behind}`, article.slice(0, article.length).replace(/\n/g, " "))
})
