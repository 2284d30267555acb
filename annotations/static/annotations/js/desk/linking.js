import { h, shortened } from "../dom/html.js"
import { filled, gettext } from "../lib/words.js"
import { answer, ask } from "./dialogs.js"

/**
 * Joining two spans by keys or by the mouse: from the selected span (or the whole article) to
 * another, chosen among those the schema allows. `to` is the one that Enter would take.
 */
export class Linking {
  #desk

  /** @param {any} desk the label-desk @param {any} type only relations of this type; null: any */
  constructor(desk, type) {
    this.#desk = desk
    this.from = desk.selected
    this.type = type
    this.to = ""
  }

  /** Begin at the nearest candidate: most speakers stand beside their quotes. False: there is none. */
  begin() {
    const at = this.#span(this.from)
    return this.#offer(at ? this.#nearest(at) : this.#neighbour(1))
  }

  /** Offer the next candidate in reading order. @param {1 | -1} direction */
  step(direction) {
    return this.#offer(this.#neighbour(direction))
  }

  /** The question it asks, for the panel. */
  get words() {
    const to = this.#span(this.to)
    return to ? filled(gettext("Link to %(span)s?"), { span: this.#desk.describe(to) }) : ""
  }

  /** Whether a span can be the other end. @param {string} id */
  fits(id) {
    return this.#ways(this.#span(id)).length > 0
  }

  /** The relation that joins the two ends; asks when several can; null when none was chosen. */
  async way(to = this.to) {
    const ways = this.#ways(this.#span(to))
    return ways.length > 1 ? choose(this.#desk.schema, ways) : (ways[0] ?? null)
  }

  #span(id) {
    return this.#desk.session.span(id)
  }

  #ways(to) {
    if (!to) return []
    const one = this.#span(this.from)
    if (!one) return this.type.to.includes(to.label) ? [{ type: this.type, from: null, to }] : []
    const ways = one.id === to.id ? [] : this.#desk.session.relatable(one, to)
    return this.type
      ? ways.filter(({ type, from }) => type === this.type && from.id === one.id)
      : ways
  }

  #neighbour(direction) {
    const among = (span) => this.#ways(span).length > 0
    return this.#desk.session.neighbour(this.to || this.from, direction, { among })
  }

  #nearest({ fragments }) {
    const [start, end] = [fragments[0][0], fragments.at(-1)[1]]
    const distance = (span) =>
      Math.max(span.fragments[0][0] - end, start - span.fragments.at(-1)[1], 0)
    return this.#desk.session.inOrder
      .filter((span) => this.#ways(span).length)
      .sort((a, b) => distance(a) - distance(b))[0]
  }

  #offer(span) {
    if (!span || !this.#ways(span).length) return false
    this.to = span.id
    return true
  }
}

async function choose(schema, ways) {
  const buttons = ways.map(({ type, from, to }, index) => {
    const words = filled(gettext("%(from)s — %(relation)s → %(to)s"), {
      from: shortened(from.text[0], 24),
      relation: schema.nameOf(type),
      to: shortened(to.text[0], 24),
    })
    return answer(String(index), words, index ? "" : "button-primary")
  })
  const inside = [h("div", { class: "stack stack-tight" }, ...buttons)]
  const choice = await ask(gettext("Which relation?"), inside, [])
  return choice === "" ? null : ways[Number(choice)]
}
