/**
 * What can be undone and redone, as the server derives it: groups in effect, newest last, and
 * groups undone, to be redone newest first. A new change ends what could be redone. Of what was
 * done before this page only the newest group is known by name; the server tells the next.
 */
export class History {
  #changes

  /**
   * @param {string[]} done
   * @param {string[]} undone
   * @param {Map<string, import("./layer.js").Change[]>} changes of the groups seen here
   */
  constructor(done = [], undone = [], changes = new Map()) {
    this.done = done
    this.undone = undone
    this.#changes = changes
  }

  copy() {
    return new History([...this.done], [...this.undone], new Map(this.#changes))
  }

  /** The same knowledge of changes, standing where the server says. @param {{undo: string | null, redo: string | null}} at */
  at({ undo, redo }) {
    return new History(undo ? [undo] : [], redo ? [redo] : [], this.#changes)
  }

  /** The changes of a group, oldest first; undefined when they were never seen here. */
  changesOf(group) {
    return this.#changes.get(group)
  }

  record({ op, group, of }, changes) {
    if (op === "undo") this.#turn(this.done, this.undone, of, inverted(changes))
    else if (op === "redo") this.#turn(this.undone, this.done, of, changes)
    else this.#extend(group, changes)
  }

  #turn(from, to, group, changes) {
    const index = from.lastIndexOf(group)
    if (index >= 0) from.splice(index, 1)
    to.push(group)
    if (changes.length) this.#changes.set(group, changes)
  }

  #extend(group, changes) {
    const grows = this.done.at(-1) === group && !this.undone.length
    this.undone.length = 0
    if (!grows) this.done.push(group)
    this.#changes.set(group, grows ? [...(this.#changes.get(group) ?? []), ...changes] : changes)
  }
}

/** The changes that take these changes back, last first. @param {import("./layer.js").Change[]} changes */
export function inverted(changes) {
  return changes
    .map(({ kind, id, before, after }) => ({ kind, id, before: after, after: before }))
    .reverse()
}

/**
 * @typedef {import("./operations.js").SpanImage} SpanImage
 * @typedef {import("./operations.js").RelationImage} RelationImage
 * @typedef {{kind: "span" | "relation", id: string, before: any, after: any}} Change
 */

/** The spans and relations of one assignment, and what can be undone: a plain state. */
export class Layer {
  /** @param {Iterable<SpanImage>} spans @param {Iterable<RelationImage>} relations */
  constructor(spans = [], relations = [], history = new History()) {
    this.spans = new Map([...spans].map((span) => [span.id, span]))
    this.relations = new Map([...relations].map((relation) => [relation.id, relation]))
    this.history = history
  }

  /** A layer that changes apart from this one. @returns {Layer} */
  copy() {
    return new Layer(this.spans.values(), this.relations.values(), this.history.copy())
  }

  /** @param {"span" | "relation"} kind @param {string} id */
  image(kind, id) {
    return this.#of(kind).get(id) ?? null
  }

  /**
   * Afterwards every object is as `changes` leave it, and `operation` stands in the history.
   * @param {import("./operations.js").Operation} operation
   * @param {Change[]} changes
   */
  apply(operation, changes) {
    for (const { kind, id, after } of changes) {
      if (after) this.#of(kind).set(id, after)
      else this.#of(kind).delete(id)
    }
    this.history.record(operation, changes)
  }

  /** The relations that begin or end at a span. @param {string} id @returns {RelationImage[]} */
  relationsOf(id) {
    return [...this.relations.values()].filter(({ from, to }) => from.span === id || to.span === id)
  }

  #of(kind) {
    return kind === "span" ? this.spans : this.relations
  }
}

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
    return (
      before && [...ends.flatMap((one) => removed("relation", one)), ...removed("span", before)]
    )
  },
  undo: ({ of }, layer) => inverted(layer.history.changesOf(of) ?? []),
  redo: ({ of }, layer) => layer.history.changesOf(of) ?? [],
}

const isThere = (end, layer) => !end.span || layer.spans.has(end.span)

function merged(before, { attributes }) {
  const all = { ...before.attributes, ...attributes }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null))
}
