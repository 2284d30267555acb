import assert from "node:assert/strict"
import { test } from "node:test"

import { ARTICLE } from "../../annotations/static/annotations/js/lib/layer.js"
import { Remarks } from "../../annotations/static/annotations/js/lib/remarks.js"
import { articleOf } from "./article-of.mjs"
import { sessionOf } from "./session-of.mjs"

function desk() {
  const { session, sent } = sessionOf(articleOf("id", "Laras menolak."))
  return { session, sent, remarks: new Remarks(session), span: session.place("ACTOR", [0, 5]) }
}

test("a note is about a span or about the article, and its words are trimmed", () => {
  const { remarks, span } = desk()
  remarks.note(span, " siapa ini? \n")
  remarks.note(null, "teks terpotong")
  assert.deepEqual(remarks.notes(span).map(({ text }) => text), ["siapa ini?"])
  assert.deepEqual(remarks.notes(null).map(({ text }) => text), ["teks terpotong"])
  assert.equal(remarks.count(span), 1)
})

test("a note without words is none; one that loses its words goes", () => {
  const { remarks, sent, span } = desk()
  remarks.note(span, "  ")
  assert.equal(sent.length, 1)
  remarks.note(span, "ragu")
  remarks.rewrite(remarks.notes(span)[0], "ragu sekali")
  assert.deepEqual(remarks.notes(span).map(({ text }) => text), ["ragu sekali"])
  remarks.rewrite(remarks.notes(span)[0], "")
  assert.deepEqual(remarks.notes(span), [])
})

test("a note that did not change is not sent again", () => {
  const { remarks, sent, span } = desk()
  remarks.note(span, "ragu")
  remarks.rewrite(remarks.notes(span)[0], " ragu ")
  assert.equal(sent.length, 2)
})

test("flags stand in their order; confidence beside them; nothing left is nothing kept", () => {
  const { remarks, session, span } = desk()
  remarks.toggle(span, "guideline")
  remarks.toggle(span, "unsure")
  remarks.rate(span, 1)
  assert.deepEqual(remarks.flagged(span), {
    id: span, span, flags: ["unsure", "guideline"], confidence: 1,
  })
  remarks.toggle(span, "guideline")
  remarks.toggle(span, "unsure")
  remarks.rate(span, 1)
  assert.equal(session.layer.flags.size, 0)
})

test("the article has flags of its own", () => {
  const { remarks, session } = desk()
  remarks.rate(null, 3)
  assert.deepEqual([...session.layer.flags.keys()], [ARTICLE])
})

test("removing a span takes what was said of it, and undo brings it back", () => {
  const { remarks, session, span } = desk()
  remarks.note(span, "ragu")
  remarks.toggle(span, "discuss")
  remarks.note(null, "tetap")
  session.remove(session.span(span))
  assert.deepEqual([session.layer.notes.size, session.layer.flags.size], [1, 0])
  session.undo()
  assert.equal(remarks.count(span), 2)
})

test("a waiver is one for the same words and label, whatever reason it is given", () => {
  const { remarks, session } = desk()
  remarks.waive("QUOTE", [[6, 13]])
  remarks.waive("QUOTE", [[6, 13]], "judul")
  remarks.waive("ACTOR", [[6, 13]])
  assert.equal(session.layer.waivers.size, 2)
  assert.deepEqual(remarks.waiverOf("QUOTE", [[6, 13]]).text, ["menolak"])
  remarks.unwaive(remarks.waiverOf("QUOTE", [[6, 13]]))
  assert.equal(remarks.waiverOf("QUOTE", [[6, 13]]), undefined)
})

test("a waiver outlives the spans beside it, and is undone like all else", () => {
  const { remarks, session } = desk()
  remarks.waive("QUOTE", [[6, 13]])
  session.undo()
  assert.equal(session.layer.waivers.size, 0)
})
