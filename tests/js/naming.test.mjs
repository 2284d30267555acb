import assert from "node:assert/strict"
import { test } from "node:test"

import {
  MOST_NAME,
  cut,
  definedAlias,
  forbiddenIn,
  isMetonym,
  isStandIn,
  nameFrom,
  rememberable,
} from "../../annotations/static/annotations/js/lib/naming.js"

const words = (text, more = {}) => ({ text, defined: null, standIn: false, metonym: false, ...more })
const entity = (name, ...aliases) => ({ name, aliases: aliases.map((text) => ({ text })) })
const span = (text, attributes = {}) => ({ text: [text], attributes })

test("brackets in the words or right after them define an alias", () => {
  const defined = { name: "Korea Utara", alias: "Korut" }
  assert.deepEqual(definedAlias("Korea Utara (Korut)", " menolak"), defined)
  assert.deepEqual(definedAlias("Korea Utara", " (Korut) menolak"), defined)
  assert.deepEqual(definedAlias("Korea Utara", "(Korut)"), defined)
  assert.deepEqual(definedAlias("国連", "（UN）は"), { name: "国連", alias: "UN" })
  assert.deepEqual(definedAlias("وزارة الري", " (الري)"), { name: "وزارة الري", alias: "الري" })
})

test("what else stands in brackets defines none", () => {
  for (const following of [" (42)", " (yang sejak lama menolak)", ", (Korut)", " tiba", "", " (Korut", " ()"])
    assert.equal(definedAlias("Korea Utara", following), null)
  assert.equal(definedAlias("", "(Korut)"), null)
  assert.equal(definedAlias("Korea Utara (yang sejak lama menolak)", ""), null)
  assert.equal(definedAlias("x", ` (${"y".repeat(1_000_000)})`), null)
})

test("an alias that the text defines is offered ticked, unless it is known", () => {
  const defined = { name: "Korea Utara", alias: "Korut" }
  assert.deepEqual(rememberable(words("Korea Utara", { defined }), entity("Korea Utara")), {
    text: "Korut",
    kind: "abbreviation",
    ticked: true,
  })
  assert.equal(rememberable(words("Korea Utara", { defined }), entity("Korea Utara", "KORUT")), null)
})

test("words an entity is not known by are offered unticked, with a likely kind", () => {
  const kindOf = (text, name, more) => {
    const offer = rememberable(words(text, more), entity(name))
    assert.equal(offer.ticked, false)
    return offer.kind
  }
  assert.equal(kindOf("Menhan AS", "Lloyd Austin"), "role")
  assert.equal(kindOf("Austin", "Lloyd Austin"), "short")
  assert.equal(kindOf("PBB", "Perserikatan Bangsa-Bangsa"), "abbreviation")
  assert.equal(kindOf("Pentagon", "Departemen Pertahanan AS", { metonym: true }), "metonym")
})

test("known words, no words and stand-ins are offered nothing", () => {
  assert.equal(rememberable(words("korea  utara"), entity("Korea Utara")), null)
  assert.equal(rememberable(words("Korut"), entity("Korea Utara", "Korut")), null)
  assert.equal(rememberable(words(""), entity("Korea Utara")), null)
  assert.equal(rememberable(words("ia", { standIn: true }), entity("Kim")), null)
  const defined = { name: "ia", alias: "Kim" }
  assert.equal(rememberable(words("ia", { standIn: true, defined }), entity("Lee")), null)
})

test("pronouns and clitics stand in, by their form or their words", () => {
  for (const text of ["ia", "Mereka", "nya", "-nya", "She", "they"]) assert.ok(isStandIn(span(text)))
  assert.ok(isStandIn(span("sang menteri", { form: "pronoun" })))
  assert.ok(!isStandIn(span("Ia", { form: "name" }))) // somebody is called so
  assert.ok(!isStandIn(span("Menteri Ia")))
})

test("a metonym is what was marked as one", () => {
  assert.ok(isMetonym(span("Pyongyang", { metonymy: "place_for_institution" })))
  for (const metonymy of [undefined, "none", "?"]) assert.ok(!isMetonym(span("AS", { metonymy })))
})

test("what no name may hold is found, and taken out of words of the text", () => {
  assert.equal(forbiddenIn("Kim Yong-hyun 👩🏻‍🚒 الري"), "")
  assert.equal(forbiddenIn("Kim\u202eYong"), "U+202E")
  assert.equal(forbiddenIn("a\nb"), "U+000A")
  assert.equal(nameFrom(" Korea\n Utara\u200f "), "Korea Utara")
  assert.equal(forbiddenIn(nameFrom("\u2066x\u2069\u0000")), "")
})

test("a megabyte is cut to a name, never within a character", () => {
  assert.equal([...cut("🚢".repeat(1_000_000))].length, MOST_NAME)
  assert.equal(cut("🚢".repeat(MOST_NAME)), "🚢".repeat(MOST_NAME))
  assert.equal(cut(`x${"🚢".repeat(MOST_NAME)}`), `x${"🚢".repeat(MOST_NAME - 1)}`)
})
