import { move } from "../lib/operations.js"
import { equal, joined } from "../lib/segments.js"
import { gettext } from "../lib/words.js"

/** A key moves an end by a word, with Alt by a character. */
export function resize(desk, { key, alt, binding }) {
  return desk.onSpan((span) => {
    const how = {
      ...binding.with,
      step: key === "]" || key === "}" ? 1 : -1,
      unit: alt ? "grapheme" : "word",
      index: desk.fragment,
    }
    if (!desk.session.resize(span, how)) desk.say(gettext("No further."))
  })
}

/**
 * The selected span has these fragments, in one step. Afterwards the fragment that a person works
 * on is still that over `at`.
 * @param {any} desk
 * @param {[number, number][]} fragments
 * @param {number} [at] a code point
 */
export function reshape(desk, fragments, at = fragments[0][0]) {
  const { span, session } = desk
  if (equal(fragments, span.fragments)) return
  const index = fragments.findIndex(([start, end]) => start <= at && at < end)
  desk.fragment = fragments.length > 1 && index >= 0 ? index : null
  session.step(move(span.id, fragments, session.article.covered(fragments)))
  desk.say(desk.describe(desk.span))
}

/** The handles of the selected span are shown, where it may change. @param {any} desk */
export function showHandles(desk) {
  const { span, editable, linking, unseen, schema, handles } = desk
  const isOffered = span && editable && !linking && !unseen.has(span.label)
  handles?.show?.(isOffered ? span : null, isOffered ? schema.label(span.label).colour : "")
}
