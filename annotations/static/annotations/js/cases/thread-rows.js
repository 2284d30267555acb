import { keyCap } from "../dom/key-caps.js"
import { h } from "../dom/html.js"
import { moment } from "../lib/moments.js"
import { filled, gettext } from "../lib/words.js"
import { isWaiting, threadKey } from "./threads.js"

/** @typedef {import("./adjudication.js").Adjudication} Adjudication */
/** @typedef {import("./threads.js").Thread} Thread */

const MOST_WRITTEN = 10_000

/** What was asked about the case and answered, and ways to ask. @param {Adjudication} cases */
export function threadsOf(cases) {
  const { asking } = cases
  const { threads, thread } = asking
  const [begun, quiet] = [threads.filter(isBegun), threads.filter((each) => !isBegun(each))]
  return h(
    "section",
    { class: "case-threads", "aria-labelledby": "case-threads-title" },
    h(
      "h3",
      { class: "overline", id: "case-threads-title" },
      gettext("Questions to the annotators"),
      " ",
      keyCap(cases.keymap, "case-ask"),
    ),
    ...begun.map((each) => threadOf(cases, each)),
    h("div", { class: "case-ways" }, ...quiet.map((each) => askOf(cases, each))),
    thread && fieldOf(cases, thread),
  )
}

const isBegun = ({ letters }) => letters.length > 0

/** @param {Adjudication} cases @param {Thread} thread */
function threadOf(cases, thread) {
  const { people, asking } = cases
  const read = () => asking.read(thread)
  return h(
    "div",
    { class: "case-thread", role: "group", "aria-label": people.nameOf(thread.layer) },
    !thread.span && h("p", { class: "muted small" }, gettext("About the whole article")),
    h("ol", { class: "case-said" }, ...thread.letters.map((each) => letterOf(cases, thread, each))),
    h(
      "div",
      { class: "case-ways" },
      askOf(cases, thread),
      isWaiting(thread) &&
        button(gettext("Read; needs no answer"), `read-${threadKey(thread)}`, read),
    ),
  )
}

function letterOf({ people, schema }, { layer }, { asks, author, at, text, waits }) {
  const who = asks ? author : people.nameOf(layer)
  return h(
    "li",
    {},
    h("span", { class: "muted" }, h("bdi", {}, who), ` · ${moment(at, schema.language)} `),
    !asks && waits && h("span", { class: "chip chip-warn" }, gettext("new")),
    h("p", { dir: "auto", class: "case-remark" }, text),
  )
}

/** @param {Adjudication} cases @param {Thread} thread */
function askOf({ people, asking }, thread) {
  const words = isBegun(thread) ? gettext("Write to %(name)s") : gettext("Ask %(name)s")
  const name = filled(words, { name: people.nameOf(thread.layer) })
  return button(name, `ask-${threadKey(thread)}`, () => asking.open(thread))
}

const button = (words, focus, act) =>
  h(
    "button",
    { type: "button", class: "button button-small", "data-focus": focus, onclick: act },
    h("bdi", {}, words),
  )

/** @param {Adjudication} cases @param {Thread} thread */
function fieldOf({ people, asking }, thread) {
  const name = people.nameOf(thread.layer)
  const field = h("textarea", {
    class: "input note-field",
    id: "case-field-question",
    rows: "2",
    maxlength: String(MOST_WRITTEN),
    dir: "auto",
    "data-focus": "question",
    "aria-describedby": "case-question-readers",
    oninput: () => asking.write(thread, field.value),
  })
  field.value = asking.draft(thread)
  const about = thread.span
    ? gettext("To %(name)s, about this span")
    : gettext("To %(name)s, about the whole article")
  const readers = gettext(
    "%(name)s reads it, and who adjudicates this campaign. Tell nothing of what others labelled.",
  )
  return h(
    "div",
    { class: "case-field case-asking" },
    h("label", { for: field.id, class: "attribute-name" }, h("bdi", {}, filled(about, { name }))),
    h("p", { class: "muted small", id: "case-question-readers" }, h("bdi", {}, filled(readers, { name }))),
    field,
    asking.fault && h("p", { class: "field-errors", role: "alert" }, asking.fault),
    h(
      "div",
      { class: "case-ways" },
      button(gettext("Send"), "send-question", () => asking.send()),
      button(gettext("Cancel"), "close-question", () => asking.close()),
    ),
  )
}
