import { keyCap } from "../dom/key-caps.js"
import { h } from "../dom/html.js"
import { cameOf } from "../lib/layer.js"
import { filled, gettext } from "../lib/words.js"
import { decisionOf, titleOf } from "./telling.js"

/** Beneath the inspector: which case the selected span came of, whose version it was, and why. */
export class CaseOrigin extends HTMLElement {
  /** @param {import("./adjudication.js").Adjudication} cases */
  show(cases) {
    const found = cases.isKnown && cases.desk.span && originOf(cases, cases.desk.span)
    this.hidden = !found
    this.replaceChildren(...(found ? [rowsOf(cases, found)] : []))
  }
}

function originOf({ board, desk }, { id }) {
  const settlement = [...desk.session.layer.settlements.values()].findLast((one) =>
    cameOf(one).includes(id),
  )
  if (!settlement) return null
  const one = board.cases.find((each) => board.standing(each).touching.includes(settlement))
  return { settlement, one }
}

function rowsOf(cases, { settlement, one }) {
  const { people, board, desk } = cases
  const decided = decisionOf(settlement, people, one)
  const words = one ? `${titleOf(board, one)}: ${decided}` : decided
  const go = () => {
    cases.go(one)
    cases.enter()
  }
  return h(
    "section",
    { class: "case-origin", "aria-label": gettext("Where it came from") },
    h("h2", { class: "overline" }, gettext("Where it came from")),
    h("p", { class: "small" }, words),
    settlement.reason &&
      h(
        "p",
        { class: "small", dir: "auto" },
        filled(gettext("Reason: %(reason)s"), { reason: settlement.reason }),
      ),
    one &&
      h(
        "button",
        { type: "button", class: "button button-small", onclick: go },
        gettext("Show the case"),
        desk.editable && keyCap(cases.articleKeymap, "cases"),
      ),
  )
}
