import { give, write } from "../dom/html.js"
import { gettext, filled } from "../lib/words.js"

/** The palette: counts, the label of what is selected, the sticky one, its guideline. @param {any} desk */
export function showPalette(desk) {
  const counts = new Map()
  for (const { label } of desk.session.layer.spans.values())
    counts.set(label, (counts.get(label) ?? 0) + 1)
  const shown = desk.sticky.label ?? desk.span?.label
  for (const button of desk.querySelectorAll(".palette [data-label]")) {
    const { label } = button.dataset
    write(button.querySelector(".count"), String(counts.get(label) ?? 0))
    give(button, "aria-pressed", String(shown === label))
    button.toggleAttribute("data-sticky", desk.sticky.label === label)
  }
  for (const guide of desk.querySelectorAll(".guide"))
    if (guide.hidden === (guide.dataset.label === shown)) guide.hidden = !guide.hidden
}

/** Whether there is something to redo. (To undo there may be more than this page knows.) @param {any} desk */
export function showHistory(desk) {
  const button = document.getElementById("desk-redo")
  if (button) give(button, "aria-disabled", String(!desk.session.layer.history.undone.length))
}

/** The relations of the selected span and of the one under the pointer, drawn to the spans at their
 * other ends. @param {any} desk */
export function showWires(desk) {
  const { session, span, text } = desk
  const wires = new Map()
  for (const one of [span, session.span(text.hovered)].filter(Boolean))
    for (const relation of session.layer.relationsOf(one.id))
      if (!wires.has(relation.id)) wires.set(relation.id, wireOf(desk, one, relation))
  desk.wires.show?.(text, [...wires.values()].flat())
}

/** From a span to the other end, whichever way the relation goes. */
function wireOf(desk, span, { from, to, type }) {
  const leaves = from.span === span.id
  const other = desk.session.span(leaves ? to.span : from.span)
  if (!other) return []
  const name = desk.schema.nameOf(desk.schema.relation(type))
  const { colour } = desk.schema.label(span.label)
  return [{ from: span, to: other, name: leaves ? name : `← ${name}`, colour }]
}

/** Every shown span on the strip beside the article. @param {any} desk */
export function showMap(desk) {
  const spans = () =>
    desk.session.inOrder
      .filter(({ label }) => !desk.unseen.has(label))
      .map(({ label, fragments }) => ({ colour: desk.schema.label(label).colour, fragments }))
  desk.map?.show?.(spans, desk.state.article.length)
}

/** What the word cursor stands on, and in which spans, for a person who listens. */
export function cursorWords(desk, words, offset) {
  const here = desk.session
    .over(offset)
    .map(({ label }) => desk.schema.nameOf(desk.schema.label(label)))
  return here.length
    ? filled(gettext("%(words)s — in %(labels)s"), { words, labels: here.join(", ") })
    : words
}
