import { uuid7 } from "../lib/operations.js"
import { shortened } from "../dom/html.js"
import { request } from "../dom/requests.js"
import { filled, gettext } from "../lib/words.js"

/**
 * What a person can do, by the names the keymap uses. `desk` is the label-desk element; `press`
 * tells of the key: `{key, alt, binding}`. An action that does nothing returns false, and the key
 * keeps its own meaning in the browser.
 * @type {Record<string, (desk: any, press?: any) => unknown>}
 */
export const ACTIONS = {
  label: () => false, // the schema says which keys label: see label-desk
  "add-fragment": addFragment,
  "remove-fragment": (desk, { index }) =>
    desk.onSpan((span) => desk.session.removeFragment(span, index)),
  remove,
  cursor: (desk) => (desk.text.cursor ? desk.text.leaveTarget() : startCursor(desk)),
  "cursor-move": moveCursor,
  "cursor-line": (desk, { key }) =>
    desk.text.cursor ? desk.text.moveLine(key === "ArrowDown" ? 1 : -1) : false,
  "next-span": (desk) => desk.step(1),
  "previous-span": (desk) => desk.step(-1),
  "next-unfinished": nextUnfinished,
  cycle: (desk) =>
    desk.cycleAt(desk.text.cursor?.focus[0] ?? desk.span?.fragments[desk.fragment ?? 0][0]),
  inspect: (desk) =>
    desk.linking ? desk.finishLink() : desk.span ? desk.inspector.enter() : false,
  resize,
  "say-place": sayPlace,
  entity: (desk) =>
    desk.onSpan(
      () =>
        desk.inspector.picker?.focus() ?? desk.say(gettext("This label has no registry entry.")),
    ),
  "new-entity": (desk) =>
    desk.onSpan(
      () =>
        desk.inspector.picker?.create() ?? desk.say(gettext("This label has no registry entry.")),
    ),
  link: (desk, { type } = {}) => desk.startLink(type ?? null),
  pick: (desk, { type }) => desk.pickEntity(type),
  unrelate: (desk, { id }) => desk.session.unrelate(id),
  select: (desk, { id }) => desk.select(id, { reveal: true }),
  choose: (desk, { attribute, value }) =>
    desk.onSpan((span) => desk.session.choose(span, attribute, value)),
  write: (desk, { attribute, value }) =>
    desk.onSpan((span) => desk.session.write(span, attribute, value)),
  "cycle-value": cycleValue,
  polarity,
  undo: (desk) => desk.travel("undo"),
  redo: (desk) => desk.travel("redo"),
  submit: (desk) => desk.submit(),
  "next-article": (desk) => desk.nextArticle(),
  cancel,
  help: (desk) => desk.help(),
}

/** A selection while a span is selected continues it: a further fragment. */
function addFragment(desk) {
  const range = desk.text.target
  if (!range || !desk.span) return false
  desk.session.addFragment(desk.span, range)
  desk.text.leaveTarget()
  desk.say(
    filled(gettext("Added “%(text)s”"), {
      text: shortened(desk.session.article.slice(...range), 40),
    }),
  )
  return true
}

function remove(desk) {
  return desk.onSpan((span) => {
    const following = desk.session.neighbour(span.id, 1)
    desk.session.remove(span)
    desk.say(gettext("Removed. Z brings it back."))
    desk.select(null)
    desk.resumeAt = following?.id === span.id ? null : span.fragments[0][0]
  })
}

function startCursor(desk) {
  const [, end] = desk.span?.fragments[desk.fragment ?? desk.span.fragments.length - 1] ?? []
  desk.text.startCursor(desk.resumeAt ?? end ?? desk.text.place)
}

function moveCursor(desk, { key, binding }) {
  if (!desk.text.target) return startCursor(desk)
  const step = (key === "ArrowRight") === (desk.text.directionHere === "ltr") ? 1 : -1
  return desk.text.moveCursor(step, binding.with)
}

function nextUnfinished(desk) {
  const ids = new Set(desk.unfinished.map(({ span }) => span.id))
  if (!ids.size) return desk.say(gettext("Nothing is missing."))
  const next = desk.session.neighbour(desk.span?.id ?? null, 1, { among: ({ id }) => ids.has(id) })
  return desk.select(next.id, { reveal: true })
}

function resize(desk, { key, alt, binding }) {
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

function sayPlace(desk) {
  const offset = desk.text.cursor?.focus[0] ?? desk.span?.fragments[0][0] ?? desk.text.place
  const here = desk.session.over(offset).map((span) => desk.describe(span))
  desk.say(here.length ? here.join("; ") : gettext("No span here."))
}

function cycleValue(desk) {
  return desk.onSpan((span) => {
    const [first] = desk.schema.label(span.label).attributes
    if (first) desk.session.cycle(span, first)
  })
}

/** For, against, neutral: where the label has a polarity. "+" with a selection continues instead. */
function polarity(desk, { key }) {
  const value = { "+": "favor", "=": "favor", "-": "against", 0: "neutral" }[key]
  const attribute =
    desk.span && desk.schema.label(desk.span.label).attributes.find((one) => one.key === "polarity")
  if (!attribute?.values.some((one) => one.key === value)) return false
  return desk.onSpan((span) => desk.session.choose(span, "polarity", value))
}

/** Leave the innermost thing: the link, the sticky label, the selection, the span. */
function cancel(desk) {
  if (desk.linking) return desk.leaveLink()
  if (desk.sticky.label) return desk.releaseSticky()
  if (desk.text.target) return desk.text.leaveTarget()
  return desk.select(null)
}

/** The registry has a new entity, or says why not. @returns {Promise<any>} it, or null */
export async function createEntity(desk, { name, alias, type }) {
  const id = uuid7()
  const { status, body } = await request(desk.urls.entities, {
    method: "POST",
    body: JSON.stringify({ id, name, alias, type }),
  })
  if (status === 201)
    return {
      id: body.id,
      entity: { name: body.name, type: body.type, aliases: alias ? [alias] : [] },
    }
  desk.warn(body?.message ?? gettext("The registry cannot be reached now. Nothing was created."))
  return null
}
