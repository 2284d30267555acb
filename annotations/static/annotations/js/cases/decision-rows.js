import { keyCap } from "../dom/key-caps.js"
import { h, quoted, shortened } from "../dom/html.js"
import { moment } from "../lib/moments.js"
import { filled, gettext } from "../lib/words.js"
import { decisionOf, wordsOf } from "./telling.js"

/** @typedef {import("./adjudication.js").Adjudication} Adjudication */

/** What was decided, by whom and why, and a way to open the case again.
 * @param {Adjudication} cases @param {import("./standing.js").Settlement} settlement */
export function settledOf(cases, settlement) {
  const { desk, people, keymap, current } = cases
  const by = settlement.author ? filled(gettext("by %(name)s"), { name: settlement.author }) : ""
  const when = settlement.at ? moment(settlement.at, cases.schema.language) : ""
  return h(
    "div",
    { class: "case-settled" },
    h(
      "p",
      {},
      h("span", { class: "case-check", "aria-hidden": "true" }, "✓ "),
      h("strong", {}, decisionOf(settlement, people, current)),
      isChanged(cases, settlement) && ` ${gettext("and changed by hand since")}`,
      h("span", { class: "muted small" }, " ", [by, when].filter(Boolean).join(" · ")),
    ),
    settlement.reason && h("p", { class: "small", dir: "auto" }, settlement.reason),
    desk.editable &&
      h(
        "button",
        {
          type: "button",
          class: "button button-small",
          "data-focus": "reopen",
          onclick: () => cases.act("reopen"),
        },
        gettext("Open again"),
        keyCap(keymap, "case-reopen"),
      ),
  )
}

/** Whether what was taken does not look any more as the annotator had it. */
function isChanged({ current, board }, { decision, took }) {
  if (current.kind !== "span" || decision === "merge" || decision === "none") return false
  const version =
    decision === "take"
      ? current.versions.find(({ layers }) => layers.includes(took))
      : current.versions[0]
  const span = board.spanOf(current)
  if (!version || !span) return false
  const told = ({ label, fragments, attributes }, entity) =>
    JSON.stringify([label, fragments, Object.entries(attributes).sort(), entity])
  return told(version.span, version.span.entity?.id ?? null) !== told(span, span.entity)
}

/** The other decisions, the reason, and a note. @param {Adjudication} cases */
export function decisionsOf(cases) {
  const { desk, current } = cases
  if (!desk.editable) return null
  return h(
    "section",
    { class: "case-decisions", "aria-label": gettext("Decisions") },
    h(
      "div",
      { class: "case-ways" },
      current.versions[1]?.span && way(cases, "merge", gettext("Merge"), "case-merge"),
      way(cases, "edit", gettext("Edit"), "case-edit"),
      way(cases, "none", gettext("None is right"), "case-none"),
    ),
    fieldOf(cases, "reason", gettext("Reason (optional)"), "case-reason", cases.reason, (text) =>
      cases.explain(text),
    ),
    fieldOf(
      cases,
      "case-note",
      gettext("Note"),
      "case-note",
      cases.notes.get(current.id) ?? "",
      (text) => note(cases, text),
    ),
  )
}

const way = (cases, action, words, binding) =>
  h(
    "button",
    {
      type: "button",
      class: "button button-small",
      "data-focus": `way-${action}`,
      onclick: () => cases.act(action),
    },
    words,
    keyCap(cases.keymap, binding),
  )

const MOST_WRITTEN = 2000

function fieldOf(cases, name, words, binding, text, keep) {
  const field = h("textarea", {
    class: "input note-field",
    rows: "1",
    id: `case-field-${name}`,
    maxlength: String(MOST_WRITTEN),
    dir: "auto",
    "data-focus": name,
    onchange: () => keep(field.value),
    oninput: () =>
      (name === "reason" ? cases.reasons : cases.notes).set(cases.current.id, field.value),
  })
  field.value = text
  return h(
    "div",
    { class: "case-field" },
    h("label", { for: field.id, class: "attribute-name" }, words, keyCap(cases.keymap, binding)),
    field,
  )
}

/** A note stands on the span that came of the case; where there is none, on the article, and says what
 * it is about. */
function note(cases, text) {
  const { current, board, desk, notes } = cases
  if (!text.trim()) return
  notes.delete(current.id)
  const span =
    current.kind === "span"
      ? board.spanOf(current)
      : desk.session.span(board.sourceOf(current)?.span)
  const shape = (current.kind === "span" ? current : board.case(current.from))?.versions[0].span
  const about = !span && shape ? `${quoted(shortened(wordsOf(shape), 60))}: ` : ""
  desk.remarks.note(span?.id ?? null, `${about}${text}`)
  cases.say(gettext("Noted."))
}
