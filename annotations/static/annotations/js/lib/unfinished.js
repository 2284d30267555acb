/**
 * What a span still lacks before the article can be submitted: relations and attribute values the
 * schema requires. An overview for the eye; the server decides when it is submitted.
 * @typedef {{relation?: any, attribute?: any}[]} Missing
 * @param {any} span
 * @param {import("./operations.js").RelationImage[]} relations those that begin at the span
 * @param {import("./schema.js").Schema} schema
 * @returns {Missing}
 */
export function missingOf(span, relations, schema) {
  const counted = (type) => relations.filter((one) => one.type === type.key).length
  const roles = schema.relations
    .filter((type) => type.min && type.from.includes(span.label) && counted(type) < type.min)
    .map((relation) => ({ relation }))
  const values = schema
    .label(span.label)
    .attributes.filter(({ required, key }) => required && !(key in span.attributes))
    .map((attribute) => ({ attribute }))
  return [...roles, ...values]
}

/** The spans of a layer that lack something, kept up with its changes. */
export class Unfinished {
  #missing = /** @type {Map<string, Missing>} */ (new Map())
  #begin = /** @type {Map<string, string | undefined>} where each relation begins */ (new Map())

  /** Another number whenever something is missing elsewhere, or of a span that looks different. */
  edition = 0

  /** @param {import("./schema.js").Schema} schema */
  constructor(schema) {
    this.schema = schema
  }

  get size() {
    return this.#missing.size
  }

  /** @param {string} id */
  has(id) {
    return this.#missing.has(id)
  }

  /** What a span lacks. @param {string} id @returns {Missing} */
  of(id) {
    return this.#missing.get(id) ?? []
  }

  /**
   * The layer changed in these objects. Costs a look at each of its relations, and more only for
   * what changed.
   * @param {import("./layer.js").Layer} layer
   * @param {Iterable<string>} ids
   * @returns {Set<string>} the spans that lack something now and did not before, or the reverse
   */
  follow(layer, ids) {
    const from = new Map([...this.#spansAbout(layer, ids)].map((id) => [id, []]))
    for (const relation of from.size ? layer.relations.values() : [])
      from.get(relation.from.span)?.push(relation)
    const turned = new Set()
    for (const [id, relations] of from)
      if (this.#keep(id, layer.spans.get(id), relations)) turned.add(id)
    return turned
  }

  /** The spans that were changed, and those at which changed relations begin or began. */
  #spansAbout(layer, ids) {
    const spans = new Set()
    for (const id of ids) {
      const relation = layer.relations.get(id)
      const begin = relation?.from.span ?? this.#begin.get(id)
      if (relation) this.#begin.set(id, begin)
      else this.#begin.delete(id)
      if (begin) spans.add(begin)
      if (layer.spans.has(id) || this.has(id)) spans.add(id)
    }
    return spans
  }

  #keep(id, span, relations) {
    const before = this.has(id)
    const missing = span ? missingOf(span, relations, this.schema) : []
    if (before || missing.length) this.edition += 1
    if (missing.length) this.#missing.set(id, missing)
    else this.#missing.delete(id)
    return before !== this.has(id)
  }
}
