import { History } from "./history.js"

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
    return [...this.relations.values()].filter(
      ({ from, to }) => from.span === id || to.span === id,
    )
  }

  #of(kind) {
    return kind === "span" ? this.spans : this.relations
  }
}
