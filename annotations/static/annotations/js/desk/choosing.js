import { h, shortened } from "../dom/html.js"
import { filled, gettext } from "../lib/words.js"
import { answer, ask } from "./dialogs.js"

/** Which of several relations is meant; null when none was chosen.
 * @param {import("../lib/schema.js").Schema} schema @param {any[]} ways */
export async function chooseRelation(schema, ways) {
  const buttons = ways.map(({ type, from, to }, index) => {
    const words = filled(gettext("%(from)s — %(relation)s → %(to)s"), {
      from: shortened(from.text[0], 24),
      relation: schema.nameOf(type),
      to: shortened(to.text[0], 24),
    })
    return answer(String(index), words, index ? "" : "button-primary")
  })
  const inside = [h("div", { class: "stack stack-tight" }, ...buttons)]
  const choice = await ask(gettext("Which relation?"), inside, [])
  return choice === "" ? null : ways[Number(choice)]
}
