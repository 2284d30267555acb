import assert from "node:assert/strict"
import { test } from "node:test"

import { coverageOf } from "../../annotations/static/annotations/js/lib/coverage.js"
import { Layer } from "../../annotations/static/annotations/js/lib/layer.js"
import { articleOf } from "./article-of.mjs"

const TEXT = "“Kami siap,” katanya, “besok 🚢 pagi.” Kata “damai” dan “kita”."
const article = articleOf("id", TEXT)
const at = (words) => {
  const start = [...TEXT.slice(0, TEXT.indexOf(words))].length
  return [start, start + [...words].length]
}
const STRETCHES = ["“Kami siap,”", "“besok 🚢 pagi.”", "“damai”", "“kita”"].map(at)
let number = 0
const span = (label, ...fragments) => ({ id: String((number += 1)), label, fragments })
const waiver = (words, reason, label = "QUOTE") => ({ ...span(label, at(words)), reason })
const states = (spans, waivers = []) =>
  coverageOf(STRETCHES, article, new Layer({ spans, waivers })).map(({ state }) => state[0]).join("")

test("without quotes every stretch is open", () => {
  assert.equal(states([]), "oooo")
})

test("a split quote attributes both its stretches, with or without their marks", () => {
  assert.equal(states([span("QUOTE", at("“Kami siap,”"), at("besok 🚢 pagi."))]), "aaoo")
})

test("two quotes may share a stretch; what is left of it must be white space", () => {
  assert.equal(states([span("QUOTE", at("besok")), span("QUOTE", at("🚢 pagi."))]), "oaoo")
  assert.equal(states([span("QUOTE", at("besok")), span("QUOTE", at("pagi."))]), "oooo")
})

test("only quotes attribute", () => {
  assert.equal(states([span("STANCE", at("“damai”"))]), "oooo")
})

test("one long quote attributes everything in it", () => {
  assert.equal(states([span("QUOTE", [0, article.length])]), "aaaa")
})

test("a waiver needs a reason, and the very stretch", () => {
  assert.equal(states([], [waiver("“damai”", "istilah"), waiver("“kita”", "")]), "oowo")
  assert.equal(states([], [waiver("damai", "istilah"), waiver("“kita”", "x", "STANCE")]), "oooo")
})
