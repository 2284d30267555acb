import { h } from "../dom/html.js"
import { AliasOffer } from "../dom/alias-offer.js"
import { request } from "../dom/requests.js"
import { MOST_NAME, NO_WORDS, answersTo, cut, forbiddenIn } from "../lib/naming.js"
import { filled, gettext, ngettext } from "../lib/words.js"

let made = 0
const MOST_SHOWN = 5
const NONE = -1

/**
 * Find who or what is meant, in the registry: an ARIA combobox over names and aliases in all
 * scripts, with a last row that creates what is missing, asking its type, and an offer to remember
 * the words of the text as an alias. Tells "entity-chosen" (detail: id, entity and alias, or null
 * to unlink) and "entity-missing" (detail: name, type and alias).
 */
export class EntityPicker extends HTMLElement {
  #input
  #pop
  #note
  #list
  #count
  #offer
  #found = []
  #active = NONE
  #asked = 0
  #listening

  url = ""
  name = ""
  words = NO_WORDS
  schema = /** @type {import("../lib/schema.js").Schema | null} */ (null)

  /**
   * @param {{url: string, name: string, words: import("../lib/naming.js").Words,
   *   schema: import("../lib/schema.js").Schema}} about `name`: who is linked now; `words`: what
   *   the span says
   */
  show({ url, name, words, schema }) {
    Object.assign(this, { url, name, words, schema })
    const id = `entities-${(made += 1)}`
    this.#list = h("ul", {
      id,
      role: "listbox",
      class: "picker-list",
      tabindex: "-1", // browsers let Tab stop at what scrolls; the field has the keys
      "aria-label": gettext("Registry"),
      onmousedown: (event) => event.preventDefault(), // the words being typed keep the focus
    })
    this.#note = h("p", { class: "picker-note", id: `${id}-note`, hidden: true })
    this.#offer = new AliasOffer(words)
    this.#pop = h(
      "div",
      { class: "picker-pop", hidden: true },
      this.#note,
      this.#list,
      this.#offer.element,
    )
    this.#count = h("p", { class: "unseen", role: "status" })
    this.#input = this.#field(id)
    this.#input.value = name
    this.replaceChildren(this.#input, this.#pop, this.#count)
  }

  connectedCallback() {
    this.#listening = new AbortController()
    const { signal } = this.#listening
    this.addEventListener("keydown", (event) => this.#key(event), { signal })
    this.addEventListener(
      "focusout",
      ({ relatedTarget }) => this.contains(/** @type {any} */ (relatedTarget)) || this.#close(),
      { signal },
    )
  }

  disconnectedCallback() {
    this.#listening.abort()
  }

  #field(id) {
    return h("input", {
      class: "input",
      role: "combobox",
      type: "text",
      autocomplete: "off",
      spellcheck: "false",
      "aria-expanded": "false",
      "aria-controls": id,
      "aria-autocomplete": "list",
      "aria-describedby": `${id}-note`,
      "data-focus": "entity",
      "aria-label": gettext("Who or what is meant"),
      placeholder: gettext("Name or alias…"),
      dir: "auto",
      oninput: () => this.#typed(),
      onfocus: () => this.#begin(),
    })
  }

  focus() {
    this.#input.focus()
  }

  /** Begin to create an entity named as the text says. */
  create() {
    this.#input.focus()
    this.#askType(this.#proposed)
  }

  /** The name that the words of the span give. */
  get #proposed() {
    return this.words.defined?.name ?? this.words.text
  }

  #begin() {
    if (!this.#pop.hidden) return
    this.#input.select()
    this.#search(this.name ? "" : this.#proposed)
  }

  #typed() {
    const { value } = this.#input
    this.#input.value = cut(value)
    const words = gettext("A name has at most %(most)s characters: what came after was left out.")
    this.#search(this.#input.value, value === cut(value) ? "" : filled(words, { most: MOST_NAME }))
  }

  async #search(words, note = "") {
    const asked = (this.#asked += 1)
    const wanted = words.trim()
    const { status, body } = await request(`${this.url}?q=${encodeURIComponent(wanted)}`)
    if (asked !== this.#asked || !this.contains(document.activeElement)) return
    this.#found = status === 200 ? body.entities : []
    const failed = gettext("The registry cannot be reached now.")
    this.#draw(wanted, status === 200 ? note : failed, status === 200)
  }

  #draw(words, note, reached) {
    const typed = this.#input.value.trim() && this.#input.value !== this.name
    const named = typed ? words : this.#proposed
    const bad = forbiddenIn(named)
    const rows = this.#found.map((entity) => this.#row(entity))
    if (reached && named && !bad && !this.#found.some(({ name }) => name === named))
      rows.push(this.#creating(named))
    if (this.name) rows.push(this.#unlinking())
    const [first] = this.#found
    const isMeant = typed || !first || answersTo(named, first)
    this.#open(rows, note || (bad && refusedName(bad)), isMeant ? 0 : NONE)
    this.#tellCount()
  }

  /** @param {Node[]} rows @param {string} [note] @param {number} [active] the row that Enter takes */
  #open(rows, note = "", active = 0) {
    this.#note.replaceChildren(note)
    this.#note.hidden = !note
    this.#list.replaceChildren(...rows)
    this.#list.hidden = !rows.length
    this.#pop.hidden = !rows.length && !note
    this.#input.setAttribute("aria-expanded", String(rows.length > 0))
    this.#activate(active)
  }

  #tellCount() {
    const count = this.#found.length
    const words = ngettext("%(count)s entity found.", "%(count)s entities found.", count)
    this.#count.textContent = `${this.#note.textContent} ${filled(words, { count })}`.trim()
  }

  #row(entity) {
    const where = {
      article: gettext("this article"),
      corpus: gettext("this corpus"),
    }[entity.rank]
    return this.#option(
      { choice: { id: entity.id, entity } },
      h("bdi", { class: "picker-name" }, entity.name),
      h("small", {}, this.#typeName(entity.type), ...aliasesOf(entity)),
      where && h("span", { class: "chip" }, where),
      entity.proposed && h("span", { class: "chip" }, gettext("proposed")),
    )
  }

  #creating(name) {
    const words = filled(gettext("Create “%(name)s”"), { name: `\u2068${name}\u2069` })
    return this.#option({ missing: name }, h("span", { class: "picker-name" }, `+ ${words}`))
  }

  /** Second step of creating: what kind of thing it is. */
  #askType(name) {
    this.#asked += 1
    const bad = forbiddenIn(name)
    if (bad || !name) return this.#open([], bad ? refusedName(bad) : gettext("A name is needed."))
    const types = this.schema.spec.entity_types.map((type) =>
      this.#option({ missing: name, type: type.key }, this.schema.nameOf(type)),
    )
    return this.#open(types, filled(gettext("“%(name)s” is a…"), { name: `\u2068${name}\u2069` }))
  }

  #typeName(key) {
    const type = this.schema.spec.entity_types.find((one) => one.key === key)
    return type ? this.schema.nameOf(type) : key
  }

  #unlinking() {
    return this.#option(
      { choice: null },
      h("span", { class: "picker-name" }, gettext("Nobody: take the link away")),
    )
  }

  #option(meaning, ...inside) {
    const option = h(
      "li",
      {
        role: "option",
        id: `option-${(made += 1)}`,
        "aria-selected": "false",
        onclick: () => this.#choose(meaning),
      },
      ...inside,
    )
    option.meaning = meaning
    return option
  }

  get #options() {
    return [...this.#list.children]
  }

  #activate(index) {
    const options = this.#options
    this.#active = options.length ? index : NONE
    for (const [i, option] of options.entries())
      option.setAttribute("aria-selected", String(i === this.#active))
    const active = options[this.#active]
    if (active) this.#input.setAttribute("aria-activedescendant", active.id)
    else this.#input.removeAttribute("aria-activedescendant")
    active?.scrollIntoView({ block: "nearest" })
    this.#offer.show(entityMeantBy(active?.meaning))
  }

  #key(event) {
    if (event.isComposing) return
    const inField = event.target === this.#input
    const act = {
      ArrowDown: inField && (() => this.#step(1)),
      ArrowUp: inField && (() => this.#step(-1)),
      Enter: () => this.#take(),
      Escape: () => this.#leave(),
    }[event.key]
    if (!act) return
    event.preventDefault()
    event.stopPropagation()
    act()
  }

  #step(direction) {
    if (this.#pop.hidden) this.#search(this.#input.value === this.name ? "" : this.#input.value)
    else this.#activate(this.#following(direction))
  }

  /** The row after the active one, around the ends; the first or last where none is. */
  #following(direction) {
    const count = this.#options.length
    if (this.#active === NONE) return direction > 0 ? 0 : count - 1
    return (this.#active + direction + count) % count
  }

  /** Where nobody is known by just the words of the text, nobody is taken unseen. */
  #take() {
    if (this.#active === NONE) this.#activate(0)
    else this.#choose(this.#options[this.#active].meaning)
  }

  #choose(meaning) {
    if (meaning.missing && !meaning.type) return this.#askType(meaning.missing)
    const alias = this.#offer.taken
    this.#close()
    const { missing: name, type, choice } = meaning
    if (name) return this.#tell("entity-missing", { name, type, alias })
    return this.#tell("entity-chosen", choice && { ...choice, alias })
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { bubbles: true, detail }))
  }

  /** First out of the list, then out of the field. */
  #leave() {
    if (this.#pop.hidden) this.#tell("panel-left", null)
    else this.#input.focus()
    this.#close()
  }

  #close() {
    this.#asked += 1
    this.#pop.hidden = true
    this.#input.setAttribute("aria-expanded", "false")
    this.#input.removeAttribute("aria-activedescendant")
    if (document.activeElement !== this.#input) this.#input.value = this.name
  }
}

/** Whom an option means, as far as an alias is concerned; null where none can be remembered. */
function entityMeantBy({ choice, missing } = /** @type {any} */ ({})) {
  return choice?.entity ?? (missing ? { name: missing, aliases: [] } : null)
}

/** The aliases of an entity in a few words, first the one by which it was found. */
function aliasesOf({ alias, aliases }) {
  const others = [...new Set(aliases.map(({ text }) => text))].filter((text) => text !== alias)
  const first = alias ? [h("strong", {}, h("bdi", {}, alias))] : []
  const rest = others.slice(0, MOST_SHOWN - first.length).map((text) => h("bdi", {}, text))
  const more = others.length > rest.length ? ["…"] : []
  return [...first, ...rest, ...more].flatMap((one, i) => [i ? ", " : " · ", one])
}

const refusedName = (character) =>
  filled(gettext("The name holds a character no name may hold (%(character)s)."), { character })
