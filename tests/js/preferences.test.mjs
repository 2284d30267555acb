import assert from "node:assert/strict"
import { test } from "node:test"

import { BINDINGS } from "../../annotations/static/annotations/js/lib/keymap.js"
import {
  THEMES,
  nextTheme,
  readUnsent,
  reshapes,
  stillUnsent,
  valueOf,
  withKeys,
} from "../../annotations/static/annotations/js/lib/preferences.js"

test("the switch goes through every theme and begins again", () => {
  const seen = THEMES.map((theme) => nextTheme(theme))
  assert.deepEqual(seen.toSorted(), THEMES.toSorted())
  assert.equal(nextTheme("auto"), "light")
  assert.equal(nextTheme(undefined), "auto")
  assert.equal(nextTheme("pink"), "auto")
})

test("a form writes numbers and truth as text", () => {
  assert.deepEqual(["3", "true", "false", "wide", ""].map(valueOf), [3, true, false, "wide", ""])
})

test("only what breaks lines elsewhere moves the text", () => {
  const shown = { fontSize: "3", lineLength: "wide" }
  assert.ok(reshapes({ font_size: 4 }, shown))
  assert.ok(!reshapes({ font_size: 3, line_length: "wide", theme: "dark", keys: {} }, shown))
})

test("what waits is read, and nonsense is nothing", () => {
  assert.deepEqual(readUnsent('{"theme":"dark"}'), { theme: "dark" })
  for (const text of [null, "", "{", "[1]", "null", "7"]) assert.deepEqual(readUnsent(text), {})
})

test("what was chosen anew while the server answered still waits", () => {
  const sent = { theme: "dark", keys: { undo: ["u"] } }
  assert.deepEqual(stillUnsent({ ...sent }, sent), {})
  assert.deepEqual(stillUnsent({ ...sent, theme: "sepia", font_size: 4 }, sent), {
    theme: "sepia",
    font_size: 4,
  })
})

test("a binding gets keys of its own, loses them, and has none at all", () => {
  const undo = BINDINGS.find(({ id }) => id === "undo")
  const own = withKeys({ redo: ["r"] }, undo, ["u"])
  assert.deepEqual(own, { redo: ["r"], undo: ["u"] })
  assert.deepEqual(withKeys(own, undo, null), { redo: ["r"] })
  assert.deepEqual(withKeys(own, undo, undo.keys), { redo: ["r"] })
  assert.deepEqual(withKeys(own, undo, []), { redo: ["r"], undo: [] })
})
