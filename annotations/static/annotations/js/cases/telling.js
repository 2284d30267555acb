import { quoted, shortened } from "../dom/html.js"
import { filled, gettext, ngettext } from "../lib/words.js"

/** @typedef {import("./standing.js").Case} Case */

const NAMES = {
  missing: () => gettext("not everybody has it"),
  label: () => gettext("label"),
  extent: () => gettext("extent"),
  entity: () => gettext("who is meant"),
  target: () => gettext("the other end"),
}

/** What the kinds of cases are called, where they are counted. @type {Record<string, () => string>} */
export const KIND_NAMES = {
  agreed: () => gettext("agreed"),
  missing: () => gettext("missing"),
  label: () => gettext("label"),
  extent: () => gettext("extent"),
  entity: () => gettext("entity"),
  attribute: () => gettext("value"),
  relation: () => gettext("relation"),
}

/** What a case differs in, in words: "extent, type". @param {Case} one @param {import("../lib/schema.js").Schema} schema */
export function differenceOf(one, schema) {
  if (one.equal) return gettext("all agree")
  const names = one.differs.map((name) =>
    (NAMES[name] ?? (() => nameOfAttribute(name, one, schema)))(),
  )
  return filled(gettext("differs: %(names)s"), { names: names.join(", ") })
}

/** The name of an attribute of a label or relation that the case has. */
export function nameOfAttribute(key, one, schema) {
  const owners =
    one.kind === "span"
      ? one.versions.map(({ span }) => schema.label(span.label))
      : [schema.relation(one.type)]
  const found = owners
    .flatMap((owner) => owner?.attributes ?? [])
    .find((attribute) => attribute.key === key)
  return found ? schema.nameOf(found).toLowerCase() : key
}

/** What a case is about: the names of its labels, or of its relation. @param {Case} one @param {import("../lib/schema.js").Schema} schema */
export function subjectOf(one, schema) {
  if (one.kind === "relation") return schema.nameOf(schema.relation(one.type))
  const labels = [...new Set(one.versions.map(({ span }) => span.label))]
  return labels.map((key) => schema.nameOf(schema.label(key))).join(" / ")
}

/** A value as a person reads it. */
export function nameOfValue(value, key, labelKey, schema) {
  if (value === undefined || value === null) return "—"
  if (value === true) return gettext("yes")
  if (value === false) return gettext("no")
  if (value === "?") return gettext("cannot tell")
  const attribute = (schema.label(labelKey) ?? schema.relation(labelKey))?.attributes.find(
    (one) => one.key === key,
  )
  const named = attribute?.values?.find((one) => one.key === value)
  return named ? schema.nameOf(named) : String(value)
}

/** "Case 3 of 11", or what a case without a number is called. @param {import("./board.js").Board} board @param {Case} one */
export function titleOf(board, one) {
  const number = board.number(one)
  if (number)
    return filled(gettext("Case %(number)s of %(count)s"), { number, count: board.numbered.length })
  return one.equal ? gettext("All agree here") : gettext("Nothing to settle here")
}

/** How many cases are left. @param {number} count */
export const leftWords = (count) =>
  count
    ? filled(ngettext("%(count)s case to settle", "%(count)s cases to settle", count), { count })
    : gettext("Every case is settled.")

/**
 * What was decided, and whose version it was.
 * @param {import("./standing.js").Settlement} settlement
 * @param {import("./people.js").People} people
 * @param {Case | null} one
 */
export function decisionOf({ decision, took }, people, one) {
  if (decision !== "take") return DECISIONS[decision]()
  const version = one?.versions.find(({ layers }) => layers.includes(took))
  const names = (version?.layers ?? [took]).map((layer) => people.nameOf(layer))
  return filled(gettext("Taken as %(names)s had it"), { names: names.join(", ") })
}

const DECISIONS = {
  merge: () => gettext("Put together by the adjudicator"),
  none: () => gettext("None is right"),
  equal: () => gettext("Taken as all have it"),
}

/** The words of a span. @param {{text: string[]}} shape */
export const wordsOf = ({ text }) => text.join(" ⋯ ")

/** Where a relation goes: to a case, in its words, or to an entity.
 * @param {import("./adjudication.js").Adjudication} cases @param {import("./standing.js").Target} end */
export function endWords({ board }, { case: id, entity }) {
  if (entity) return entity.name
  const end = board.case(id)
  return end ? shortened(wordsOf(end.versions[0].span), 60) : "…"
}

/** A version in words, for a person who listens. @param {import("./adjudication.js").Adjudication} cases @param {number} place */
export function versionWords(cases, place) {
  const { current, people, order } = cases
  const version = current.versions[order[place]]
  const who = version.layers.map((layer) => people.nameOf(layer)).join(", ")
  const what =
    current.kind === "span"
      ? `${quoted(shortened(wordsOf(version.span), 120))} ${Object.entries(version.span.attributes)
          .map(
            ([name, value]) =>
              `${nameOfAttribute(name, current, cases.schema)} ${nameOfValue(value, name, version.span.label, cases.schema)}`,
          )
          .join(", ")}`
      : version.to.map((end) => endWords(cases, end)).join(", ")
  return filled(gettext("Version %(number)s, %(who)s: %(what)s"), { number: place + 1, who, what })
}
