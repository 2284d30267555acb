import { shortened } from "../dom/html.js"
import { FLAG_NAMES } from "../lib/remarks.js"
import { gettext } from "../lib/words.js"

/** What a change is about, in a few words.
 * @param {any} desk the label-desk @param {import("../lib/layer.js").Change} change */
export function objectWords(desk, { kind, before, after }) {
  const image = after ?? before
  if (kind === "relation") return desk.schema.nameOf(desk.schema.relation(image.type))
  if (kind === "note") return `“\u2068${shortened(image.text, 50)}\u2069”`
  if (kind === "flag") return image.flags.map((flag) => FLAG_NAMES[flag]()).join(", ")
  if (kind === "settlement") return settledWords(desk, image)
  return desk.describe(image)
}

/** What was decided; of a span that came of it and is still there, its words. */
function settledWords(desk, { decision, result }) {
  const span = desk.session.span(result?.span)
  const decided = DECISIONS[decision]()
  return span ? `${desk.describe(span)} (${decided})` : decided
}

const DECISIONS = {
  take: () => gettext("one version taken"),
  merge: () => gettext("a version of its own"),
  none: () => gettext("nothing kept"),
  equal: () => gettext("all agree"),
}
