import assert from "node:assert/strict"
import { test } from "node:test"

import { placeBeside } from "../../annotations/static/annotations/js/lib/placing.js"

const ROOM = { top: 60, right: 392, bottom: 792 }
const SIZE = { width: 200, height: 100 }
const place = (top, bottom, byTouch, left = 40) =>
  placeBeside({ top, bottom, left }, SIZE, ROOM, byTouch)

test("with a mouse it stands above the words, where there is room, else below", () => {
  assert.deepEqual(place(300, 320, false), { left: 40, top: 190 })
  assert.equal(place(120, 140, false).top, 150)
  assert.equal(place(0, 790, false).top, 692)
})

test("by touch it stands below the words and the handles of the system", () => {
  assert.equal(place(300, 320, true).top, 364)
})

test("by touch it stands at an edge of the window rather than over the words", () => {
  assert.equal(place(640, 660, true).top, 692)
  assert.equal(place(700, 720, true).top, 60)
  assert.equal(place(80, 720, true).top, 692)
})

test("it never leaves the window", () => {
  assert.equal(place(300, 320, false, 350).left, 192)
  assert.equal(place(300, 320, false, -50).left, 8)
  assert.equal(place(900, 920, false).top, 790 - 0)
  assert.equal(place(-90, -70, false).top, 60)
})
