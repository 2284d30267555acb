import { h, key } from "./html.js"
import { spanRow } from "./span-row.js"
import { filled, gettext, ngettext } from "../lib/words.js"

const MOST_LISTED = 50

/**
 * The spans that lack something, in reading order, each with what it lacks.
 * @param {import("./span-card.js").View} view
 * @param {import("../lib/unfinished.js").Unfinished} unfinished
 * @returns {Node[]}
 */
export function unfinishedOf(view, unfinished) {
  const lacking = view.session.inOrder.filter(({ id }) => unfinished.has(id))
  const rows = lacking.slice(0, MOST_LISTED).map((span) => {
    const names = unfinished
      .of(span.id)
      .map((one) => view.schema.nameOf(one.relation ?? one.attribute).toLowerCase())
    return spanRow(view, span, names.join(", "))
  })
  const head = h(
    "h2",
    { class: "overline" },
    gettext("To finish"),
    " ",
    h("span", { class: "chip chip-warn chip-plain" }, String(unfinished.size)),
    " ",
    key("⇧J"),
  )
  return [head, h("ul", { class: "span-list" }, ...rows, ...rest(lacking.length - MOST_LISTED))]
}

function rest(more) {
  if (more <= 0) return []
  const words = filled(ngettext("%(count)s more", "%(count)s more", more), { count: more })
  return [h("li", { class: "muted small" }, words)]
}
