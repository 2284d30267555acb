import assert from "node:assert/strict"
import { test } from "node:test"

import { Remarks } from "../../annotations/static/annotations/js/lib/remarks.js"
import { accepted, nearest, openOnes, within } from "../../annotations/static/annotations/js/lib/suggestions.js"
import { articleOf } from "./article-of.mjs"
import { sessionOf } from "./session-of.mjs"

const TEXT = "“Kami siap 🚢,” kata Laras, “besok.” Rania menolak."
const at = (words) => {
  const start = [...TEXT.slice(0, TEXT.indexOf(words))].length
  return [start, start + [...words].length]
}
const words = (...pieces) => ({ fragments: pieces.map(at), text: pieces })
const suggestion = (label, ...pieces) => ({ label, reason: "", score: 1, ...words(...pieces) })

const QUOTE = {
  ...suggestion("QUOTE", "“Kami siap 🚢,”", "“besok.”"),
  attributes: { type: "direct" },
  cue: { ...words("kata"), attributes: { verb_class: "say" } },
  speaker: { ...words("Laras"), attributes: { form: "name" }, entity: { id: "e1", name: "Laras" } },
}
const RANIA = suggestion("ACTOR", "Rania")

function desk() {
  const { session } = sessionOf(articleOf("id", TEXT))
  const accept = (one) => {
    const { id, made } = accepted(one, session)
    session.step(...made)
    return session.span(id)
  }
  const open = () => openOnes([QUOTE, RANIA], session.layer)
  return { session, accept, open, remarks: new Remarks(session) }
}

test("accepting a quote brings its cue and its speaker, as one step", () => {
  const { session, accept } = desk()
  const quote = accept(QUOTE)
  assert.deepEqual([quote.text, quote.attributes], [["“Kami siap 🚢,”", "“besok.”"], { type: "direct" }])
  const labels = session.inOrder.map((span) => [span.label, span.entity])
  assert.deepEqual(labels, [["QUOTE", null], ["CUE", null], ["ACTOR", "e1"]])
  assert.deepEqual([...session.layer.relations.values()].map(({ type }) => type), ["CUED_BY", "SPEAKER"])
  session.undo()
  assert.equal(session.layer.spans.size, 0)
})

test("who is labelled already becomes the speaker as they are", () => {
  const { session, accept } = desk()
  const laras = session.place("ACTOR", at("kata Laras"))
  accept(QUOTE)
  assert.equal(session.layer.spans.size, 3)
  const [speaker] = session.layer.relationsOf(laras)
  assert.equal(speaker.type, "SPEAKER")
})

test("what is labelled or rejected is not open any more", () => {
  const { accept, open, remarks, session } = desk()
  assert.deepEqual(open(), [QUOTE, RANIA])
  remarks.waive("ACTOR", RANIA.fragments)
  assert.deepEqual(open(), [QUOTE])
  accept(QUOTE)
  assert.deepEqual(open(), [])
  session.undo()
  session.place("QUOTE", at("besok"))
  assert.deepEqual(open(), [])
})

test("a quote within a quote stays open when the outer one is labelled", () => {
  const text = "“Kata Rania, ‘besok,’ dan ‘lusa,’” ujar Laras."
  const place = (words) => [text.indexOf(words), text.indexOf(words) + words.length]
  const quote = (words) => ({ label: "QUOTE", fragments: [place(words)], text: [words] })
  const all = within(["“Kata Rania, ‘besok,’ dan ‘lusa,’”", "‘besok,’", "‘lusa,’"].map(quote))
  const [outer, first, second] = all
  const { session } = sessionOf(articleOf("id", text))
  const accept = (one) => {
    const { id, made } = accepted(one, session)
    session.step(...made)
    return session.span(id)
  }
  accept(outer)
  assert.deepEqual(openOnes(all, session.layer), [first, second])
  assert.deepEqual(accept(second).fragments, second.fragments)
  assert.deepEqual(openOnes(all, session.layer), [first])
  session.place("QUOTE", place("Kata Rania, ‘besok,’")) // less than the outer one: it stands for both
  assert.deepEqual(openOnes(all, session.layer), [])
})

test("a span of another label closes nothing", () => {
  const { open, session } = desk()
  session.place("STANCE", at("Rania menolak"))
  assert.deepEqual(open(), [QUOTE, RANIA])
})

test("a long span that begins far before still covers", () => {
  const { open, session } = desk()
  session.place("ACTOR", [0, [...TEXT].length])
  session.place("ACTOR", at("Kami"))
  assert.deepEqual(open(), [QUOTE])
})

test("the nearest is the next one on, around the ends", () => {
  const open = [QUOTE, RANIA]
  assert.equal(nearest(open, 1, 1), RANIA)
  assert.equal(nearest(open, at("menolak")[0], 1), QUOTE)
  assert.equal(nearest(open, at("menolak")[0], -1), RANIA)
  assert.equal(nearest(open, 0, -1), RANIA)
  assert.equal(nearest([], 0, 1), null)
})
