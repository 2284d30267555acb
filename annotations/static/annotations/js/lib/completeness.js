/**
 * What a span still lacks before the article can be submitted: relations and attribute values the
 * schema requires. An overview for the eye; the server decides when it is submitted.
 * @param {any} span
 * @param {import("./operations.js").RelationImage[]} relations those that begin at the span
 * @param {import("./schema.js").Schema} schema
 * @returns {{relation?: any, attribute?: any}[]}
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

/**
 * All spans of a layer that lack something, in text order.
 * @param {import("./layer.js").Layer} layer
 * @param {import("./schema.js").Schema} schema
 */
export function unfinished(layer, schema) {
  const from = new Map()
  for (const relation of layer.relations.values()) {
    const { span } = relation.from
    from.set(span, [...(from.get(span) ?? []), relation])
  }
  return inTextOrder(layer.spans.values())
    .map((span) => ({ span, missing: missingOf(span, from.get(span.id) ?? [], schema) }))
    .filter(({ missing }) => missing.length)
}

/** Spans as they are read: by where they begin, the longer first. */
export function inTextOrder(spans) {
  return [...spans].sort(
    (a, b) =>
      a.fragments[0][0] - b.fragments[0][0] ||
      b.fragments.at(-1)[1] - a.fragments.at(-1)[1] ||
      (a.id < b.id ? -1 : 1),
  )
}
