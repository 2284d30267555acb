import { h } from "../dom/html.js"
import { CONFIDENCE_NAMES } from "../dom/remark-rows.js"
import { FLAG_NAMES } from "../lib/remarks.js"
import { gettext } from "../lib/words.js"

/** @typedef {import("./adjudication.js").Adjudication} Adjudication */

/** What annotators say beside their version. @param {Adjudication} cases @param {import("./standing.js").Version} version */
export function saidOf(cases, { remarks = [] }) {
  if (!remarks.length) return null
  return h("ul", { class: "case-said" }, ...remarks.map((said) => remarkOf(cases, said)))
}

/** @param {Adjudication} cases @param {import("./standing.js").Said} said */
function remarkOf({ people }, { layer, text, flags = [], confidence }) {
  const sure = confidence ? `${gettext("Confidence")}: ${CONFIDENCE_NAMES[confidence]()}` : ""
  const words = [text, ...flags.map((flag) => `⚑ ${FLAG_NAMES[flag]()}`), sure].filter(Boolean)
  return h(
    "li",
    {},
    h("span", { class: "muted" }, h("bdi", {}, people.nameOf(layer)), ": "),
    h("span", { dir: "auto", class: "case-remark" }, words.join(", ")),
  )
}

/** What annotators say of the article, and what is noted in gold about this case. @param {Adjudication} cases */
export function remarksOf(cases) {
  const { remarks, current, board, desk } = cases
  const span = current.kind === "span" ? board.spanOf(current) : null
  const noted = span ? desk.remarks.notes(span.id) : []
  if (!remarks.length && !noted.length) return null
  return h(
    "section",
    { class: "case-remarks", "aria-label": gettext("Remarks") },
    noted.length > 0 &&
      h(
        "ul",
        { class: "case-said" },
        ...noted.map(({ text }) => h("li", { dir: "auto", class: "case-remark" }, text)),
      ),
    remarks.length > 0 && h("h3", { class: "overline" }, gettext("On the article")),
    remarks.length > 0 &&
      h("ul", { class: "case-said" }, ...remarks.map((said) => remarkOf(cases, said))),
  )
}
