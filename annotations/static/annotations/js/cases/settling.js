import { predict } from "../lib/layer.js"
import * as operations from "../lib/operations.js"
import { equal } from "../lib/segments.js"
import { MOST_BYTES, MOST_OPERATIONS, sizeOf } from "../lib/sending.js"
import { keyOf, membersOf } from "./standing.js"

/**
 * The operations that settle cases. What is returned is one step: done together, undone together.
 * @typedef {import("./board.js").Board} Board
 * @typedef {import("./standing.js").Case} Case
 * @typedef {import("./standing.js").Shape} Shape
 * @typedef {import("../lib/operations.js").Operation} Operation
 * @typedef {{span: string} | {relations: string[]} | null} Result
 * @typedef {{decision: "take" | "merge" | "none" | "equal", took?: number | null, reason?: string}} Outcome
 */


/** The gold layer has this version. @param {Board} board @param {Case} one @param {number} index @param {string} [reason] */
export function take(board, one, index, reason) {
  const version = one.versions[index]
  if (one.equal) return settle(board, one, version, { decision: "equal", reason })
  return settle(board, one, version, { decision: "take", took: version.layers[0], reason })
}

/** The gold layer has a span that is put together of several versions. @param {Board} board @param {Case} one @param {Shape} span @param {string} [reason] */
export const merge = (board, one, span, reason) =>
  settle(board, one, { span }, { decision: "merge", reason })

/** What stands in the gold layer is right as it stands: a version, or one that nobody has. @param {Board} board @param {Case} one @param {string} [reason] */
export function adopt(board, one, reason) {
  const index = one.versions.findIndex((version) => !workFor(board, one, version).made.length)
  if (index >= 0) return take(board, one, index, reason)
  const result =
    one.kind === "span"
      ? { span: board.spanOf(one).id }
      : { relations: board.relationsOf(one).map(({ id }) => id) }
  return concluded(board, one, { made: [], result }, { decision: "merge", reason })
}

/** None is right: the gold layer has nothing there. @param {Board} board @param {Case} one @param {string} [reason] */
export function none(board, one, reason) {
  const span = one.kind === "span" && board.spanOf(one)
  const made =
    one.kind === "span"
      ? [span && operations.remove(span.id)].filter(Boolean)
      : board.relationsOf(one).map(({ id }) => operations.unrelate(id))
  return concluded(board, one, { made, result: null }, { decision: "none", reason })
}

/** The case is open again; what came of it stays until something else is decided. @param {Board} board @param {Case} one */
export const reopen = (board, one) => board.standing(one).touching.map(withdrawn)

/** The reason of a settlement is another one. @param {import("./standing.js").Settlement} settlement @param {string} reason */
export const explain = ({ id, of, decision, took, result }, reason) => [
  operations.settle({ id, of, decision, took, result, reason }),
]

/**
 * What all agree on, as far as it is open: in as few steps as the server takes.
 * @param {Board} board
 * @returns {Operation[][]}
 */
export function takeAllEqual(board) {
  const isLeft = (one) => one.equal && board.isOpen(one)
  const spans = board.cases.filter((one) => isLeft(one) && one.kind === "span")
  const made = spans.map((one) => takeAlone(board, one))
  const after = board.with(applied(board, made.flat()))
  const relations = board.cases.filter(
    (one) => one.kind === "relation" && followsItself(after, one),
  )
  return inSteps([...made, ...relations.map((one) => takeAlone(after, one))].flatMap(inRequests))
}

const takeAlone = (board, one) => made(board, one, one.versions[0], { decision: "equal" })

/**
 * What is done together, as one step; where a request holds less than that, in several that follow one
 * another.
 * @param {Operation[]} operations
 * @returns {Operation[][]}
 */
export const inRequests = (operations) => inSteps(operations.map((one) => [one]))

/** The server takes a step whole, and no more at once than one request holds. */
function inSteps(parts) {
  const steps = []
  let size = 0
  for (const part of parts) {
    const more = sizeOf(part)
    const count = steps.at(-1)?.length + part.length
    if (count <= MOST_OPERATIONS && size + more <= MOST_BYTES) {
      steps.at(-1).push(...part)
      size += more
    } else {
      steps.push([...part])
      size = more
    }
  }
  return steps
}

/** The gold layer with these operations done, as the server will answer. @param {Board} board @param {Operation[]} made */
export function applied({ layer, schema }, made) {
  const after = layer.copy()
  for (const one of made) after.apply(one, predict(one, after, schema) ?? [])
  return after
}

function settle(board, one, version, outcome) {
  return withFollowing(board, one, made(board, one, version, outcome))
}

function concluded(board, one, work, outcome) {
  return withFollowing(board, one, conclusion(board, one, work, outcome))
}

function made(board, one, version, outcome) {
  return conclusion(board, one, workFor(board, one, version), outcome)
}

/** What makes the gold layer have a version, and what comes of it. */
const workFor = (board, one, version) =>
  one.kind === "span" ? spanWork(board, one, version.span) : relationWork(board, one, version)

/** A case that is settled may be what relations on which all agree were waiting for. */
function withFollowing(board, one, made) {
  const after = board.with(applied(board, made))
  const waiting = board.cases.filter((each) => isAt(each, one) && followsItself(after, each))
  return [...made, ...waiting.flatMap((each) => takeAlone(after, each))]
}

const isAt = ({ kind, from, versions }, { id }) =>
  kind === "relation" &&
  (from === id || versions.some(({ to }) => to.some((end) => end.case === id)))

const followsItself = (board, one) => one.equal && board.isOpen(one) && board.isReady(one)

// --- spans

/** What makes the gold layer have this span, in the place of what it has of the case. */
function spanWork(board, one, shape) {
  const before = board.spanOf(one)
  if (before) return { made: become(before, shape, board.schema), result: { span: before.id } }
  const placed = placeOf(shape)
  return { made: [placed], result: { span: placed.span.id } }
}

/** A span with this shape is new in the layer. @param {Shape} shape */
export const placeOf = ({ label, fragments, text, attributes, entity }) =>
  operations.place({ label, fragments, text, attributes, entity: entity?.id ?? null })

/**
 * What makes a span look like that.
 * @param {import("../lib/operations.js").SpanImage} span
 * @param {Shape} shape
 * @param {import("../lib/schema.js").Schema} schema
 * @returns {Operation[]}
 */
export function become(span, shape, schema) {
  const entity = shape.entity?.id ?? null
  const named = span.label === shape.label ? span : schema.retagged(span, shape.label)
  const values = changedValues(named.attributes, shape.attributes)
  return [
    span.label !== shape.label && operations.retag(span.id, shape.label),
    !equal(span.fragments, shape.fragments) &&
      operations.move(span.id, shape.fragments, shape.text),
    Object.keys(values).length > 0 && operations.set(span.id, values),
    named.entity !== entity && operations.link(span.id, entity),
  ].filter(Boolean)
}

/** What must be set, or (null) taken away, so that some values become others. */
function changedValues(before, after) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return Object.fromEntries(
    names.filter((name) => before[name] !== after[name]).map((name) => [name, after[name] ?? null]),
  )
}

// --- relations

/** What makes the gold layer have these relations, and no other of their type from there. What would
 * go to nothing is left out. */
function relationWork(board, one, { to, attributes }) {
  const wanted = to
    .map((target, index) => ({ to: board.endOf(target), attributes: attributes[index] ?? {} }))
    .filter((relation) => relation.to)
  const there = board.relationsOf(one)
  const kept = wanted.map((each) => there.find((relation) => isSame(relation, each)))
  const gone = there.filter((relation) => !kept.includes(relation))
  const from = board.sourceOf(one)
  const related = wanted
    .filter((_, index) => !kept[index])
    .map((each) => operations.relate({ type: one.type, from, ...each }))
  const ids = [
    ...kept.filter(Boolean).map(({ id }) => id),
    ...related.map(({ relation }) => relation.id),
  ]
  return {
    made: [...gone.map(({ id }) => operations.unrelate(id)), ...related],
    result: { relations: ids },
  }
}

const isSame = (relation, { to, attributes }) =>
  relation.to.span === to.span &&
  relation.to.entity === to.entity &&
  !Object.keys(changedValues(relation.attributes, attributes)).length

// --- settlements

/** After the work the case is settled: what was settled of it before is said anew, or withdrawn. */
function conclusion(board, one, { made, result }, { decision, took = null, reason = "" }) {
  const of = membersOf(one)
  const left = applied(board, made).settlements
  const before = board.standing(one).touching.filter(({ id }) => left.has(id))
  const again = before.find((each) => isAgain(board, each, of, result))
  const others = before.filter((each) => each !== again && !isShared(board, one, each))
  const settled = {
    id: again?.id,
    of: again?.of ?? of,
    decision,
    took,
    result: again ? again.result : result,
    reason,
  }
  return [...made, ...others.map(withdrawn), operations.settle(settled)]
}

const withdrawn = ({ id, of }) => operations.settle({ id, of, decision: null })

const keysOf = (members) => members.map(keyOf).sort().join()

/** Whether a settlement can be given another decision: what it is of and what came of it never change. */
const isAgain = (board, settlement, of, result) =>
  !board.outdated.has(settlement.id) &&
  isAbout(settlement, of) &&
  isResult(settlement.result, result)

const isAbout = ({ of }, members) => keysOf(of) === keysOf(members)

function isResult(one, other) {
  if (!one || !other) return one === other
  return (
    one.span === other.span &&
    [...(one.relations ?? [])].sort().join() === [...(other.relations ?? [])].sort().join()
  )
}

/** Whether a settlement is about another case, too: that one keeps it. */
const isShared = (board, one, settlement) =>
  board.cases.some((each) => each !== one && board.standing(each).touching.includes(settlement))
