import { keyName } from "../dom/key-caps.js"
import { filled, gettext } from "../lib/words.js"

/**
 * Joining two spans by keys or by the mouse: from the selected span (or the whole article) to
 * another, chosen among those the schema allows. `to` is the one that Enter would take.
 */
class Linking {
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
    if (ways.length < 2) return ways[0] ?? null
    return this.#desk.late(({ chooseRelation }) => chooseRelation(this.#desk.schema, ways))
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

/** Begin to link what is selected, or the article. @param {any} desk @param {any} type only relations of this type, or null for any */
export function startLink(desk, type) {
  if (!desk.editable || (!desk.span && !type)) return false
  const linking = new Linking(desk, type)
  if (!linking.begin()) return desk.warn(gettext("There is no span that this can be linked to yet."))
  desk.linking = linking
  desk.dataset.linking = ""
  desk.focusText()
  return showLink(desk)
}

/** Offer the next span that can be the other end. @param {any} desk @param {1 | -1} direction */
export function stepLink(desk, direction) {
  return desk.linking.step(direction) && showLink(desk)
}

/** @param {any} desk */
export function leaveLink(desk) {
  endLink(desk)
  desk.showPanels()
  desk.focusText()
  return desk.say(gettext("No link made."))
}

/** Join what is selected with a span; asks when several relations fit. @param {any} desk @param {string} [to] */
export async function finishLink(desk, to) {
  const { linking } = desk
  const way = await linking.way(to)
  endLink(desk)
  if (way) {
    const from = way.from ? { span: way.from.id } : { article: true }
    desk.session.relate(way.type, from, { span: way.to.id })
    desk.say(filled(gettext("Linked: %(name)s"), { name: desk.schema.nameOf(way.type) }))
  }
  desk.select(linking.from, { reveal: Boolean(linking.from) })
  desk.focusText()
}

/** Link to the innermost of these spans that fits. @param {any} desk @param {string[]} ids */
export function linkToTouched(desk, ids) {
  const id = ids.find((one) => desk.linking.fits(one))
  return id ? finishLink(desk, id) : desk.warn(gettext("These two cannot be linked."))
}

function endLink(desk) {
  desk.linking = null
  delete desk.dataset.linking
  desk.text.select(desk.selected)
}

function showLink(desk) {
  const { keymap, linking, session } = desk
  desk.text.select(desk.selected, linking.to)
  desk.text.reveal(session.span(linking.to).fragments[0])
  desk.showPanels()
  const help = filled(
    gettext("%(link)s links, %(next)s and %(previous)s choose another, %(end)s ends."),
    {
      link: keyName(keymap, "inspect"),
      next: keyName(keymap, "next-span"),
      previous: keyName(keymap, "previous-span"),
      end: keyName(keymap, "cancel"),
    },
  )
  return desk.say(`${linking.words} ${help}`)
}
