/**
 * A new UUID of version 7: ids made later sort later (to the millisecond).
 * @param {number} [now] milliseconds since 1970
 * @returns {string}
 */
export function uuid7(now = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const view = new DataView(bytes.buffer)
  view.setUint16(0, Math.floor(now / 2 ** 32))
  view.setUint32(2, now >>> 0)
  bytes[6] = (bytes[6] & 0x0f) | 0x70
  bytes[8] = (bytes[8] & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")
}

/**
 * @typedef {{id: string, label: string, fragments: [number, number][], text: string[],
 *            attributes: Record<string, unknown>, entity: string | null}} SpanImage
 * @typedef {{span?: string, article?: boolean}} From a span, or the article
 * @typedef {{span?: string, entity?: string}} To a span, or an entity
 * @typedef {{id: string, type: string, from: From, to: To,
 *            attributes: Record<string, unknown>}} RelationImage
 * @typedef {{id: string, span: string | null, text: string, author?: string, at?: string}} NoteImage
 *   `author` and `at` only where the server has told them
 * @typedef {{id: string, span: string | null, flags: string[], confidence: 1 | 2 | 3 | null}} FlagImage
 * @typedef {{id: string, label: string, fragments: [number, number][], text: string[],
 *            reason: string | null}} WaiverImage
 * @typedef {{layer: number, span?: string, relation?: string}} Member of an annotator's layer
 * @typedef {{span: string} | {relations: string[]}} Result of the gold layer
 * @typedef {"take" | "merge" | "none" | "equal"} Decision
 * @typedef {{id: string, of: Member[], decision: Decision | null, took: number | null,
 *            result: Result | null, reason: string, author?: string, at?: string}} SettlementImage
 * @typedef {{id: string, group: string, op: string, [key: string]: any}} Operation
 */

/** @returns {Operation} */
const operation = (op, rest) => {
  const id = uuid7()
  return { id, group: id, op, ...rest }
}

/** @param {Partial<SpanImage> & {label: string, fragments: [number, number][], text: string[]}} span */
export const place = ({ id = uuid7(), label, fragments, text, attributes = {}, entity = null }) =>
  operation("place", { span: { id, label, fragments, text, attributes, entity } })

export const move = (span, fragments, text) => operation("move", { span, fragments, text })

export const retag = (span, label) => operation("retag", { span, label })

/** Values are merged into what is there; null takes one away. */
export const set = (span, attributes) => operation("set", { span, attributes })

export const link = (span, entity) => operation("link", { span, entity })

export const relate = ({ id = uuid7(), type, from, to, attributes = {} }) =>
  operation("relate", { relation: { id, type, from, to, attributes } })

export const unrelate = (relation) => operation("unrelate", { relation })

export const remove = (span) => operation("remove", { span })

/** Make a note, or change its text; an empty text takes it away. @param {{id?: string, span: string | null, text: string}} note */
export const note = ({ id = uuid7(), span, text }) => operation("note", { note: { id, span, text } })

/** What is flagged of a span (null: the article), and how sure its annotator is. */
export const flag = ({ span, flags, confidence }) =>
  operation("flag", { flag: { span, flags, confidence } })

/** These words are no such span, for a reason ("": rejected without one; null: that is taken back). */
export const waive = ({ id = uuid7(), label, fragments, text, reason }) =>
  operation("waive", { waiver: { id, label, fragments, text, reason } })

/**
 * This came of these spans, or of these relations, of annotators' layers; a decision of null takes
 * that back. What it is of and what came of it never change.
 * @param {Partial<SettlementImage> & {of: Member[], decision: Decision | null}} settlement
 */
export const settle = ({ id = uuid7(), of, decision, took = null, result = null, reason = "" }) =>
  operation("settle", { settlement: { id, of, decision, took, result, reason } })

/** The layer as it was at a revision. @param {number} to */
export const restore = (to) => operation("restore", { to })

export const undo = (group) => operation("undo", { of: group })

export const redo = (group) => operation("redo", { of: group })

/** The same operations as one step: applied together, undone together. */
export function grouped(operations) {
  const group = operations[0]?.group
  return operations.map((one) => ({ ...one, group }))
}
