import { keyCap } from "../dom/key-caps.js"
import { h, quoted, shortened } from "../dom/html.js"
import { filled, gettext, ngettext } from "../lib/words.js"
import { KINDS } from "./differing.js"
import { isOpen } from "./standing.js"
import { KIND_NAMES, leftWords, subjectOf, titleOf } from "./telling.js"

/** @typedef {import("./adjudication.js").Adjudication} Adjudication */

const MOST_LISTED = 200

/** Which case of how many, how many are left, and ways to the others. @param {Adjudication} cases */
export function headOf(cases) {
  const { board, current, desk } = cases
  const all = board.numbered.length
  const open = board.left.length
  return h(
    "div",
    { class: "case-head" },
    h(
      "div",
      { class: "case-title" },
      h("h2", {}, current ? titleOf(board, current) : gettext("Cases")),
      current && statusOf(board.standing(current)),
      arrow(cases, "case-previous-open", -1, "‹"),
      arrow(cases, "case-next-open", 1, "›"),
    ),
    h("progress", {
      class: "progress",
      max: String(Math.max(all, 1)),
      value: String(all ? all - open : 1),
      "aria-label": gettext("Cases settled"),
    }),
    h(
      "p",
      { class: "case-left small" },
      h("span", { class: open ? "" : "case-done" }, leftWords(open)),
      !open && desk.editable && submitOf(),
      back(cases),
    ),
  )
}

const STATUS_NAMES = {
  settled: () => gettext("settled"),
  open: () => gettext("open"),
  changed: () => gettext("open again"),
  void: () => gettext("void"),
}
const STATUS_CHIPS = {
  settled: "chip-good",
  open: "chip-warn",
  changed: "chip-bad",
  void: "chip-plain",
}

const statusOf = ({ status }) =>
  h("span", { class: `chip ${STATUS_CHIPS[status]}` }, STATUS_NAMES[status]())

function arrow(cases, binding, step, sign) {
  const { says } = cases.keymap.bindings.find(({ id }) => id === binding)
  return h(
    "button",
    {
      type: "button",
      class: "button button-quiet button-small case-arrow",
      title: says(),
      "aria-label": says(),
      "data-focus": binding,
      onclick: () => cases.stepOpen(step),
    },
    h("span", { "aria-hidden": "true" }, sign),
  )
}

const submitOf = () =>
  h(
    "button",
    {
      type: "button",
      class: "button button-small button-primary",
      "data-act": "submit",
      "data-focus": "submit",
    },
    gettext("Submit"),
  )

/** While the article is worked on, the panel is folded, and this leads back. */
const back = (cases) =>
  h(
    "button",
    { type: "button", class: "button button-small case-back", onclick: () => cases.enter() },
    gettext("Back to the case"),
    keyCap(cases.articleKeymap, "cases"),
  )

/** Layers that are not in yet. @param {Adjudication} cases */
export function noticesOf({ waiting, desk }) {
  if (!waiting.length) return []
  const nameOf = (name) => (desk.preferences.hide_names ? gettext("an annotator") : name)
  const names = waiting
    .map(({ name, status }) => `${nameOf(name)} (${(WAITING[status] ?? WAITING.open)()})`)
    .join(", ")
  const words = ngettext(
    "Not submitted: %(names)s. That layer counts once it is.",
    "Not submitted: %(names)s. Those layers count once they are.",
    waiting.length,
  )
  return [h("p", { class: "notice notice-warn small" }, filled(words, { names }))]
}

const WAITING = {
  waiting: () => gettext("not begun"),
  open: () => gettext("being labelled"),
  reopened: () => gettext("reopened"),
  loading: () => gettext("being loaded"),
}

/** Which cases are gone through: of one kind, with counts; only open ones; and how names are shown.
 * @param {Adjudication} cases */
export function whichOf(cases) {
  const { board, filter } = cases
  const counts = board.counts(filter.onlyOpen)
  const kinds = KINDS.filter((kind) => counts.get(kind) || kind === filter.kind)
  return h(
    "section",
    { class: "case-filter", "aria-label": gettext("Which cases") },
    h(
      "div",
      { class: "choices", role: "group", "aria-label": gettext("Kinds of cases") },
      ...kinds.map((kind) => kindOf(cases, kind, counts.get(kind) ?? 0)),
    ),
    h(
      "div",
      { class: "case-switches" },
      check("only-open", gettext("Only open ones"), filter.onlyOpen, (on) => {
        filter.onlyOpen = on
        cases.show()
      }),
      check(
        "hide-names",
        gettext("Hide names, mix the order"),
        cases.desk.preferences.hide_names,
        (on) => {
          document.dispatchEvent(
            new CustomEvent("preferences-chosen", { detail: { hide_names: on } }),
          )
        },
      ),
    ),
    listOf(cases),
  )
}

function kindOf(cases, kind, count) {
  const { filter } = cases
  const isOn = filter.kind === kind
  const choose = () => {
    filter.kind = isOn ? null : kind
    const [first] = cases.shown
    if (cases.current && cases.shown.includes(cases.current)) cases.show()
    else cases.go(first ?? cases.current)
  }
  return h(
    "button",
    {
      type: "button",
      class: "choice",
      "aria-pressed": String(isOn),
      "data-focus": `kind-${kind}`,
      onclick: choose,
    },
    kind === "agreed" ? "✓ " : "⚑ ",
    `${KIND_NAMES[kind]()} `,
    h("span", { class: "number" }, String(count)),
  )
}

function check(name, words, isOn, change) {
  const box = h("input", {
    type: "checkbox",
    "data-focus": name,
    checked: Boolean(isOn),
    autocomplete: "off",
    onchange: () => change(box.checked),
  })
  return h("label", {}, box, words)
}

/** All that is gone through, as an ordinary list of buttons; made when it is opened. */
function listOf(cases) {
  const some = cases.shown
  const rows = h("ul", { class: "span-list" })
  const fill = () =>
    rows.replaceChildren(
      ...(details.open ? some.slice(0, MOST_LISTED).map((one) => rowOf(cases, one)) : []),
    )
  const details = h(
    "details",
    {
      class: "all-spans case-all",
      open: cases.isListed,
      ontoggle: () => {
        if (cases.isListed === details.open) return // drawn open: its rows keep the focus
        cases.isListed = details.open
        fill()
      },
    },
    h(
      "summary",
      { "data-focus": "all" },
      h("span", { class: "overline" }, gettext("All cases")),
      " ",
      h("span", { class: "chip" }, String(some.length)),
    ),
    rows,
    some.length > MOST_LISTED &&
      h("p", { class: "muted small" }, gettext("Choose a kind above to see fewer.")),
  )
  fill()
  return details
}

const SIGNS = { settled: "✓", open: "⚑", changed: "⚑", void: "∅" }

function rowOf(cases, one) {
  const { board, schema } = cases
  const { status } = board.standing(one)
  const shape = (one.kind === "span" ? one : board.case(one.from))?.versions[0].span
  const words = shape ? shortened(shape.text.join(" ⋯ "), 50) : gettext("the whole article")
  return h(
    "li",
    {},
    h(
      "button",
      {
        type: "button",
        class: "span-row",
        "aria-current": one === cases.current && "true",
        "data-focus": `case-${one.id}`,
        onclick: () => cases.go(one),
      },
      h(
        "span",
        { class: "case-number number", "data-open": isOpen(board.standing(one)) },
        `${SIGNS[status]} ${board.number(one) || ""}`,
      ),
      h("span", { class: "unseen" }, `${STATUS_NAMES[status]()}: `),
      h("bdi", { class: "clip" }, `${subjectOf(one, schema)} ${shape ? quoted(words) : words}`),
    ),
  )
}
