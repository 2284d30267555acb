import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"

import { Attention } from "../../annotations/static/annotations/js/desk/attending.js"
import {
  KEYMAP,
  StickyLabel,
  bindingsOf,
  notationOf,
} from "../../annotations/static/annotations/js/lib/keymap.js"
import {
  filled,
  gettext,
  inlineAlias,
  ngettext,
} from "../../annotations/static/annotations/js/lib/words.js"

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
  assert.equal(bindingsOf(notation)[0].action, "resize")
})

test("nothing is a key while an input method composes", () => {
  assert.equal(press("j", { isComposing: true }), null)
  assert.equal(press("Process", { keyCode: 229 }), null)
})

test("no key stands for two actions but + and =, which continue a quote first", () => {
  const keys = KEYMAP.flatMap(({ bindings }) => bindings.flatMap((binding) => binding.keys))
  const twice = keys.filter((key, index) => keys.indexOf(key) !== index)
  assert.deepEqual(twice, ["+"])
  assert.deepEqual(
    bindingsOf("+").map(({ action }) => action),
    ["add-fragment", "polarity"],
  )
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
