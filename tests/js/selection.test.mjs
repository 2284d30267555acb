import assert from "node:assert/strict"
import { test } from "node:test"

import {
  chosen,
  cursorAt,
  cursorOver,
  dragged,
  edgeMoved,
  moved,
  movedToEnd,
  snap,
} from "../../annotations/static/annotations/js/lib/selecting.js"
import { unitOver } from "../../annotations/static/annotations/js/lib/units.js"
import { articleOf, rangeOf } from "./article-of.mjs"

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

test("the cursor moves by character over what is blank, and by sentence", () => {
  const cursor = cursorAt(words, 0)
  assert.equal(words.slice(...chosen(moved(words, cursor, 1, { unit: "grapheme" }))), "k")
  const two = articleOf("id", "Satu kali. Dua kali.")
  const second = moved(two, cursorAt(two, 0, "sentence"), 1, { unit: "sentence" })
  assert.equal(two.slice(...chosen(second)), "Dua kali.")
})

test("a text without words has no cursor", () => {
  assert.equal(cursorAt(articleOf("id", "— …"), 0), null)
})

/** What is chosen after extending a cursor by these units, forward or back. */
function grown(article, cursor, ...steps) {
  for (const [unit, step] of steps) cursor = moved(article, cursor, step, { unit, extend: true })
  return article.slice(...chosen(cursor))
}

test("extending by a larger unit keeps where the cursor began", () => {
  const text = articleOf("id", "Satu dua tiga. Empat lima.\n", "Enam tujuh.")
  const dua = cursorAt(text, 5)
  assert.equal(grown(text, dua, ["sentence", 1]), "dua tiga.")
  assert.equal(grown(text, dua, ["sentence", 1], ["sentence", 1]), "dua tiga. Empat lima.")
  assert.equal(grown(text, dua, ["paragraph", 1]), "dua tiga. Empat lima.")
  assert.equal(grown(text, dua, ["sentence", -1]), "Satu dua")
  assert.equal(grown(text, dua, ["sentence", 1], ["sentence", -1]), "dua")
  assert.equal(grown(text, dua, ["sentence", 1], ["word", -1]), "dua tiga")
  assert.equal(grown(text, dua, ["word", 1], ["word", 1], ["grapheme", -1]), "dua tiga. Empa")
})

test("a range taken over as a cursor is chosen exactly, and goes on by words", () => {
  const egu = cursorOver(words, [1, 7])
  assert.equal(words.slice(...chosen(egu)), "ali ko")
  assert.equal(grown(words, egu, ["word", 1]), "ali kota")
  assert.equal(grown(words, cursorOver(words, [0, 9]), ["word", -1]), "Wali")
  assert.equal(grown(words, cursorOver(words, [0, 9]), ["grapheme", -1]), "Wali kot")
})

test("the ends of the sentence are reached first, then those of the paragraph", () => {
  const text = articleOf("id", "Satu. “Dua tiga empat.” Lima.\n", "Enam.")
  const ends = (cursor, ...sides) => {
    for (const [side, extend] of sides) cursor = movedToEnd(text, cursor, side, { extend })
    return text.slice(...chosen(cursor))
  }
  const tiga = cursorAt(text, 11)
  assert.equal(ends(tiga, [0]), "Dua")
  assert.equal(ends(tiga, [0], [0]), "Satu")
  assert.equal(ends(tiga, [0], [0], [0]), "Satu")
  assert.equal(ends(tiga, [1]), "empat")
  assert.equal(ends(tiga, [1], [1], [1]), "Lima")
  assert.equal(ends(tiga, [1, true]), "tiga empat.”")
  assert.equal(ends(tiga, [1, true], [1, true]), "tiga empat.” Lima.")
  assert.equal(ends(tiga, [1, true], [0, true]), "“Dua tiga")
  assert.equal(ends(tiga, [0, true], [0, true]), "Satu. “Dua tiga")
  const sentence = cursorAt(text, 11, "sentence")
  assert.equal(ends(sentence, [0]), "Dua")
  assert.equal(ends(sentence, [1]), "empat")
})

test("an edge moves to where a unit begins or ends, over blocks, until the text ends", () => {
  const ends = (offset, how) => edgeMoved(words, offset, { unit: "word", ...how })
  assert.equal(ends(4, { side: 1, step: 1 }), 9)
  assert.equal(ends(9, { side: 1, step: -1 }), 4)
  assert.equal(ends(10, { side: 0, step: 1 }), 15)
  assert.equal(ends(15, { side: 0, step: -1 }), 10)
  assert.equal(ends(0, { side: 0, step: -1 }), null)
  assert.equal(ends(words.length, { side: 1, step: 1 }), null)
})

test("a dragged edge falls on whole words, and never over the other edge", () => {
  const kota = rangeOf(words, "kota")
  const at = (how) => words.slice(...dragged(words, kota, how))
  assert.equal(at({ side: 1, offset: 12 }), "kota Budi")
  assert.equal(at({ side: 1, offset: 10 }), "kota")
  assert.equal(at({ side: 1, offset: 0 }), "kota")
  assert.equal(at({ side: 0, offset: 2 }), "Wali kota")
  assert.equal(at({ side: 0, offset: 20 }), "kota")
  assert.equal(at({ side: 1, offset: 12, exact: true }), "kota Bu")
  assert.equal(at({ side: 0, offset: 2, exact: true }), "li kota")
})

test("a dragged edge never parts a grapheme", () => {
  const family = articleOf("id", "Ia 👨‍👩‍👧 🇮🇩 datang")
  for (let offset = 0; offset <= family.length; offset += 1)
    for (const exact of [true, false])
      for (const side of [0, 1]) {
        const range = dragged(family, rangeOf(family, "👨‍👩‍👧"), { side, offset, exact })
        assert.match(family.slice(...range), /^(Ia |a |)👨‍👩‍👧( 🇮🇩| 🇮🇩 d.*|)$/u)
      }
})

test("a selection that parts an emoji takes it whole, exact or not", () => {
  const family = articleOf("id", "Ia 👨‍👩‍👧 🇮🇩 datang")
  for (const exact of [true, false]) {
    assert.equal(said(family, snap(family, 4, 6, { exact })), "👨‍👩‍👧")
    assert.equal(said(family, snap(family, 10, 11, { exact })), "🇮🇩")
  }
})
