import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"

import {
  ARTICLE_BINDINGS,
  CASE_BINDINGS,
} from "../../annotations/static/annotations/js/cases/keys.js"
import { Attention } from "../../annotations/static/annotations/js/desk/attending.js"
import {
  BINDINGS,
  Keymap,
  KEYMAP,
  StickyLabel,
  notationOf,
  pressOf,
} from "../../annotations/static/annotations/js/lib/keymap.js"
import { isSingle, shownKey } from "../../annotations/static/annotations/js/lib/keys.js"
import {
  filled,
  gettext,
  inlineAlias,
  ngettext,
} from "../../annotations/static/annotations/js/lib/words.js"
import {
  isWhole,
  nameOf,
  objectionTo,
} from "../../annotations/static/annotations/js/preferences/objecting.js"

const binding = (id) => BINDINGS.find((one) => one.id === id)
const actionsOf = (keymap, notation) => keymap.bindingsOf(notation).map(({ action }) => action)
const press = (key, more = {}) => notationOf({ key, code: "", keyCode: 0, ...more })

test("a key is written with its modifiers, always in the same order", () => {
  assert.equal(press("z", { ctrlKey: true, shiftKey: true }), "Mod+Shift+z")
  assert.equal(press("Z", { metaKey: true, shiftKey: true }), "Mod+Shift+z")
  assert.equal(press("ArrowLeft", { altKey: true, shiftKey: true }), "Alt+Shift+ArrowLeft")
  assert.equal(press("Z", { shiftKey: true }), "Shift+z")
  assert.equal(press("j"), "j")
})

test("signs need Shift on some keyboards and not on others", () => {
  assert.equal(press("?", { shiftKey: true }), "?")
  assert.equal(press("{", { shiftKey: true }), "{")
  assert.equal(press("@", { ctrlKey: true, altKey: true, getModifierState: () => true }), "@")
})

test("with Alt a bracket is known by its place", () => {
  const notation = press("“", { altKey: true, code: "BracketLeft" })
  assert.equal(notation, "Alt+[")
  assert.deepEqual(actionsOf(new Keymap(), notation), ["resize"])
})

test("nothing is a key while an input method composes", () => {
  assert.equal(press("j", { isComposing: true }), null)
  assert.equal(press("Process", { keyCode: 229 }), null)
})

test("no key stands for two actions but + and =, which continue a quote first", () => {
  const keys = KEYMAP.flatMap(({ bindings }) => bindings.flatMap((binding) => binding.keys))
  const twice = keys.filter((key, index) => keys.indexOf(key) !== index)
  assert.deepEqual(twice, ["+"])
  assert.deepEqual(actionsOf(new Keymap(), "+"), ["add-fragment", "polarity"])
})

test("every binding has an id and a name that no other has", () => {
  for (const told of [BINDINGS.map(({ id }) => id), BINDINGS.map(nameOf)])
    assert.deepEqual(
      told.filter((one, index) => told.indexOf(one) !== index),
      [],
    )
})

test("in the panel of cases no key stands for two actions, and no name is said twice", () => {
  const unlike = (told) => told.filter((one, index) => told.indexOf(one) !== index)
  assert.deepEqual(unlike(CASE_BINDINGS.flatMap(({ keys }) => keys)), [])
  assert.deepEqual(unlike(CASE_BINDINGS.map(nameOf)), [])
  const article = [...BINDINGS, ...ARTICLE_BINDINGS].flatMap(({ keys }) => keys)
  assert.deepEqual(unlike(article), ["+"])
})

test("a key means one thing in the article and another in the panel of cases", () => {
  const own = { keys: { "case-none": ["q"], undo: ["p"] } }
  assert.deepEqual(actionsOf(new Keymap(own, CASE_BINDINGS), "q"), ["none"])
  assert.deepEqual(actionsOf(new Keymap(own, CASE_BINDINGS), "3"), ["take"])
  assert.deepEqual(actionsOf(new Keymap(own), "q"), ["label-by-quote"])
  const article = new Keymap(own, [...BINDINGS, ...ARTICLE_BINDINGS])
  assert.deepEqual(actionsOf(article, "p"), ["undo"])
  const panel = new Keymap({}, CASE_BINDINGS)
  const none = CASE_BINDINGS.find(({ id }) => id === "case-none")
  assert.match(objectionTo(panel, none, "1"), /already means/)
  assert.equal(objectionTo(panel, none, "x"), null)
})

test("a person's own key stands for the one of the keymap, which then means nothing", () => {
  const own = new Keymap({ keys: { "polarity-against": ["ö"], "word-right": ["Alt+l"] } })
  assert.deepEqual(own.bindingsOf("ö"), [binding("polarity-against")])
  assert.deepEqual(actionsOf(own, "-"), [])
  assert.deepEqual(pressOf(own.bindingsOf("ö")[0]), { key: "-", alt: false })
  assert.deepEqual(pressOf(own.bindingsOf("Alt+l")[0]), { key: "ArrowRight", alt: false })
  assert.deepEqual(pressOf(binding("polarity-favor")), { key: "+", alt: false })
  assert.deepEqual(pressOf(binding("resize-start-character-back")), { key: "[", alt: true })
})

test("a key that a person gave to something else is no longer another's", () => {
  const own = new Keymap({ keys: { undo: ["j"] } })
  assert.deepEqual(actionsOf(own, "j"), ["undo"])
  assert.deepEqual(own.keysOf(binding("next-span")), [])
})

test("a binding may have no key at all, and the digits stay the schema's", () => {
  const own = new Keymap({ keys: { undo: [], label: ["q"] } })
  assert.deepEqual(actionsOf(own, "Mod+z"), [])
  assert.deepEqual(actionsOf(own, "q"), [])
  assert.deepEqual(actionsOf(own, "1"), ["label"])
})

test("without single keys only those with Ctrl, Alt or a name are heard", () => {
  const quiet = new Keymap({ single_keys: false })
  for (const notation of ["j", "Shift+j", "1", "?", "+", "["])
    assert.deepEqual([quiet.hears(notation), actionsOf(quiet, notation)], [false, []])
  assert.deepEqual(actionsOf(quiet, "Mod+z"), ["undo"])
  assert.deepEqual(actionsOf(quiet, "Alt+["), ["resize"])
  assert.deepEqual(actionsOf(quiet, "Enter"), ["inspect"])
  assert.deepEqual(quiet.heardOf(binding("undo")), ["Mod+z"])
  assert.deepEqual(quiet.keysOf(binding("undo")), ["z", "Mod+z"])
})

test("a single key is one character, however many units it takes", () => {
  for (const notation of ["j", "Shift+j", "+", "Shift+é", "𞤀"]) assert.ok(isSingle(notation))
  for (const notation of ["Mod+j", "Alt+j", "Mod++", "Enter", "Shift+F2"])
    assert.ok(!isSingle(notation))
})

test("a modifier alone and a dead key are no choice", () => {
  for (const notation of ["Mod+Control", "Shift+Shift", "Alt+Alt", "Dead", "Alt+Dead"])
    assert.ok(!isWhole(notation))
  for (const notation of ["Enter", "Mod+Shift+z", "+", "Mod++"]) assert.ok(isWhole(notation))
})

test("a key that means something already is refused with what it means", () => {
  const keymap = new Keymap({ keys: { undo: ["u"] } })
  const why = (id, notation) => objectionTo(keymap, binding(id), notation)
  assert.match(why("redo", "u"), /“U” already means: Undo/)
  assert.match(why("redo", "+"), /already means: Continue/)
  assert.equal(why("redo", "z"), null)
  assert.equal(why("redo", "Shift+z"), null)
  assert.match(why("redo", "3"), /digits are the schema's/)
  for (const notation of ["Tab", "Shift+Tab", "Mod+c", "Mod+w", "F5", " "])
    assert.match(why("redo", notation), /belongs to the browser/)
})

test("keys that share in the keymap may share again, and no others", () => {
  const keymap = new Keymap({ keys: { "polarity-favor": ["f2"], undo: ["+"] } })
  const free = new Keymap({ keys: { "polarity-favor": ["f2"] } })
  assert.equal(objectionTo(free, binding("polarity-favor"), "+"), null)
  assert.match(objectionTo(keymap, binding("polarity-favor"), "+"), /Undo/)
})

test("keys are shown as people write them", () => {
  assert.equal(shownKey("Mod+Shift+z"), "Ctrl ⇧ Z")
  assert.equal(shownKey("+"), "+")
  assert.equal(shownKey("Mod++"), "Ctrl +")
  assert.equal(shownKey("Shift+PageDown"), "⇧ PgDn")
  assert.equal(shownKey("Alt+ArrowLeft"), "Alt ←")
})

test("every key says what it does", () => {
  for (const { title, bindings } of KEYMAP)
    for (const binding of bindings) assert.ok(title() && binding.says().length > 3)
})

test("a label key pressed twice within 400 ms keeps labelling, later it labels again", () => {
  const sticky = new StickyLabel()
  assert.deepEqual([sticky.press("QUOTE", 0), sticky.label], ["once", null])
  assert.deepEqual([sticky.press("QUOTE", 400), sticky.label], ["keep", "QUOTE"])
  assert.deepEqual([sticky.press("QUOTE", 500), sticky.label], ["once", null])
  assert.equal(sticky.press("ACTOR", 600), "once")
  assert.equal(sticky.press("ACTOR", 1100), "once")
  sticky.press("ACTOR", 1200)
  sticky.release()
  assert.equal(sticky.label, null)
})

test("a label key pressed again after another key labels once more", () => {
  const sticky = new StickyLabel()
  sticky.press("QUOTE", 0)
  sticky.interrupt()
  assert.deepEqual([sticky.press("QUOTE", 100), sticky.label], ["once", null])
  assert.equal(sticky.press("QUOTE", 200), "keep")
})

test("seconds count soon after a sign of life and never in a pause", () => {
  const attention = new Attention(0)
  assert.equal(attention.take(100), 0)
  attention.sign(100)
  attention.sign(110)
  assert.equal(attention.take(115), 15)
  assert.equal(attention.take(500), 25)
  attention.sign(1000)
  assert.equal(attention.take(1000.6), 0)
  assert.equal(attention.take(1001), 1)
})

const names = JSON.parse(readFileSync(new URL("../vectors/names.json", import.meta.url)))
for (const { text, name, alias } of names)
  test(`an alias in brackets as in Python: ${text}`, () => {
    assert.deepEqual(inlineAlias(text), name && { name, alias })
  })

test("words fall back on their source, and sentences are filled", () => {
  assert.equal(gettext("Undo"), "Undo")
  assert.equal(ngettext("%(count)s thing", "%(count)s things", 2), "%(count)s things")
  assert.equal(filled("%(count)s of %(name)s", { count: 2, name: "x" }), "2 of x")
})
