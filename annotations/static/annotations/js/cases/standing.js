import { cameOf } from "../lib/layer.js"

/**
 * Where the cases of an article stand in its gold layer. The same rules as
 * `annotations/adjudication/standing.py`, which decides at submit; both prove them on the same vectors
 * (`tests/vectors/adjudication.json`).
 * @typedef {{layer: number, span?: string, relation?: string}} Member
 * @typedef {{id: string, name: string, type: string, aliases?: string[], proposed?: boolean}} Named
 * @typedef {{layer: number, text?: string, flags?: string[], confidence?: 1 | 2 | 3 | null}} Said
 * @typedef {{label: string, fragments: [number, number][], text: string[],
 *   attributes: Record<string, unknown>, entity: Named | null}} Shape
 * @typedef {{case?: string, entity?: Named}} Target
 * @typedef {{layers: number[], members: Member[], span?: Shape, remarks?: Said[], to?: Target[],
 *   attributes?: Record<string, unknown>[]}} Version
 * @typedef {{id: string, kind: "span" | "relation", label?: string, type?: string, from?: string,
 *   range: [number, number], differs: string[], equal: boolean, missing: number[],
 *   versions: Version[]}} Case
 * @typedef {import("../lib/operations.js").SettlementImage} Settlement
 * @typedef {"settled" | "open" | "changed" | "void"} Status `changed`: open again, since what was settled
 *   is not all of it any more, or what came of it is gone
 * @typedef {{status: Status, settlement: Settlement | null, touching: Settlement[]}} Standing
 *   `settlement` is the one in effect; `touching` are all that name a part of the case
 */

/** What a relation case is from where it starts at no span. */
export const ARTICLE = "article"

/** @param {Member} member */
export const keyOf = ({ layer, span, relation }) => `${layer} ${span ?? relation}`

/** All spans or relations that a case is about. @param {Case} one @returns {Member[]} */
export const membersOf = ({ versions }) => versions.flatMap(({ members }) => members)

/**
 * Where each case stands, by its id. Where two settlements are about the same, the later one counts.
 * @param {Case[]} cases
 * @param {import("../lib/layer.js").Layer} layer the gold layer
 * @param {Set<string>} [outdated] settlements about something that its layer changed since
 * @returns {Map<string, Standing>}
 */
export function standingOf(cases, layer, outdated = new Set()) {
  const settlements = [...layer.settlements.values()]
  const order = new Map(settlements.map((each, place) => [each, place]))
  const gold = { layer, order, outdated, naming: namingOf(settlements) }
  const found = new Map(cases.map((one) => [one.id, ownStanding(one, gold)]))
  for (const one of cases) {
    const standing = found.get(one.id)
    if (isOpen(standing) && isVoid(one, found)) standing.status = "void"
  }
  return found
}

/** The settlements that name a member, by its key. */
function namingOf(settlements) {
  const naming = new Map()
  for (const settlement of settlements)
    for (const member of settlement.of) {
      const key = keyOf(member)
      naming.set(key, [...(naming.get(key) ?? []), settlement])
    }
  return naming
}

/** @param {Case} one @param {any} gold @returns {Standing} */
function ownStanding(one, { layer, order, outdated, naming }) {
  const members = membersOf(one).map(keyOf)
  const named = new Set(members.flatMap((key) => naming.get(key) ?? []))
  const touching = [...named].sort((a, b) => order.get(a) - order.get(b))
  const standing = touching.filter((each) => stands(each, layer))
  const isWhole = (each) => !outdated.has(each.id) && coversAll(each, members)
  const settlement = standing.findLast(isWhole) ?? null
  const status = settlement ? "settled" : standing.length ? "changed" : "open"
  return { status, settlement, touching }
}

function coversAll({ of }, members) {
  const covered = new Set(of.map(keyOf))
  return members.every((key) => covered.has(key))
}

/** Whether what came of a settlement is still in the layer. */
const stands = (settlement, layer) =>
  cameOf(settlement).every((id) => layer.spans.has(id) || layer.relations.has(id))

/** A relation is void where it would start at nothing, or could only go to nothing. @param {Case} one @param {Map<string, Standing>} found */
function isVoid({ kind, from, versions }, found) {
  if (kind !== "relation") return false
  const isNothing = (id) => found.get(id)?.settlement?.decision === "none"
  const targets = versions.flatMap(({ to }) => to)
  return isNothing(from) || targets.every((to) => isNothing(to.case))
}

/** The id of the gold span that came of a settlement, if one did. @param {Settlement | null | undefined} settlement */
export const spanIn = (settlement) =>
  settlement?.result && "span" in settlement.result ? settlement.result.span : null

/** Whether somebody still has to settle it. @param {Standing} standing */
export const isOpen = ({ status }) => status === "open" || status === "changed"
