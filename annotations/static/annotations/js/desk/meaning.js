import { find } from "../dom/html.js"
import { request } from "../dom/requests.js"
import { uuid7 } from "../lib/operations.js"
import { gettext } from "../lib/words.js"

/** Whom and what spans mean, and what fills a role: choices in a combobox of the registry. */
export class Meaning {
  #desk

  /** The key of the relation whose role is being filled, or "". */
  picking = ""

  /** @param {any} desk the label-desk */
  constructor(desk) {
    this.#desk = desk
  }

  /** Fill a role with an entity of the registry. @param {any} type of the relation */
  pick(type) {
    this.picking = type.key
    this.#desk.showPanels()
    queueMicrotask(() => find(this.#desk.inspector, ".role entity-picker")?.focus())
  }

  /** An entity was chosen, or (null) none is meant. @param {any} choice @param {Element} picker */
  chosen(choice, picker) {
    const meant = choice?.alias ? rememberAlias(this.#desk, choice) : choice
    this.#mean(meant, this.#purposeOf(picker))
    this.#desk.focusText()
  }

  /** Nobody in the registry fits: somebody new is meant. The work goes on while the registry
   * answers; what it is for does not change meanwhile. @param {any} wanted @param {Element} picker */
  async missing(wanted, picker) {
    const purpose = this.#purposeOf(picker)
    this.#desk.focusText()
    const made = await createEntity(this.#desk, wanted)
    if (made) this.#mean(made, purpose)
  }

  /** From now on the desk knows what to call this entity. @param {any} entity */
  meet({ id, ...entity }) {
    const aliases = (entity.aliases ?? []).map((alias) => alias.text ?? alias)
    this.#desk.entities[id] = { ...entity, aliases }
  }

  /** What an entity is looked for: to be meant by a span, or to fill a role of one. */
  #purposeOf(picker) {
    const type = picker.closest(".role") ? this.#desk.schema.relation(this.picking) : null
    this.picking = ""
    return { id: this.#desk.selected, type }
  }

  #mean(choice, { id, type }) {
    const { session } = this.#desk
    if (choice) this.meet({ id: choice.id, ...choice.entity })
    const span = session.span(id)
    if (type && choice)
      session.relate(type, id ? { span: id } : { article: true }, { entity: choice.id })
    else if (span && !type) session.link(span, choice?.id ?? null)
    this.#desk.showPanels()
  }
}

/** The registry has a new entity, or says why not. @returns {Promise<any>} it, or null */
async function createEntity(desk, { name, type, alias }) {
  const asked = { id: uuid7(), name, type, ...(alias && { alias: alias.text, kind: alias.kind }) }
  const nothing = gettext("The registry cannot be reached now. Nothing was created.")
  return tellRegistry(desk, asked, nothing)
}

/** The registry remembers an alias of a chosen entity, or says why not. @returns {any} the choice, as if it did already */
function rememberAlias(desk, { id, entity, alias }) {
  const asked = { entity: id, alias: alias.text, kind: alias.kind }
  const nothing = gettext("The registry cannot be reached now. The alias was not remembered.")
  tellRegistry(desk, asked, nothing).then((known) => desk.meaning.meet({ id, ...(known?.entity ?? entity) }))
  return { id, entity: { ...entity, aliases: [...entity.aliases, alias] } }
}

async function tellRegistry(desk, asked, unreached) {
  const { status, body } = await request(desk.urls.entities, {
    method: "POST",
    body: JSON.stringify(asked),
  })
  if (status !== 201) return desk.warn(body?.message ?? unreached) && null
  const { id, ...entity } = body
  return { id, entity }
}
