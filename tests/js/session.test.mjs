import assert from "node:assert/strict"
import { test } from "node:test"

import { badgeOf } from "../../annotations/static/annotations/js/lib/segments.js"
import { inReading } from "../../annotations/static/annotations/js/lib/schema.js"
import { Unfinished } from "../../annotations/static/annotations/js/lib/unfinished.js"
import { articleOf } from "./article-of.mjs"
import { atribusi } from "./schema-of.mjs"
import { sessionOf } from "./session-of.mjs"

const BLOCKS = ["“Kami siap,” kata Laras, “besok pagi 🚢.”\n", "Warga menolak rencana itu."]

/** A session over an article; words are found by their text. */
function desk() {
  const { session, sent, draft, unfinished } = sessionOf(articleOf("id", ...BLOCKS))
  const range = (words) => {
    const start = [...BLOCKS.join("")].join("").indexOf(words)
    const from = [...BLOCKS.join("").slice(0, start)].length
    return [from, from + [...words].length]
  }
  const place = (label, words) => session.span(session.place(label, range(words)))
  return { session, sent, range, place, draft, unfinished }
}

test("the spans over a place are found whatever lies over what, and after each change", () => {
  const { session } = sessionOf(articleOf("id", "kata ".repeat(100)))
  const naive = (offset) =>
    [...session.layer.spans.values()].filter(({ fragments }) =>
      fragments.some(([start, end]) => start <= offset && offset < end),
    )
  const agree = () => {
    for (let offset = 0; offset <= 500; offset += 7) {
      const ids = (spans) => spans.map(({ id }) => id).sort()
      assert.deepEqual(ids(session.over(offset)), ids(naive(offset)))
    }
  }
  const ids = [[0, 480], [5, 9], [20, 200], [20, 24], [150, 154], [300, 320]].map((range) =>
    session.place("QUOTE", range),
  )
  agree()
  assert.equal(session.spanAt("QUOTE", [[20, 24]]).id, ids[3])
  assert.equal(session.spanAt("QUOTE", [[20, 25]]), undefined)
  session.addFragment(session.span(ids[1]), [400, 410])
  agree()
  session.remove(session.span(ids[0]))
  agree()
})

test("a placed span carries the exact text of its fragment", () => {
  const { place } = desk()
  assert.deepEqual(place("QUOTE", "“besok pagi 🚢.”").text, ["“besok pagi 🚢.”"])
})

test("a span may reach over a block", () => {
  const { place } = desk()
  assert.deepEqual(place("QUOTE", "🚢.”\nWarga").text, ["🚢.”\nWarga"])
})

test("continuing a quote adds a fragment; what touches becomes one", () => {
  const { session, place, range } = desk()
  const quote = place("QUOTE", "“Kami siap,”")
  session.addFragment(quote, range("“besok pagi 🚢.”"))
  assert.deepEqual(session.span(quote.id).text, ["“Kami siap,”", "“besok pagi 🚢.”"])
  session.addFragment(session.span(quote.id), range(" kata Laras, "))
  assert.equal(session.span(quote.id).fragments.length, 1)
})

test("a fragment can be taken out, but never the last one", () => {
  const { session, place, range } = desk()
  const quote = place("QUOTE", "“Kami siap,”")
  session.addFragment(quote, range("“besok"))
  session.removeFragment(session.span(quote.id), 0)
  assert.deepEqual(session.span(quote.id).text, ["“besok"])
  session.removeFragment(session.span(quote.id), 0)
  assert.deepEqual(session.span(quote.id).text, ["“besok"])
})

test("edges move by words and by characters, and stop before nothing is left", () => {
  const { session, place } = desk()
  const { id } = place("ACTOR", "Laras")
  const resize = (side, step, unit = "word") =>
    session.resize(session.span(id), { side, step, unit })
  resize(0, -1)
  assert.deepEqual(session.span(id).text, ["kata Laras"])
  resize(0, 1)
  resize(1, 1)
  assert.deepEqual(session.span(id).text, ["Laras, “besok"])
  resize(1, -1)
  resize(1, -1, "grapheme")
  assert.deepEqual(session.span(id).text, ["Lara"])
  assert.equal(resize(0, 1), false)
})

test("an edge that reaches the next fragment joins it", () => {
  const { session, place, range } = desk()
  const { id } = place("QUOTE", "kata")
  session.addFragment(session.span(id), range("besok"))
  session.resize(session.span(id), { side: 0, step: -1, unit: "word", index: 1 })
  session.resize(session.span(id), { side: 0, step: -1, unit: "word", index: 1 })
  assert.deepEqual(session.span(id).text, ["kata Laras, “besok"])
})

test("choosing a chosen value takes it back, cycling goes round through unset", () => {
  const { session, place } = desk()
  const { id } = place("QUOTE", "Kami")
  session.choose(session.span(id), "type", "direct")
  assert.equal(session.span(id).attributes.type, "direct")
  session.choose(session.span(id), "type", "direct")
  assert.deepEqual(session.span(id).attributes, {})
  const [type] = atribusi.label("QUOTE").attributes
  for (let i = 0; i < 6; i += 1) session.cycle(session.span(id), type)
  assert.equal(session.span(id).attributes.type, "?")
  session.cycle(session.span(id), type)
  assert.deepEqual(session.span(id).attributes, {})
})

test("relations offered between two spans follow the schema, in both directions", () => {
  const { session, place } = desk()
  const quote = place("QUOTE", "“Kami siap,”")
  const actor = place("ACTOR", "Laras")
  const names = (ways) => ways.map(({ type, from }) => `${type.key} ${from.label}`)
  assert.deepEqual(names(session.relatable(actor, quote)), [
    "SPEAKER QUOTE",
    "ADDRESSEE QUOTE",
    "VIA QUOTE",
  ])
  session.relate(atribusi.relation("SPEAKER"), { span: quote.id }, { span: actor.id })
  assert.deepEqual(names(session.relatable(quote, actor)), ["ADDRESSEE QUOTE", "VIA QUOTE"])
})

test("a quote is nested only in one that reaches around it", () => {
  const { session, place } = desk()
  const [outer, inner, other] = [
    place("QUOTE", "“Kami siap,”"),
    place("QUOTE", "siap"),
    place("QUOTE", "besok"),
  ]
  const nested = (a, b) => session.relatable(a, b).map(({ from }) => from.id)
  assert.deepEqual(nested(outer, inner), [inner.id])
  assert.deepEqual(nested(outer, other), [])
})

test("where one is the most, a new relation takes the place of the old, in one step", () => {
  const { session, place, sent } = desk()
  const quote = place("QUOTE", "“Kami siap,”")
  const [one, other] = [place("CUE", "kata"), place("CUE", "menolak")]
  const cued = atribusi.relation("CUED_BY")
  session.relate(cued, { span: quote.id }, { span: one.id })
  session.relate(cued, { span: quote.id }, { span: other.id })
  const made = [...session.layer.relations.values()]
  assert.deepEqual(
    made.map(({ to }) => to.span),
    [other.id],
  )
  assert.equal(new Set(sent.at(-1).map(({ group }) => group)).size, 1)
})

test("a stance without holder, target and polarity is unfinished, and is finished by them", () => {
  const { session, place, unfinished } = desk()
  const stance = place("STANCE", "menolak")
  const missing = () => unfinished.of(stance.id)
  assert.deepEqual(
    missing().map((one) => (one.relation ?? one.attribute).key),
    ["HOLDER", "TOWARD", "polarity"],
  )
  session.choose(stance, "polarity", "against")
  session.relate(
    atribusi.relation("HOLDER"),
    { span: stance.id },
    { span: place("ACTOR", "Warga").id },
  )
  session.relate(
    atribusi.relation("TOWARD"),
    { span: stance.id },
    { span: place("TARGET", "rencana itu").id },
  )
  assert.deepEqual(missing(), [])
})

test("walking the spans goes in reading order and round the ends", () => {
  const { session, place } = desk()
  const [later, first, nested] = [
    place("ACTOR", "Warga"),
    place("QUOTE", "“Kami siap,”"),
    place("ACTOR", "Kami"),
  ]
  assert.deepEqual(
    session.inOrder.map(({ id }) => id),
    [first.id, nested.id, later.id],
  )
  assert.equal(session.neighbour(later.id, 1).id, first.id)
  assert.equal(session.neighbour(first.id, -1).id, later.id)
  assert.equal(session.neighbour(null, 1, { from: later.fragments[0][0] }).id, later.id)
  assert.equal(session.neighbour(null, -1, { from: 99 }).id, later.id)
  assert.equal(
    session.neighbour(first.id, 1, { among: ({ label }) => label === "ACTOR" }).id,
    nested.id,
  )
})

test("the spans over a place come from inside out", () => {
  const { session, place } = desk()
  const [quote, actor] = [place("QUOTE", "“Kami siap,”"), place("ACTOR", "Kami")]
  assert.deepEqual(
    session.over(actor.fragments[0][0]).map(({ id }) => id),
    [actor.id, quote.id],
  )
  assert.deepEqual(session.over(30), [])
})

test("retagging to the same label, linking to the same entity and moving nowhere send nothing", () => {
  const { session, place, sent } = desk()
  const actor = place("ACTOR", "Laras")
  session.retag(actor, "ACTOR")
  session.link(actor, null)
  session.addFragment(actor, actor.fragments[0])
  assert.equal(sent.length, 1)
})

test("undo and redo say whether they knew what to do", () => {
  const { session, place } = desk()
  assert.equal(session.undo(), false)
  place("ACTOR", "Laras")
  assert.equal(session.undo(), true)
  assert.equal(session.layer.spans.size, 0)
  assert.equal(session.redo(), true)
  assert.equal(session.layer.spans.size, 1)
})

test("a badge is the label's letter and the sign of the stance", () => {
  const span = { attributes: { polarity: "against" } }
  assert.equal(badgeOf(span, atribusi.label("STANCE")), "S−")
  assert.equal(badgeOf({ attributes: {} }, atribusi.label("QUOTE")), "Q")
  assert.equal(badgeOf({ attributes: {} }, undefined), "?")
})

test("order and what is missing, kept up with every change, are what they would be made anew", () => {
  const { session, range, place, unfinished } = desk()
  let seed = 7
  const chance = (most) => (seed = (seed * 16807) % 2147483647) % most
  const words = ["“Kami siap,”", "kata", "Laras", "besok pagi", "Warga", "menolak", "rencana itu"]
  const pick = () => session.inOrder[chance(session.inOrder.length)]
  const steps = [
    () => place(["ACTOR", "STANCE", "TARGET", "QUOTE"][chance(4)], words[chance(7)]),
    () => session.resize(pick(), { side: 1, step: 1, unit: "word" }),
    () => session.addFragment(pick(), range(words[chance(7)])),
    () => session.retag(pick(), ["ACTOR", "STANCE"][chance(2)]),
    () => session.choose(pick(), "polarity", "favor"),
    () => session.relate(atribusi.relation("HOLDER"), { span: pick().id }, { span: pick().id }),
    () => session.remove(pick()),
    () => session.undo(),
    () => session.redo(),
  ]
  for (let i = 0; i < 300; i += 1) {
    steps[session.inOrder.length ? chance(steps.length) : 0]()
    const anew = new Unfinished(atribusi)
    anew.follow(session.layer, [...session.layer.spans.keys(), ...session.layer.relations.keys()])
    const spans = [...session.layer.spans.values()]
    assert.deepEqual(session.inOrder, spans.sort(inReading))
    for (const { id } of spans) assert.deepEqual(unfinished.of(id), anew.of(id))
    assert.equal(unfinished.size, anew.size)
  }
})
