import { h } from "../dom/html.js"
import { request } from "../dom/requests.js"
import { filled, gettext, inlineAlias } from "../lib/words.js"

let made = 0

/**
 * Find who or what is meant, in the registry: an ARIA combobox over names and aliases in all
 * scripts, with a last row that creates what is missing, asking its type. Tells "entity-chosen"
 * (detail: id and entity, or null to unlink) and "entity-missing" (detail: name, alias, type).
 */
export class EntityPicker extends HTMLElement {
  #input
  #list
  #found = []
  #active = -1
  #asked = 0

  /**
   * @param {{url: string, name: string, text: string, schema: import("../lib/schema.js").Schema}} about
   *  `name`: who is linked now; `text`: what the span says
   */
  show({ url, name, text, schema }) {
    this.url = url
    this.schema = schema
    this.text = text
    this.name = name
    const id = `entities-${(made += 1)}`
    this.#list = h("ul", {
      id,
      role: "listbox",
      class: "picker-list",
      hidden: true,
      "aria-label": gettext("Registry"),
    })
    this.#input = h("input", {
      class: "input",
      role: "combobox",
      type: "text",
      autocomplete: "off",
      spellcheck: "false",
      "aria-expanded": "false",
      "aria-controls": id,
      "aria-autocomplete": "list",
      "data-focus": "entity",
      "aria-label": gettext("Who or what is meant"),
      placeholder: gettext("Name or alias…"),
      dir: "auto",
      oninput: () => this.#search(),
      onfocus: () => this.#begin(),
      onblur: () => this.#close(),
      onkeydown: (event) => this.#key(event),
    })
    this.#input.value = name
    this.replaceChildren(this.#input, this.#list)
  }

  focus() {
    this.#input.focus()
  }

  /** Begin to create an entity named as the text says. */
  create() {
    this.#input.focus()
    this.#askType(this.text)
  }

  #begin() {
    this.#input.select()
    this.#search(this.name ? "" : this.text)
  }

  async #search(words = this.#input.value) {
    const asked = (this.#asked += 1)
    const { status, body } = await request(
      `${this.url}?q=${encodeURIComponent(words.trim().slice(0, 200))}`,
    )
    if (asked !== this.#asked || document.activeElement !== this.#input) return
    this.#found = status === 200 ? body.entities : []
    this.#draw(words.trim(), status !== 200)
  }

  #draw(words, failed) {
    const named = this.#input.value.trim() && this.#input.value !== this.name ? words : this.text
    const rows = this.#found.map((entity) => this.#row(entity))
    const known = this.#found.some(({ name }) => name === named)
    if (named && !known && !failed) rows.push(this.#creating(named))
    if (this.name) rows.push(this.#unlinking())
    if (failed)
      rows.push(h("li", { class: "picker-note" }, gettext("The registry cannot be reached now.")))
    this.#list.replaceChildren(...rows)
    this.#list.hidden = !rows.length
    this.#input.setAttribute("aria-expanded", String(Boolean(rows.length)))
    this.#activate(failed ? -1 : 0)
  }

  #row(entity) {
    const aliases = entity.aliases.map(({ text }) => text).join(", ")
    const notes = [this.#typeName(entity.type), aliases].filter(Boolean).join(" · ")
    return this.#option(
      { choice: { id: entity.id, entity } },
      h("bdi", { class: "picker-name" }, entity.name),
      h("small", {}, h("bdi", {}, notes)),
      entity.here && h("span", { class: "chip" }, gettext("here")),
      entity.proposed && h("span", { class: "chip" }, gettext("proposed")),
    )
  }

  #creating(name) {
    const words = filled(gettext("Create “%(name)s”"), { name })
    return this.#option({ missing: name }, h("span", { class: "picker-name" }, `+ ${words}`))
  }

  /** Second step of creating: what kind of thing it is. */
  #askType(text) {
    this.#asked += 1
    const { name, alias } = inlineAlias(text) ?? { name: text, alias: "" }
    const also = alias && ` (${alias})`
    const head = h(
      "li",
      { class: "picker-note", role: "presentation" },
      filled(gettext("“%(name)s” is a…"), { name: name + also }),
    )
    const types = this.schema.spec.entity_types.map((type) =>
      this.#option({ missing: name, alias, type: type.key }, this.schema.nameOf(type)),
    )
    this.#list.replaceChildren(head, ...types)
    this.#list.hidden = false
    this.#input.setAttribute("aria-expanded", "true")
    this.#activate(0)
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
        onmousedown: (event) => this.#press(event, meaning),
      },
      ...inside,
    )
    option.meaning = meaning
    return option
  }

  #press(event, meaning) {
    event.preventDefault()
    this.#choose(meaning)
  }

  #activate(index) {
    const options = [...this.#list.querySelectorAll("[role=option]")]
    this.#active = options.length ? (index + options.length) % options.length : -1
    for (const [i, option] of options.entries())
      option.setAttribute("aria-selected", String(i === this.#active))
    const active = options[this.#active]
    this.#input.setAttribute("aria-activedescendant", active?.id ?? "")
    active?.scrollIntoView({ block: "nearest" })
  }

  #key(event) {
    if (event.isComposing) return
    const act = {
      ArrowDown: () => this.#activate(this.#active + 1),
      ArrowUp: () => this.#activate(this.#active - 1),
      Enter: () =>
        this.#choose(this.#list.querySelectorAll("[role=option]")[this.#active]?.meaning),
      Escape: () => this.#leave(),
    }[event.key]
    if (!act) return
    event.preventDefault()
    event.stopPropagation()
    act()
  }

  #choose(meaning) {
    if (!meaning) return undefined
    if (meaning.missing && !meaning.type) return this.#askType(meaning.missing)
    this.#close()
    const { missing: name, alias, type } = meaning
    if (name) return this.#tell("entity-missing", { name, alias, type })
    return this.#tell("entity-chosen", meaning.choice)
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { bubbles: true, detail }))
  }

  #leave() {
    if (this.#list.hidden) this.#tell("panel-left", null)
    this.#close()
  }

  #close() {
    this.#asked += 1
    this.#list.hidden = true
    this.#input.setAttribute("aria-expanded", "false")
    this.#input.removeAttribute("aria-activedescendant")
    if (document.activeElement !== this.#input) this.#input.value = this.name
  }
}
