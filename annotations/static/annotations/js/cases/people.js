import { filled, gettext } from "../lib/words.js"

/** @typedef {{id: number, name: string}} Annotator an annotator's layer, and whose it is */

/**
 * The annotators of an article as the adjudicator sees them: by their names, or as letters in an order
 * that is another one in each article, so that nobody is followed by habit.
 */
export class People {
  #names = /** @type {Map<number, string>} */ (new Map())
  #initials = /** @type {Map<number, string>} */ (new Map())
  #seed
  #hidden

  /** @param {Annotator[]} layers @param {{hidden: boolean, seed: string}} how */
  constructor(layers, { hidden, seed }) {
    this.#seed = seed
    this.#hidden = hidden
    const order = hidden ? shuffled(layers, ({ id }) => `${seed} ${id}`) : layers
    const letters = hidden ? order.map((_, place) => letterOf(place)) : initialsOf(order)
    order.forEach(({ id, name }, place) => {
      this.#initials.set(id, letters[place])
      const hiddenName = filled(gettext("annotator %(letter)s"), { letter: letters[place] })
      this.#names.set(id, hidden ? hiddenName : name)
    })
  }

  /** @param {number} layer */
  nameOf(layer) {
    return this.#names.get(layer) ?? "?"
  }

  /** A letter or two that no other annotator here has. @param {number} layer */
  initialsOf(layer) {
    return this.#initials.get(layer) ?? "?"
  }

  /** In which order the versions of a case are shown: as they come, the commonest first; with hidden
   * names in one that says nothing. @param {import("./standing.js").Case} one @returns {number[]} */
  orderOf({ id, versions }) {
    const places = versions.map((_, place) => place)
    return this.#hidden ? shuffled(places, (place) => `${this.#seed} ${id} ${place}`) : places
  }
}

const letterOf = (place) =>
  String.fromCodePoint(65 + (place % 26)) + (place >= 26 ? Math.floor(place / 26) : "")

/** The first letters of the names, as many as tell each from the others. @param {Annotator[]} layers */
function initialsOf(layers) {
  const names = layers.map(({ name }) => [...name])
  return names.map((name, place) => {
    const others = names.filter((_, other) => other !== place).map((one) => one.join(""))
    const enough = name.findIndex(
      (_, at) => !others.some((other) => other.startsWith(name.slice(0, at + 1).join(""))),
    )
    const letters =
      enough < 0 || enough > 2 ? `${name[0]}${place + 1}` : name.slice(0, enough + 1).join("")
    return letters.charAt(0).toUpperCase() + letters.slice(1)
  })
}

/** In an order that looks like chance and is always the same. @template T @param {T[]} some @param {(one: T) => string} nameOf @returns {T[]} */
function shuffled(some, nameOf) {
  const keys = new Map(some.map((one) => [one, hashOf(nameOf(one))]))
  return [...some].sort((a, b) => keys.get(a) - keys.get(b))
}

/** FNV-1a, stirred: neighbours do not stay together. @param {string} text */
function hashOf(text) {
  let hash = 0x811c9dc5
  for (const letter of text) hash = Math.imul(hash ^ letter.codePointAt(0), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (hash ^ (hash >>> 13)) >>> 0
}
