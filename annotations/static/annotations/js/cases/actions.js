import { gettext } from "../lib/words.js"
import { showCaseHelp } from "./dialogs.js"
import * as settling from "./settling.js"

/**
 * What an adjudicator can do in the panel of cases, by the names its keymap uses. `press` tells of the
 * key. An action that does nothing returns false.
 * @type {Record<string, (cases: import("./adjudication.js").Adjudication, press: any) => unknown>}
 */
export const ACTIONS = {
  take: (cases, { key }) => take(cases, Number(key) - 1),
  "take-chosen": (cases) => take(cases, cases.chosen),
  version: (cases, { binding }) => chooseVersion(cases, binding.with.step),
  adopt,
  merge,
  edit,
  none,
  reopen,
  equal: takeAllEqual,
  reason: (cases) => cases.panel.focusOn("reason"),
  note: (cases) => cases.panel.focusOn("case-note"),
  ask: (cases) => cases.isKnown && cases.current && cases.asking.open(),
  "step-open": (cases, { binding }) => cases.isKnown && cases.stepOpen(binding.with.step),
  step: (cases, { binding }) => cases.isKnown && cases.step(binding.with.step),
  undo: (cases) => cases.travel("undo"),
  redo: (cases) => cases.travel("redo"),
  say: (cases) => cases.isKnown && cases.current && cases.sayCase(),
  leave,
  help: (cases) => showCaseHelp(cases),
}

/** @param {import("./adjudication.js").Adjudication} cases @param {number} place among the versions as they are shown */
function take(cases, place) {
  if (!cases.mayDecide()) return true
  const index = cases.order[place]
  if (index === undefined) return cases.say(gettext("There is no such version."))
  const { to } = cases.current.versions[index]
  if (to && !to.some((end) => cases.board.endOf(end)))
    return cases.say(
      gettext("This version ends at nothing any more: that case was settled as none."),
    )
  return cases.settle((board, one) => settling.take(board, one, index, cases.reason))
}

function chooseVersion(cases, step) {
  if (!cases.isKnown || !cases.current) return false
  const { length } = cases.order
  cases.chosen = (cases.chosen + step + length) % length
  cases.show()
  return cases.panel.sayVersion()
}

function adopt(cases) {
  if (!cases.mayDecide()) return true
  const { board, current } = cases
  const stands = current.kind === "span" ? board.spanOf(current) : board.relationsOf(current).length
  if (!stands) return cases.say(gettext("Nothing of this stands in the article yet."))
  return cases.settle((now, one) => settling.adopt(now, one, cases.reason))
}

/** Open the table of fields, or leave it. */
function merge(cases) {
  if (!cases.mayDecide()) return true
  if (!cases.current.versions[1]?.span)
    return cases.say(gettext("Nothing is to be merged here: it has no two versions of a span."))
  cases.isMerging = !cases.isMerging
  cases.show()
  return cases.isMerging ? cases.panel.focusOn("merge") : cases.enter()
}

/** Go into the article, to the span of the case; where gold has none yet, the version that is chosen
 * is put there first. */
function edit(cases) {
  if (!cases.mayDecide()) return true
  const { board, current, desk } = cases
  if (current.kind !== "span") return editEnds(cases)
  const there = board.spanOf(current)
  const placed = there ? null : settling.placeOf(current.versions[cases.order[cases.chosen]].span)
  if (placed) desk.session.step(placed)
  desk.select(there?.id ?? placed.span.id, { reveal: true })
  cases.leave()
  return cases.say(gettext("Change it as everywhere at the desk; then settle it as it stands."))
}

/** Relations are made from the span they begin at. */
function editEnds(cases) {
  const { span = null } = cases.board.sourceOf(cases.current)
  cases.desk.select(span, { reveal: Boolean(span) })
  cases.leave()
  return cases.say(gettext("Link it as everywhere at the desk; then settle it as it stands."))
}

function none(cases) {
  if (!cases.mayDecide()) return true
  return cases.settle((board, one) => settling.none(board, one, cases.reason))
}

function reopen(cases) {
  if (!cases.desk.editable || !cases.isKnown || !cases.current) return false
  const { settlement } = cases.board.standing(cases.current)
  if (!settlement) return cases.say(gettext("This case is open."))
  cases.desk.session.step(...settling.reopen(cases.board, cases.current))
  cases.follow()
  return cases.say(gettext("Open again."))
}

function takeAllEqual(cases) {
  if (!cases.desk.editable || !cases.isKnown) return false
  const steps = settling.takeAllEqual(cases.board)
  if (!steps.length) return cases.say(gettext("Nothing that all agree on is open."))
  for (const step of steps) cases.desk.session.step(...step)
  cases.follow()
  cases.goOn()
  return cases.say(gettext("Taken: all that the annotators agree on."))
}

/** Leave the innermost thing: the table of fields, then the panel. */
function leave(cases) {
  if (!cases.isMerging) return cases.leave()
  cases.isMerging = false
  cases.show()
  return cases.enter()
}
