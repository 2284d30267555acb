import { h } from "./html.js"
import { REMEMBERED_KINDS, rememberable } from "../lib/naming.js"
import { filled, gettext } from "../lib/words.js"

let made = 0

/** The words of each kind of alias. */
const KINDS = {
  role: () => gettext("role"),
  short: () => gettext("short name"),
  abbreviation: () => gettext("abbreviation"),
  metonym: () => gettext("metonym"),
}

/** A tick that has the words of the text remembered as an alias of whom they are linked to. */
export class AliasOffer {
  #words
  #offered = /** @type {ReturnType<typeof rememberable>} */ (null)
  #tick = h("input", { type: "checkbox", id: `remember-${(made += 1)}` })
  #says = h("label", { for: `remember-${made}` })
  #kind = h(
    "select",
    { class: "picker-kind", "aria-label": gettext("Kind of alias") },
    ...REMEMBERED_KINDS.map((kind) => h("option", { value: kind }, KINDS[kind]())),
  )

  element = h("div", { class: "picker-offer", hidden: true }, this.#tick, this.#says, this.#kind)

  /** @param {import("../lib/naming.js").Words} words */
  constructor(words) {
    this.#words = words
  }

  /** Offer what can be remembered of this entity. A tick that a person set or took away stays so
   * for the same words. @param {{name: string, aliases: {text: string}[]} | null} entity */
  show(entity) {
    const offer = entity && rememberable(this.#words, entity)
    this.element.hidden = !offer
    if (offer && offer.text !== this.#offered?.text) this.#set(offer)
    this.#offered = offer ?? this.#offered
    if (offer) this.#says.textContent = this.#sentence(offer.text, entity.name)
  }

  #set({ kind, ticked }) {
    this.#tick.checked = ticked
    this.#kind.value = kind
  }

  #sentence(alias, name) {
    const words = gettext("remember “%(alias)s” for %(name)s, as:")
    return filled(words, { alias: `\u2068${alias}\u2069`, name: `\u2068${name}\u2069` })
  }

  /** The alias to remember; null for none. @returns {{text: string, kind: string} | null} */
  get taken() {
    if (this.element.hidden || !this.#tick.checked || !this.#offered) return null
    return { text: this.#offered.text, kind: this.#kind.value }
  }
}
