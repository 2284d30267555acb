import { gettext } from "../lib/words.js"

/**
 * What was settled, for the history of a layer and for whoever chooses between two versions of it.
 * @param {any} desk the label-desk
 * @param {import("./standing.js").Settlement} settlement
 */
export function settledWords(desk, { decision, result }) {
  const span = result && "span" in result ? desk.session.span(result.span) : null
  const decided = DECISIONS[decision]()
  return span ? `${desk.describe(span)} (${decided})` : decided
}

const DECISIONS = {
  take: () => gettext("one version taken"),
  merge: () => gettext("a version of its own"),
  none: () => gettext("nothing kept"),
  equal: () => gettext("all agree"),
}

/** What a step that settles did, in a word; null for any other. To settle something is to place and
 * relate what comes of it, too. @param {{op: string, changes: any[]}[]} operations */
export function stepWords(operations) {
  const settling = operations.filter(({ op }) => op === "settle")
  if (!settling.length) return null
  const isSettled = settling.some(({ changes: [change] }) => change?.after)
  return isSettled ? gettext("Settled") : gettext("Settlement taken back")
}
