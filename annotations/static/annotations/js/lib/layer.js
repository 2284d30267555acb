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

  /** @param {import("./operations.js").Operation} operation @param {import("./layer.js").Change[]} changes */
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
 * @typedef {import("./operations.js").NoteImage} NoteImage
 * @typedef {import("./operations.js").FlagImage} FlagImage
 * @typedef {import("./operations.js").WaiverImage} WaiverImage
 * @typedef {import("./operations.js").SettlementImage} SettlementImage
 * @typedef {"span" | "relation" | "note" | "flag" | "waiver" | "settlement"} Kind
 * @typedef {{kind: Kind, id: string, before: any, after: any}} Change
 * @typedef {{spans?: Iterable<SpanImage>, relations?: Iterable<RelationImage>,
 *   notes?: Iterable<NoteImage>, flags?: Iterable<FlagImage>,
 *   waivers?: Iterable<WaiverImage>, settlements?: Iterable<SettlementImage>}} Objects
 */

/** The id under which the flags of the whole article stand. */
export const ARTICLE = "00000000-0000-0000-0000-000000000000"

/** The list of a layer in which the objects of each kind stand. @type {Record<Kind, keyof Objects>} */
const LISTS = {
  span: "spans",
  relation: "relations",
  note: "notes",
  flag: "flags",
  waiver: "waivers",
  settlement: "settlements",
}

/** @template {{id: string}} T @param {Iterable<T>} [images] @returns {Map<string, T>} */
const byId = (images = []) => new Map([...images].map((image) => [image.id, image]))

/** All that one assignment holds, and what can be undone: a plain state. */
export class Layer {
  /** @param {Objects} [objects] as the server lists them */
  constructor(
    { spans, relations, notes, flags, waivers, settlements } = {},
    history = new History(),
  ) {
    this.spans = byId(spans)
    this.relations = byId(relations)
    this.notes = byId(notes)
    this.flags = byId(flags)
    this.waivers = byId(waivers)
    this.settlements = byId(settlements)
    this.history = history
  }

  /** A layer that changes apart from this one. @returns {Layer} */
  copy() {
    const copied = /** @type {any} */ (new Layer({}, this.history.copy()))
    for (const list of Object.values(LISTS)) copied[list] = new Map(/** @type {any} */ (this)[list])
    return copied
  }

  /** @param {Kind} kind @param {string} id */
  image(kind, id) {
    return this[LISTS[kind]].get(id) ?? null
  }

  /**
   * Afterwards every object is as `changes` leave it, and `operation` stands in the history.
   * @param {import("./operations.js").Operation} operation
   * @param {Change[]} changes
   */
  apply(operation, changes) {
    for (const { kind, id, after } of changes) {
      const list = this[LISTS[kind]]
      if (after) list.set(id, after)
      else list.delete(id)
    }
    this.history.record(operation, changes)
  }

  /** The relations that begin or end at a span. @param {string} id @returns {RelationImage[]} */
  relationsOf(id) {
    return [...this.relations.values()].filter(({ from, to }) => from.span === id || to.span === id)
  }

  /** What was noted about a span (null: the article). @param {string | null} span @returns {NoteImage[]} */
  notesOf(span) {
    return [...this.notes.values()].filter((note) => note.span === span)
  }

  /** The settlements that a span (null: none) or any of these relations came of.
   * @param {RelationImage[]} relations @param {string | null} [span] @returns {SettlementImage[]} */
  settledBy(relations, span = null) {
    const ids = new Set([...relations.map(({ id }) => id), span])
    return [...this.settlements.values()].filter((one) => cameOf(one).some((id) => ids.has(id)))
  }

  /** The ids of all that stands at a span (null: the article), and of the spans it is joined to.
   * @param {string | null} about @returns {Set<string>} */
  idsAt(about) {
    const relations = about
      ? this.relationsOf(about)
      : [...this.relations.values()].filter(({ from }) => from.article)
    const joined = relations.flatMap(({ id, from, to }) => [id, from.span, to.span])
    return new Set([about ?? ARTICLE, ...joined, ...this.notesOf(about).map(({ id }) => id)])
  }

  /** The ids of objects that are not the same in both. @param {Layer} other @returns {Set<string>} */
  differences(other) {
    const ids = new Set()
    for (const list of Object.values(LISTS)) {
      for (const [id, image] of this[list]) if (other[list].get(id) !== image) ids.add(id)
      for (const id of other[list].keys()) if (!this[list].has(id)) ids.add(id)
    }
    return ids
  }
}

/** The ids of what is in the gold layer for what was settled.
 * @param {SettlementImage} settlement @returns {string[]} */
export function cameOf({ result }) {
  if (!result) return []
  return "span" in result ? [result.span] : result.relations
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
      ...without(layer, unfit),
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
  unrelate: ({ relation }, layer) => {
    const before = layer.relations.get(relation)
    return before ? without(layer, [before]) : null
  },
  remove: ({ span }, layer) => {
    const before = layer.image("span", span)
    if (!before) return null
    return [
      ...without(layer, layer.relationsOf(span), span),
      ...layer.notesOf(span).flatMap((one) => removed("note", one)),
      ...(removed("flag", layer.image("flag", span)) ?? []),
      ...removed("span", before),
    ]
  },
  note: ({ note }, layer) =>
    isThere(note, layer) ? remarked("note", note, layer, note.text !== "") : null,
  flag: ({ flag }, layer) => {
    const image = { id: flag.span ?? ARTICLE, ...flag }
    const says = flag.flags.length > 0 || flag.confidence !== null
    return isThere(flag, layer) ? remarked("flag", image, layer, says) : null
  },
  waive: ({ waiver }, layer) => remarked("waiver", waiver, layer, waiver.reason !== null),
  settle: ({ settlement }, layer) => {
    const isWhole = cameOf(settlement).every((id) => layer.spans.has(id) || layer.relations.has(id))
    const says = settlement.decision !== null
    return isWhole || !says ? remarked("settlement", settlement, layer, says) : null
  },
  restore: () => [], // the server knows how the layer was
  undo: ({ of }, layer) => inverted(layer.history.changesOf(of) ?? []),
  redo: ({ of }, layer) => layer.history.changesOf(of) ?? [],
}

/** Relations go, and with them (and with a span that goes) the settlements that they came of. */
const without = (layer, relations, span = null) => [
  ...layer.settledBy(relations, span).flatMap((one) => removed("settlement", one)),
  ...relations.flatMap((one) => removed("relation", one)),
]

const isThere = (end, layer) => !end.span || layer.spans.has(end.span)

/** A remark as it is now: made, changed, or gone when it says nothing more; null: nothing changes. */
function remarked(kind, image, layer, says) {
  const before = layer.image(kind, image.id)
  return before || says ? [{ kind, id: image.id, before, after: says ? image : null }] : null
}

function merged(before, { attributes }) {
  const all = { ...before.attributes, ...attributes }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null))
}
