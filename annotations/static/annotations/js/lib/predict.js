import { inverted } from "./history.js"

/**
 * What an operation will change in a layer, as the server will answer; null when it cannot apply
 * any more because what it works on is gone.
 * @param {import("./operations.js").Operation} operation
 * @param {import("./layer.js").Layer} layer
 * @param {import("./schema.js").Schema} schema
 * @returns {import("./layer.js").Change[] | null}
 */
export function predict(operation, layer, schema) {
  return PREDICTIONS[operation.op](operation, layer, schema)
}

const created = (kind, image) => [{ kind, id: image.id, before: null, after: image }]

function changed(kind, before, rest) {
  return before && [{ kind, id: before.id, before, after: { ...before, ...rest } }]
}

const removed = (kind, before) => before && [{ kind, id: before.id, before, after: null }]

const PREDICTIONS = {
  place: ({ span }) => created("span", span),
  move: ({ span, fragments, text }, layer) =>
    changed("span", layer.image("span", span), { fragments, text }),
  retag: ({ span, label }, layer, schema) => {
    const before = layer.image("span", span)
    if (!before) return null
    const unfit = layer.relationsOf(span).filter((one) => !schema.fits(one, span, label))
    return [
      ...unfit.flatMap((one) => removed("relation", one)),
      ...changed("span", before, schema.retagged(before, label)),
    ]
  },
  set: (operation, layer) => {
    const kind = operation.span ? "span" : "relation"
    const before = layer.image(kind, operation[kind])
    return before && changed(kind, before, { attributes: merged(before, operation) })
  },
  link: ({ span, entity }, layer) => changed("span", layer.image("span", span), { entity }),
  relate: ({ relation }, layer) =>
    isThere(relation.from, layer) && isThere(relation.to, layer)
      ? created("relation", relation)
      : null,
  unrelate: ({ relation }, layer) => removed("relation", layer.image("relation", relation)),
  remove: ({ span }, layer) => {
    const before = layer.image("span", span)
    const ends = before && layer.relationsOf(span)
    return before && [...ends.flatMap((one) => removed("relation", one)), ...removed("span", before)]
  },
  undo: ({ of }, layer) => inverted(layer.history.changesOf(of) ?? []),
  redo: ({ of }, layer) => layer.history.changesOf(of) ?? [],
}

const isThere = (end, layer) => !end.span || layer.spans.has(end.span)

function merged(before, { attributes }) {
  const all = { ...before.attributes, ...attributes }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null))
}
