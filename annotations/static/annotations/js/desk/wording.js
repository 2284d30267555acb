import { shortened } from "../dom/html.js"
import { FLAG_NAMES } from "../lib/remarks.js"

/** What a change is about, in a few words.
 * @param {any} desk the label-desk @param {import("../lib/layer.js").Change} change */
export function objectWords(desk, { kind, before, after }) {
  const image = after ?? before
  if (kind === "relation") return desk.schema.nameOf(desk.schema.relation(image.type))
  if (kind === "note") return `“\u2068${shortened(image.text, 50)}\u2069”`
  if (kind === "flag") return image.flags.map((flag) => FLAG_NAMES[flag]()).join(", ")
  if (kind === "settlement") return desk.cases?.wordsOf(image)
  return desk.describe(image)
}
