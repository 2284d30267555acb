import { h, shortened } from "./html.js"

/**
 * A span in a list: a button that goes to it, and a note beside its words.
 * @param {{schema: any, ask: (action: string, detail?: any) => void}} view
 * @param {any} span
 * @param {string} note
 */
export function spanRow(view, span, note) {
  const label = view.schema.label(span.label)
  const name = h("span", { class: "unseen" }, `${view.schema.nameOf(label)}: `)
  return h(
    "li",
    { "data-colour": label.colour },
    h(
      "button",
      {
        type: "button",
        class: "span-row",
        "data-span": span.id,
        onclick: () => view.ask("select", { id: span.id }),
      },
      h("span", { class: "letter", "aria-hidden": "true" }, label.letter),
      name,
      h("bdi", { class: "clip" }, shortened(span.text.join(" ⋯ "), 60)),
      note && h("span", { class: "muted small clip" }, h("bdi", {}, note)),
    ),
  )
}
