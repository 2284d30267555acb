/** The value every choice offers: looked, and could not tell. Not the same as not looked (unset). */
export const CANNOT_TELL = "?"

/** What may be tagged, as the campaign's schema version defines it (`schema.md` of the docs). */
export class Schema {
  #labels
  #relations

  /** @param {any} spec @param {string} language of the interface */
  constructor(spec, language) {
    this.spec = spec
    this.language = language
    this.#labels = new Map(spec.labels.map((label) => [label.key, label]))
    this.#relations = new Map(spec.relations.map((relation) => [relation.key, relation]))
  }

  get labels() {
    return this.spec.labels
  }

  get relations() {
    return this.spec.relations
  }

  label(key) {
    return this.#labels.get(key)
  }

  relation(key) {
    return this.#relations.get(key)
  }

  labelOfKey(shortcut) {
    return this.labels.find((label) => label.shortcut === shortcut)
  }

  /** The display name of anything that has names by language. @param {{name: Record<string, string>}} named */
  nameOf({ name }) {
    return name[this.language] ?? name.en
  }

  /** @param {any} label */
  guidelineOf({ guideline = {} }) {
    return guideline[this.language] ?? guideline.en ?? ""
  }

  /** The values a person may choose for an attribute, "can't tell" last. */
  valuesOf({ kind, values }) {
    if (kind === "bool") return [true, false]
    return kind === "text" ? [] : [...values.map(({ key }) => key), CANNOT_TELL]
  }

  /**
   * The relations that may join two spans, in both directions: those that begin at `one` first.
   * @returns {{type: any, from: any, to: any}[]}
   */
  between(one, other) {
    const from = (a, b) =>
      this.relations
        .filter((type) => type.from.includes(a.label) && type.to.includes(b.label))
        .filter((type) => !type.inside || isInside(a, b))
        .map((type) => ({ type, from: a, to: b }))
    return [...from(one, other), ...from(other, one)]
  }

  /** What a span keeps when it gets another label, as the server decides it. */
  retagged(span, key) {
    const label = this.label(key)
    const kept = Object.entries(span.attributes).filter(([name, value]) =>
      label.attributes.some((one) => one.key === name && this.valuesOf(one).includes(value)),
    )
    return {
      ...span,
      label: key,
      attributes: Object.fromEntries(kept),
      entity: label.entity ? span.entity : null,
    }
  }

  /** Whether a relation still fits when the span `id` at one of its ends has the label `key`. */
  fits(relation, id, key) {
    const type = this.relation(relation.type)
    return (relation.from.span === id ? type.from : type.to).includes(key)
  }
}

function isInside(inner, outer) {
  const [first, last] = [outer.fragments[0][0], outer.fragments.at(-1)[1]]
  return first <= inner.fragments[0][0] && inner.fragments.at(-1)[1] <= last
}

/** Which of two spans is read first: by where they begin, the longer first. */
export const inReading = (a, b) =>
  a.fragments[0][0] - b.fragments[0][0] ||
  b.fragments.at(-1)[1] - a.fragments.at(-1)[1] ||
  (a.id < b.id ? -1 : 1)
