import { keyName } from "../dom/key-caps.js"
import { shortened } from "../dom/html.js"
import { filled, gettext } from "../lib/words.js"
import { finishLink, leaveLink, linkToTouched, startLink } from "./linking.js"
import { MOVING } from "./moving.js"
import { resize } from "./resizing.js"

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
  ...MOVING,
  "label-by-quote": (desk) => desk.editable && desk.late(({ labelByQuote }) => labelByQuote(desk)),
  "next-span": (desk) => desk.step(1),
  "previous-span": (desk) => desk.step(-1),
  "next-unfinished": nextUnfinished,
  cycle: (desk) =>
    desk.cycleAt(desk.text.cursor?.focus[0] ?? desk.span?.fragments[desk.fragment ?? 0][0]),
  inspect: (desk) =>
    desk.linking ? finishLink(desk) : desk.span ? desk.inspector.enter() : false,
  resize,
  "say-place": sayPlace,
  entity: (desk) => desk.onSpan(() => withPicker(desk, (picker) => picker.focus())),
  "new-entity": (desk) => desk.onSpan(() => withPicker(desk, (picker) => picker.create())),
  "same-string": (desk) =>
    desk.onSpan(() => desk.late(({ showRepeats }) => desk.span && showRepeats(desk, desk.span))),
  link: (desk, { type } = {}) => startLink(desk, type ?? null),
  pick: (desk, { type }) => desk.meaning.pick(type),
  unrelate: (desk, { id }) => desk.session.unrelate(id),
  select: goTo,
  choose: (desk, { attribute, value }) =>
    desk.onSpan((span) => desk.session.choose(span, attribute, value)),
  write: (desk, { attribute, value }) =>
    desk.onSpan((span) => desk.session.write(span, attribute, value)),
  "cycle-value": cycleValue,
  polarity,
  "next-suggestion": (desk) => desk.late(() => desk.assisting.suggesting.step(1)),
  "previous-suggestion": (desk) => desk.late(() => desk.assisting.suggesting.step(-1)),
  accept: (desk) => desk.editable && desk.late(() => desk.assisting.suggesting.accept()),
  reject: (desk) => desk.editable && desk.late(() => desk.assisting.suggesting.reject()),
  "next-open": (desk) => desk.late(() => desk.assisting.covering.next()),
  waive: (desk) => desk.editable && desk.late(() => desk.assisting.covering.waive()),
  "write-note": (desk) => desk.editable && desk.inspector.note(),
  note: (desk, { about, text }) => desk.remarks.note(about, text),
  rewrite: (desk, { note, text }) => desk.remarks.rewrite(note, text),
  flag: toggleFlag,
  rate: (desk, { about, confidence }) => desk.remarks.rate(about, confidence),
  history: (desk) => desk.late(({ showPast }) => showPast(desk)),
  undo: (desk) => desk.travel("undo"),
  redo: (desk) => desk.travel("redo"),
  submit: (desk) => desk.submit(),
  "next-article": (desk) => desk.nextArticle(),
  cancel,
  help: (desk) => desk.help(),
}

function withPicker(desk, work) {
  return desk.late(() => {
    const { picker } = desk.inspector
    if (picker) work(picker)
    else desk.say(gettext("This label has no registry entry."))
  })
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

/** To a span that stands in a list, or at the other end; what is gone to is in the article. */
function goTo(desk, { id }) {
  if (desk.linking) return linkToTouched(desk, [id])
  desk.select(id, { reveal: true })
  desk.focusText()
  return desk.span && desk.say(desk.describe(desk.span))
}

function remove(desk) {
  return desk.onSpan((span) => {
    const following = desk.session.neighbour(span.id, 1)
    desk.session.remove(span)
    desk.say(
      filled(gettext("Removed. %(key)s brings it back."), { key: keyName(desk.keymap, "undo") }),
    )
    desk.select(null)
    desk.focusText()
    desk.resumeAt = following?.id === span.id ? null : span.fragments[0][0]
  })
}

function nextUnfinished(desk) {
  const { unfinished } = desk
  if (!unfinished.size) return desk.say(gettext("Nothing is missing."))
  const among = ({ id }) => unfinished.has(id)
  const next = desk.session.neighbour(desk.span?.id ?? null, 1, { among })
  return desk.select(next.id, { reveal: true })
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

/** Flag what is selected, else the article: of the key, as unsure. */
function toggleFlag(desk, { about = desk.selected, flag = "unsure" }) {
  if (!desk.editable) return false
  const raised = desk.remarks.toggle(about, flag)
  return desk.say(raised ? gettext("Flagged.") : gettext("Flag taken down."))
}

/** Leave the innermost thing: the link, the sticky label, the selection, the span. */
function cancel(desk) {
  if (desk.linking) return leaveLink(desk)
  if (desk.sticky.label) return desk.releaseSticky()
  if (desk.text.target) return desk.text.leaveTarget()
  if (desk.assisting?.suggesting.leave()) return true
  return desk.select(null)
}
