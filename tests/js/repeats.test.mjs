import assert from "node:assert/strict"
import { test } from "node:test"

import { occurrences } from "../../annotations/static/annotations/js/lib/finding.js"
import {
  MOST_FOUND,
  doubtOf,
  isLong,
  repeated,
  repeatsOf,
} from "../../annotations/static/annotations/js/lib/repeats.js"
import { articleOf, rangeOf } from "./article-of.mjs"

/** A session as far as repeats need one: an article and spans of one piece each. */
function sessionOf(article, ...spans) {
  const spanAt = (label, [range]) =>
    spans.find((span) => span.label === label && String(span.fragments[0]) === String(range))
  return { article, spanAt }
}

const spanOn = (article, words, more = {}) => {
  const range = rangeOf(article, words)
  return { id: words, label: "ACTOR", fragments: [range], text: [words], attributes: {}, entity: null, ...more }
}

const said = (article, ranges) => ranges.map((range) => article.slice(...range))

const text = articleOf("id", "Kim Yong-hyun tiba. 🚢 Kimia, kim\n", "dan “Kim” pergi; KIM lagi.\n")

test("the same words are found elsewhere, whole, with other capitals, behind an emoji", () => {
  const kim = spanOn(text, "Kim")
  assert.deepEqual(said(text, repeatsOf(sessionOf(text, kim), kim)), ["kim", "Kim", "KIM"])
  const exact = repeatsOf(sessionOf(text, kim), kim, { folded: false })
  assert.deepEqual(said(text, exact), ["Kim"])
})

test("a place that is such a span already is left out; another label does not matter", () => {
  const kim = spanOn(text, "Kim")
  const range = rangeOf(text, "KIM")
  const same = { ...kim, id: "2", fragments: [range] }
  assert.deepEqual(said(text, repeatsOf(sessionOf(text, kim, same), kim)), ["kim", "Kim"])
  const other = { ...same, label: "TARGET" }
  assert.equal(repeatsOf(sessionOf(text, kim, other), kim).length, 3)
})

test("names with a hyphen or signs of patterns, over a line break", () => {
  const article = articleOf("id", "Kim Yong-hyun (a|b) tiba.\n", "Lalu Kim\nYong-hyun (a|b) pergi.")
  const kim = spanOn(article, "Kim Yong-hyun (a|b)")
  assert.equal(repeatsOf(sessionOf(article, kim), kim).length, 1)
})

test("a clitic is looked for within words, and doubted", () => {
  const article = articleOf("id", "katanya. Lalu ujarnya, hanya itu.")
  const [start] = rangeOf(article, "katanya")
  const nya = { ...spanOn(article, "nya"), fragments: [[start + 4, start + 7]], attributes: { form: "clitic" } }
  assert.equal(doubtOf(nya), "stand-in")
  assert.equal(repeatsOf(sessionOf(article, nya), nya).length, 2)
})

test("a metonym is doubted, a name is not", () => {
  const pentagon = spanOn(articleOf("id", "Pentagon"), "Pentagon")
  assert.equal(doubtOf(pentagon), "")
  const metonym = { ...pentagon, attributes: { metonymy: "place_for_institution" } }
  assert.equal(doubtOf(metonym), "metonym")
})

test("words without spaces between them are found by the words of the language", () => {
  const article = articleOf("ja", "北朝鮮は否定した。北朝鮮の外務省は北朝鮮人を。")
  const name = spanOn(article, "北朝鮮")
  assert.ok(repeatsOf(sessionOf(article, name), name).length >= 1)
})

test("all get the label, the values and the entity, in one step of one request", () => {
  const article = articleOf("id", `${"Laras ".repeat(450)}\n`)
  const laras = spanOn(article, "Laras", { attributes: { form: "name" }, entity: "e" })
  const session = sessionOf(article, laras)
  const ranges = repeatsOf(session, laras)
  assert.equal(ranges.length, 449)
  const { made, left } = repeated(session, laras, ranges)
  assert.deepEqual([made.length, left], [200, 249])
  const { id, ...placed } = made[0].span
  assert.deepEqual(placed, {
    label: "ACTOR",
    fragments: [[6, 11]],
    text: ["Laras"],
    attributes: { form: "name" },
    entity: "e",
  })
  assert.notEqual(id, laras.id)
})

test("a step stays under what one request may weigh", () => {
  const article = articleOf("id", `${"Laras ".repeat(150)}\n`)
  const span = spanOn(article, "Laras", { attributes: { note: "🚢".repeat(2_000) } })
  const session = sessionOf(article, span)
  const { made, left } = repeated(session, span, repeatsOf(session, span))
  assert.ok(new TextEncoder().encode(JSON.stringify(made)).length < 901_000)
  assert.ok(made.length > 100)
  assert.equal(made.length + left, 149)
})

test("long words are not looked for", () => {
  const article = articleOf("id", "kata ".repeat(100))
  const long = { ...spanOn(article, "kata"), fragments: [[0, 400]], text: ["kata ".repeat(80)] }
  assert.ok(isLong(long))
  assert.deepEqual(repeatsOf(sessionOf(article, long), long), [])
})

test("only so many places are looked at", () => {
  const article = articleOf("id", ...Array(50).fill("a ".repeat(100)))
  assert.equal(occurrences(article, "a", { most: 3 }).length, 3)
  const span = spanOn(article, "a")
  assert.ok(repeatsOf(sessionOf(article, span), span).length <= MOST_FOUND)
})
