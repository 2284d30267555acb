import { answer, ask, showHelp } from "../desk/dialogs.js"
import { h, shortened } from "../dom/html.js"
import { filled, gettext, ngettext } from "../lib/words.js"
import { differenceOf, subjectOf } from "./telling.js"

/** Every key, those of the cases first. @param {import("./adjudication.js").Adjudication} cases */
export async function showCaseHelp(cases) {
  await showHelp(cases.desk.keymap, cases.sections)
  comeBack(cases)
}

/** What is still to settle stands in the way of submitting. @param {import("./adjudication.js").Adjudication} cases */
export async function showOpen(cases) {
  const { board } = cases
  const open = board.left.length ? board.left : board.open
  const title = filled(
    ngettext("%(count)s case to settle", "%(count)s cases to settle", open.length),
    { count: open.length },
  )
  const rows = open.slice(0, 100).map((one) => rowOf(cases, one))
  await ask(
    title,
    [
      h("p", {}, gettext("The article can be submitted once every case is settled.")),
      h("ul", { class: "findings" }, ...rows),
    ],
    [answer("", gettext("Back to the cases"), "button-primary")],
  )
  comeBack(cases)
}

/** The browser gave the focus back where it was; whoever was quick is somewhere in the panel already. */
function comeBack(cases) {
  if (!cases.panel.contains(document.activeElement)) cases.enter()
}

function rowOf(cases, one) {
  const { schema, board } = cases
  const shape = (one.kind === "span" ? one : board.case(one.from))?.versions[0].span
  const words = shape ? shortened(shape.text.join(" ⋯ "), 60) : gettext("the whole article")
  const go = (event) => {
    event.target.closest("dialog").close("")
    cases.go(one)
  }
  return h(
    "li",
    { class: "finding", "data-severity": "E" },
    h("span", {}, `${subjectOf(one, schema)}: ${differenceOf(one, schema)}`),
    h(
      "button",
      { type: "button", class: "button button-small", onclick: go },
      h("bdi", { class: "clip" }, words),
    ),
  )
}
