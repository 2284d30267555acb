import assert from "node:assert/strict"
import { test } from "node:test"

import {
  chosen,
  cursorAt,
  moved,
  snap,
  unitOver,
} from "../../annotations/static/annotations/js/lib/selecting.js"
import { articleOf } from "./article-of.mjs"

const words = articleOf("id", "Wali kota Budi ", "berkata “kami siap,” lalu pergi.\n")
const said = (article, range) => range && article.slice(...range)

test("a sloppy selection grows to whole words and loses the space at its ends", () => {
  assert.equal(said(words, snap(words, 2, 11)), "Wali kota Budi")
  assert.equal(said(words, snap(words, 4, 10)), "kota")
})

test("a selection may reach over a block", () => {
  assert.equal(said(words, snap(words, 11, 17)), "Budi berkata")
})

test("nothing but space is no selection", () => {
  assert.equal(snap(words, 4, 5), null)
  assert.equal(snap(words, 5, 5), null)
})

test("all between two quotation marks takes the marks in", () => {
  const start = words.slice(0, words.length).indexOf("kami")
  assert.equal(said(words, snap(words, start, start + 9)), "“kami siap,”")
  assert.equal(said(words, snap(words, start, start + 10)), "“kami siap,”")
  assert.equal(said(words, snap(words, start, start + 4)), "kami")
})

test("exact selection keeps its ends but never parts a grapheme", () => {
  const emoji = articleOf("id", "ia 👩🏻‍🚒 tiba")
  assert.equal(said(emoji, snap(emoji, 4, 6, { exact: true })), "👩🏻‍🚒")
  assert.equal(said(words, snap(words, 1, 3, { exact: true })), "al")
})

test("decomposed letters, Devanagari and Thai stay whole", () => {
  const accent = articleOf("fr", "Cafe\u0301 noir")
  assert.equal(said(accent, snap(accent, 1, 4, { exact: true })), "afe\u0301")
  const hindi = articleOf("hi", "मंत्री ने कहा")
  assert.equal(said(hindi, snap(hindi, 1, 2)), "मंत्री")
  const thai = articleOf("th", "รัฐมนตรีกล่าวว่า")
  assert.equal(said(thai, snap(thai, 1, 3)), "รัฐมนตรี")
})

test("Japanese words are found without spaces", () => {
  const japanese = articleOf("ja", "外務省は否定した")
  assert.equal(said(japanese, unitOver(japanese, 1, "word")), "外務省")
})

test("a language no browser knows still has words", () => {
  const odd = articleOf("!!", "satu dua")
  assert.equal(said(odd, snap(odd, 1, 2)), "satu")
})

test("the cursor walks word by word over the blocks and stops at the ends", () => {
  let cursor = cursorAt(words, 0)
  const seen = []
  for (let i = 0; i < 9; i += 1) {
    seen.push(words.slice(...chosen(cursor)))
    cursor = moved(words, cursor, 1)
  }
  assert.deepEqual(seen, [
    "Wali",
    "kota",
    "Budi",
    "berkata",
    "kami",
    "siap",
    "lalu",
    "pergi",
    "pergi",
  ])
  assert.equal(words.slice(...chosen(moved(words, cursorAt(words, 0), -1))), "Wali")
})

test("extending keeps the anchor, also when it turns back over it", () => {
  let cursor = cursorAt(words, 6)
  cursor = moved(words, cursor, 1, { extend: true })
  assert.equal(words.slice(...chosen(cursor)), "kota Budi")
  cursor = moved(words, moved(words, cursor, -1, { extend: true }), -1, { extend: true })
  assert.equal(words.slice(...chosen(cursor)), "Wali kota")
})

test("the cursor moves by grapheme and by sentence", () => {
  const cursor = cursorAt(words, 0)
  assert.equal(words.slice(...chosen(moved(words, cursor, 1, { unit: "grapheme" }))), " ")
  const two = articleOf("id", "Satu kali. Dua kali.")
  const second = moved(two, cursorAt(two, 0, "sentence"), 1, { unit: "sentence" })
  assert.equal(two.slice(...chosen(second)), "Dua kali.")
})

test("a text without words has no cursor", () => {
  assert.equal(cursorAt(articleOf("id", "— …"), 0), null)
})
