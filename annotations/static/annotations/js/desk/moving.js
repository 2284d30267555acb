import { selectFirst } from "../dom/key-caps.js"
import { enclosing } from "../lib/expanding.js"
import { joined } from "../lib/segments.js"
import { gettext } from "../lib/words.js"
import { reshape } from "./resizing.js"

/**
 * The word cursor: on and off, and where it goes by key. `key` is the arrow of the keymap,
 * whichever key a person has put in its place; `with` says by which unit, and whether to extend.
 * @type {Record<string, (desk: any, press?: any) => unknown>}
 */
export const MOVING = {
  cursor: (desk) => (desk.text.cursor ? desk.text.leaveTarget() : startCursor(desk)),
  "cursor-move": (desk, { key, binding }) =>
    desk.text.target
      ? desk.text.moveCursor(stepOf(desk, key), binding.with)
      : startCursor(desk, binding.with?.unit),
  "cursor-line": (desk, { key, binding }) =>
    desk.text.target ? desk.text.moveLine(stepOf(desk, key), binding.with) : false,
  "cursor-end": (desk, { key, binding }) =>
    desk.text.target ? desk.text.moveToEnd(key === "End" ? 1 : 0, binding.with) : false,
  expand,
  shrink,
}

function startCursor(desk, unit) {
  const [, end] = desk.span?.fragments[desk.fragment ?? desk.span.fragments.length - 1] ?? []
  const begun = desk.text.startCursor(desk.resumeAt ?? end ?? desk.text.place, unit)
  return begun || desk.say(gettext("Nothing of that kind is in this article."))
}

/** Down is on in every script; right is on only where the text runs to the right. */
function stepOf(desk, key) {
  if (key === "ArrowDown" || key === "ArrowUp") return key === "ArrowDown" ? 1 : -1
  return (key === "ArrowRight") === (desk.text.directionHere === "ltr") ? 1 : -1
}

/** What is chosen grows to the next larger unit; when nothing is, the selected span does. */
function expand(desk) {
  const { text, session, growth, span } = desk
  const index = desk.fragment ?? 0
  const range = text.target ?? span?.fragments[index]
  if (!range) return desk.say(selectFirst(desk.keymap))
  const larger = enclosing(session.article, range)
  if (!larger) return desk.say(gettext("No further."))
  if (!text.target) return desk.onSpan(() => grow(desk, index, larger))
  growth.grew([range], [larger])
  return text.aim(larger)
}

function grow(desk, index, larger) {
  const before = desk.span.fragments
  /** @type {any} */
  const fragments = joined(before.with(index, larger))
  desk.growth.grew(before, fragments)
  reshape(desk, fragments, larger[0])
}

/** What is chosen, or the selected span, is again what it was before it grew. */
function shrink(desk) {
  const { text, growth, span } = desk
  const now = text.target ? [text.target] : span?.fragments
  const before = now && growth.back(now)
  if (!before) return desk.say(gettext("Nothing has grown here."))
  return text.target ? text.aim(before[0]) : desk.onSpan(() => reshape(desk, before))
}
