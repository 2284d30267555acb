import { ACTIONS, createEntity } from "../desk/actions.js"
import { reportAttention } from "../desk/attending.js"
import { chooseVersion, offerWork, refusalWords } from "../desk/deciding.js"
import { ask, answer } from "../desk/dialogs.js"
import { showHelp } from "../desk/help.js"
import { submitLayer } from "../desk/submitting.js"
import { h, icon, shortened } from "../dom/html.js"
import { request } from "../dom/requests.js"
import { browserWorld } from "../dom/world.js"
import { unfinished } from "../lib/completeness.js"
import { Draft } from "../lib/draft.js"
import { History } from "../lib/history.js"
import { ANYWHERE, bindingsOf, notationOf } from "../lib/keymap.js"
import { Layer } from "../lib/layer.js"
import { memoryOutbox, openOutbox } from "../lib/outbox.js"
import { Schema } from "../lib/schema.js"
import { Session } from "../lib/session.js"
import { StickyLabel } from "../lib/sticky.js"
import { Sync } from "../lib/sync.js"
import { uuid7 } from "../lib/uuid.js"
import { filled, gettext } from "../lib/words.js"

/**
 * The labelling desk: one person's work on one article. Holds what is selected and what is being
 * linked, turns keys and clicks into actions, and keeps its panels showing the layer as it is.
 */
export class LabelDesk extends HTMLElement {
  #listening
  #ready
  #unfinishedIds = new Set()
  #hidden = new Set()
  #travelling = Promise.resolve()

  selected = /** @type {string | null} */ (null)
  fragment = /** @type {number | null} */ (null)
  linking = /** @type {any} */ (null)
  picking = ""
  resumeAt = /** @type {number | null} */ (null)
  unfinished = /** @type {any[]} */ ([])
  sticky = new StickyLabel()

  connectedCallback() {
    this.#listening = new AbortController()
    this.state = JSON.parse(document.getElementById("desk-state").textContent)
    this.urls = this.state.urls
    this.entities = this.state.entities
    this.editable = this.state.assignment.editable
    this.#find()
    this.#make()
    this.#show()
    this.#listen(this.#listening.signal)
    this.#ready = this.#begin()
  }

  disconnectedCallback() {
    this.#listening.abort()
  }

  // --- what is there

  get span() {
    return this.session.span(this.selected)
  }

  /** A span in a few words. */
  describe(span) {
    return `${this.schema.nameOf(this.schema.label(span.label))} “${shortened(span.text.join(" ⋯ "), 60)}”`
  }

  /** Do something with the selected span, if there is one and it may change. */
  onSpan(work) {
    if (!this.span || !this.editable) return false
    work(this.span)
    return true
  }

  // --- selecting

  /** @param {string | null} id @param {{reveal?: boolean, fragment?: number | null}} [options] */
  select(id, { reveal = false, fragment = null } = {}) {
    this.selected = this.session.span(id) ? id : null
    this.fragment = fragment
    this.picking = ""
    this.resumeAt = null
    this.text.select(this.selected, this.linking?.to ?? "")
    if (reveal && this.span) this.text.reveal(this.span.fragments[fragment ?? 0])
    this.#showPanels()
    if (this.span && !reveal) this.text.keepInSight(this.span.fragments[fragment ?? 0])
    return true
  }

  /** The next span in reading order; while linking, the next that can be the other end. */
  step(direction) {
    if (this.linking) return this.#stepLink(direction)
    const from = this.text.place
    const next = this.session.neighbour(this.selected, direction, { from, among: (span) => !this.#hidden.has(span.label) })
    if (!next) return this.say(gettext("No span yet."))
    this.text.leaveTarget()
    this.select(next.id, { reveal: true })
    return this.say(this.describe(next))
  }

  /** The spans at a place one after the other, from inside out. */
  cycleAt(offset, ids = null) {
    const here = ids ?? (offset === undefined ? [] : this.session.over(offset).map(({ id }) => id))
    if (!here.length) return false
    const id = here[(here.indexOf(this.selected) + 1) % here.length]
    const pieces = this.session.span(id).fragments
    const fragment = pieces.findIndex(([start, end]) => start <= offset && offset < end)
    return this.select(id, { fragment: pieces.length > 1 && fragment >= 0 ? fragment : null })
  }

  // --- labelling

  /** Label the selection or the word cursor, else relabel the selected span. @param {string} label */
  useLabel(label) {
    if (!this.editable) return false
    if (this.sticky.press(label, performance.now()) === "keep") return this.#stick(label)
    if (this.text.target) return this.#place(label, this.text.target)
    if (this.span) return this.session.retag(this.span, label) ?? true
    return this.say(gettext("Select some words first, or press W."))
  }

  #place(label, range) {
    const id = this.session.place(label, range)
    this.text.leaveTarget()
    this.select(id)
    this.say(this.describe(this.span))
    return true
  }

  #stick(label) {
    const name = this.schema.nameOf(this.schema.label(label))
    this.#showPanels()
    return this.say(filled(gettext("Every selection is now labelled %(name)s. Esc ends it."), { name }))
  }

  releaseSticky() {
    this.sticky.release()
    this.#showPanels()
    this.say(gettext("Labelling ended."))
  }

  // --- linking

  /** @param {any} type only relations of this type, or null for any */
  startLink(type) {
    if (!this.editable || (!this.span && !type)) return false
    this.linking = { from: this.selected, type, to: "" }
    this.dataset.linking = ""
    this.focusText()
    this.#stepLink(1, true)
    return true
  }

  leaveLink() {
    this.linking = null
    delete this.dataset.linking
    this.text.select(this.selected)
    this.#showPanels()
    return this.say(gettext("No link made."))
  }

  /** Join what is selected with the span chosen; asks when several relations fit. */
  async finishLink(to = this.linking.to) {
    const ways = this.#ways(this.session.span(to))
    if (!ways.length) return this.say(gettext("These two cannot be linked."))
    const from = this.linking.from
    const way = ways.length === 1 ? ways[0] : await this.#chooseWay(ways)
    this.linking = null
    delete this.dataset.linking
    if (way) this.session.relate(way.type, way.from ? { span: way.from.id } : { article: true }, { span: way.to.id })
    this.select(from, { reveal: true })
    this.focusText()
    return way ? this.say(filled(gettext("Linked: %(name)s"), { name: this.schema.nameOf(way.type) })) : undefined
  }

  #ways(to) {
    const { from, type } = this.linking
    if (!to) return []
    if (!from) return type.to.includes(to.label) ? [{ type, from: null, to }] : []
    const one = this.session.span(from)
    const ways = one && one.id !== to.id ? this.session.relatable(one, to) : []
    return type ? ways.filter((way) => way.type === type && way.from.id === from) : ways
  }

  #stepLink(direction, nearest = false) {
    const among = (span) => span.id !== this.linking.from && this.#ways(span).length > 0
    const at = this.session.span(this.linking.to || this.linking.from)
    const next = nearest && at ? this.#nearest(at, among) : this.session.neighbour(this.linking.to || this.linking.from, direction, { among })
    if (!next || !among(next)) return this.leaveLink() ?? this.warn(gettext("There is no span that this can be linked to yet."))
    this.linking.to = next.id
    this.text.select(this.selected, next.id)
    this.text.reveal(next.fragments[0])
    this.#showPanels()
    return this.say(filled(gettext("Link to %(span)s? Enter links, J and K choose another, Esc ends."), { span: this.describe(next) }))
  }

  /** The candidate that stands closest: most speakers stand beside their quotes. */
  #nearest(span, among) {
    const [start, end] = [span.fragments[0][0], span.fragments.at(-1)[1]]
    const distance = ({ fragments }) => Math.max(fragments[0][0] - end, start - fragments.at(-1)[1], 0)
    return this.session.inOrder.filter(among).sort((a, b) => distance(a) - distance(b))[0]
  }

  async #chooseWay(ways) {
    const buttons = ways.map(({ type, from, to }, index) => {
      const words = filled(gettext("%(from)s — %(relation)s → %(to)s"), { from: shortened(from.text[0], 24), relation: this.schema.nameOf(type), to: shortened(to.text[0], 24) })
      return answer(String(index), words, index ? "" : "button-primary")
    })
    const choice = await ask(gettext("Which relation?"), [h("div", { class: "stack stack-tight" }, ...buttons)], [])
    return choice === "" ? null : ways[Number(choice)]
  }

  /** Fill a role with an entity of the registry. */
  pickEntity(type) {
    this.picking = type.key
    this.#showPanels()
    const pickers = this.inspector.querySelectorAll(".role entity-picker")
    pickers[0]?.focus()
  }

  // --- travelling through time

  /** Undo or redo, one after the other; what was done before this page is asked of the server. */
  travel(way) {
    if (!this.editable) return false
    this.#travelling = this.#travelling.then(() => this.#travelOnce(way))
    return true
  }

  async #travelOnce(way) {
    if (this.session[way]()) return this.say(way === "undo" ? gettext("Undone.") : gettext("Redone."))
    await this.settled(4000)
    const { status, body } = await request(this.urls.state)
    if (status === 200 && body.assignment.revision === this.draft.revision) this.draft.restart(body)
    if (this.session[way]()) return this.say(way === "undo" ? gettext("Undone.") : gettext("Redone."))
    return this.say(way === "undo" ? gettext("Nothing to undo.") : gettext("Nothing to redo."))
  }

  // --- finishing

  /** Submit the article; a second press while the first is being answered does nothing. */
  submit() {
    if (!this.editable) return this.nextArticle()
    this.submitting ??= submitLayer(this).finally(() => (this.submitting = null))
    return true
  }

  nextArticle() {
    if (this.editable && this.state.assignment.status !== "submitted" && this.sync.state !== "saved") return false
    document.getElementById("next-article")?.requestSubmit()
    return true
  }

  help() {
    return showHelp().then(() => this.focusText())
  }

  /** Wait until nothing is unsent, at most some milliseconds. */
  async settled(most) {
    await this.#ready
    const until = performance.now() + most
    while (this.sync.state === "saving" && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 30))
  }

  // --- speaking

  /** Tell a person who listens rather than looks. */
  say(words) {
    this.live.textContent = ""
    requestAnimationFrame(() => (this.live.textContent = words))
    return true
  }

  /** Tell everyone, until it is read. */
  warn(words) {
    const close = h("button", { type: "button", class: "button button-quiet button-small", onclick: () => notice.remove() }, icon("close"), h("span", { class: "unseen" }, gettext("Close")))
    const notice = h("p", { class: "notice notice-warn" }, h("span", {}, words), close)
    this.alerts.append(notice)
    return true
  }

  focusText() {
    this.text.page.focus({ preventScroll: true })
  }

  // --- making and showing

  #find() {
    this.text = this.querySelector("article-text")
    this.inspector = this.querySelector("span-inspector")
    this.wires = this.querySelector("relation-wires")
    this.map = this.querySelector("span-minimap")
    this.bar = this.querySelector("label-bar")
    this.live = document.getElementById("desk-live")
    this.alerts = document.getElementById("desk-alerts")
    this.saving = document.querySelector("save-state")
  }

  #make() {
    const { schema, spans, relations, assignment, undo } = this.state
    this.schema = new Schema(schema, document.documentElement.lang)
    const layer = new Layer(spans, relations, new History().at(undo))
    this.draft = new Draft(layer, assignment.revision, this.schema, (ids) => this.#changed(ids))
    const scope = `${this.state.user.id}:${assignment.id}`
    const outbox = this.editable ? openOutbox(scope) : memoryOutbox()
    this.sync = new Sync(this.draft, outbox, browserWorld(this.urls, scope), uuid7())
    this.session = new Session(this.text.article, this.draft, this.schema, (made) => this.sync.commit(made))
  }

  #show() {
    this.#recount()
    const look = (span) => ({ lacks: this.editable && this.#unfinishedIds.has(span.id), hidden: this.#hidden.has(span.label) })
    this.text.show(this.schema, this.draft.view.spans.values(), look)
    this.#showPanels()
    this.#showMap()
  }

  async #begin() {
    this.sync.onstate = (state) => this.saving.show(state, this.sync.unsent, this.sync.durable)
    this.sync.onrefused = (refusal) => this.warn(refusalWords(refusal))
    this.sync.onconflict = (conflict) => this.#decide(conflict)
    await this.sync.start()
    this.dataset.ready = ""
    if (this.editable) reportAttention(this.urls.active, this.#listening.signal)
  }

  async #decide(conflict) {
    this.conflict = conflict
    const choice = await chooseVersion(this, conflict)
    if (choice) await this.sync.decide(choice)
  }

  #look() {
    if (this.sync.state === "gone") return offerWork(this)
    return this.conflict && this.#decide(this.conflict)
  }

  /** The layer looks different: what shows it follows. @param {Set<string>} ids */
  #changed(ids) {
    this.session.changed()
    const before = this.#unfinishedIds
    this.#recount()
    const finished = [...before].filter((id) => !this.#unfinishedIds.has(id))
    const opened = [...this.#unfinishedIds].filter((id) => !before.has(id))
    this.text.update(new Set([...ids, ...finished, ...opened]), (id) => this.session.span(id))
    if (this.selected && !this.span) this.selected = null
    this.text.select(this.selected, this.linking?.to ?? "")
    this.#showSoon()
  }

  #recount() {
    this.unfinished = unfinished(this.draft.view, this.schema)
    this.#unfinishedIds = new Set(this.unfinished.map(({ span }) => span.id))
  }

  /** Panels follow within the frame, once, however many things changed. */
  #showSoon() {
    if (this.showing) return
    this.showing = true
    queueMicrotask(() => {
      this.showing = false
      this.#showPanels()
      this.#showMap()
    })
  }

  #showPanels() {
    const { session, schema, editable, entities, urls, picking } = this
    const view = { session, schema, editable, entities, urls, picking, linking: this.#linkWords(), ask: (action, detail = {}) => this.act(action, detail) }
    this.inspector.show(view, this.span, this.unfinished)
    this.#showPalette()
    this.#showWires()
    this.toggleAttribute("data-selecting", Boolean(this.span))
  }

  #linkWords() {
    const to = this.linking && this.session.span(this.linking.to)
    return to ? filled(gettext("Link to %(span)s?"), { span: this.describe(to) }) : ""
  }

  #showPalette() {
    const counts = new Map()
    for (const { label } of this.draft.view.spans.values()) counts.set(label, (counts.get(label) ?? 0) + 1)
    for (const button of this.querySelectorAll(".palette [data-label]")) {
      const { label } = button.dataset
      button.querySelector(".count").textContent = String(counts.get(label) ?? 0)
      button.setAttribute("aria-pressed", String((this.sticky.label ?? this.span?.label) === label))
      button.toggleAttribute("data-sticky", this.sticky.label === label)
    }
    const shown = this.sticky.label ?? this.span?.label
    for (const guide of this.querySelectorAll(".guide")) guide.hidden = guide.dataset.label !== shown
    for (const [way, list] of [["undo", "done"], ["redo", "undone"]])
      document.getElementById(`desk-${way}`)?.setAttribute("aria-disabled", String(!this.draft.view.history[list].length && way === "redo"))
  }

  #showWires() {
    const { span } = this
    const relations = span ? this.draft.view.relationsOf(span.id) : []
    this.wires.show(this.text, relations.flatMap((relation) => this.#wireOf(span, relation)))
  }

  /** From the selected span to the other end, whichever way the relation goes. */
  #wireOf(span, { from, to, type }) {
    const leaves = from.span === span.id
    const other = this.session.span(leaves ? to.span : from.span)
    const name = this.schema.nameOf(this.schema.relation(type))
    const { colour } = this.schema.label(span.label)
    return other ? [{ from: span, to: other, name: leaves ? name : `← ${name}`, colour }] : []
  }

  #showMap() {
    const spans = this.session.inOrder
      .filter(({ label }) => !this.#hidden.has(label))
      .map(({ label, fragments }) => ({ colour: this.schema.label(label).colour, fragments }))
    this.map?.show(spans, this.state.article.length)
  }

  // --- hearing

  #listen(signal) {
    const on = (type, act, target = this) => target.addEventListener(type, act, { signal })
    on("range-chosen", ({ detail }) => this.#rangeChosen(detail))
    on("range-left", () => this.bar.leave())
    on("cursor-moved", ({ detail }) => this.#cursorMoved(detail))
    on("spans-touched", ({ detail }) => this.#touched(detail))
    on("label-asked", ({ detail }) => this.useLabel(detail))
    on("panel-left", () => this.focusText())
    on("entity-chosen", ({ detail, target }) => this.#entityChosen(detail, target))
    on("entity-missing", ({ detail, target }) => this.#entityMissing(detail, target))
    on("change", (event) => this.#filtered(event))
    on("click", (event) => this.#clicked(event), document)
    on("decide-asked", () => this.#look(), document)
    on("keydown", (event) => this.#key(event), document)
    on("online", () => this.sync.hurry(), window)
    on("focus", () => this.sync.state === "signed-out" && this.sync.hurry(), window)
    on("beforeunload", (event) => this.sync.unsent && event.preventDefault(), window)
    on("pageshow", ({ persisted }) => persisted && location.reload(), window)
  }

  #key(event) {
    const notation = notationOf(event)
    if (!notation || event.defaultPrevented) return
    const inText = this.text.contains(document.activeElement)
    const typing = document.activeElement?.closest("input, textarea, dialog, [popover]")
    for (const binding of bindingsOf(notation)) {
      const isFar = ANYWHERE.has(binding.action) && notation.includes("Mod+") && !typing
      if (!inText && !isFar) continue
      if (this.act(binding.action, { key: event.key, alt: event.altKey, binding }) === false) continue
      event.preventDefault()
      return
    }
  }

  /** Do an action by its name. @returns {unknown} false when there was nothing to do */
  act(action, press = {}) {
    return ACTIONS[action](this, press)
  }

  #rangeChosen({ range, shape }) {
    if (!this.editable) return
    if (this.linking) return
    if (this.sticky.label) this.#place(this.sticky.label, range)
    else this.bar.show(this.schema, shape)
  }

  #cursorMoved({ range }) {
    this.bar.leave()
    const here = this.session.over(range[0]).map(({ label }) => this.schema.nameOf(this.schema.label(label)))
    const words = shortened(this.session.article.slice(...range), 80)
    this.say(here.length ? `${words} — ${here.join(", ")}` : words)
  }

  #touched({ ids, offset }) {
    if (this.text.cursor) this.text.leaveTarget()
    if (this.linking && ids.length) return this.#touchLink(ids)
    return ids.length ? this.cycleAt(offset ?? this.session.span(ids[0]).fragments[0][0], ids) : this.select(null)
  }

  #touchLink(ids) {
    const id = ids.find((one) => this.#ways(this.session.span(one)).length)
    return id ? this.finishLink(id) : this.warn(gettext("These two cannot be linked."))
  }

  #entityChosen(choice, picker) {
    this.#meanEntity(choice, this.#purposeOf(picker))
    this.focusText()
  }

  /** The work goes on while the registry answers; what it is for does not change meanwhile. */
  async #entityMissing(wanted, picker) {
    const purpose = this.#purposeOf(picker)
    this.focusText()
    const made = await createEntity(this, wanted)
    if (made) this.#meanEntity(made, purpose)
  }

  /** What an entity is looked for: to be meant by a span, or to fill a role of one. */
  #purposeOf(picker) {
    const type = picker.closest(".role") ? this.schema.relation(this.picking) : null
    this.picking = ""
    return { id: this.selected, type }
  }

  #meanEntity(choice, { id, type }) {
    if (choice) this.entities[choice.id] = { ...choice.entity, aliases: namesOf(choice.entity.aliases) }
    const span = this.session.span(id)
    const from = id ? { span: id } : { article: true }
    if (type && choice) this.session.relate(type, from, { entity: choice.id })
    else if (span && !type) this.session.link(span, choice?.id ?? null)
    this.#showPanels()
  }

  #filtered({ target }) {
    if (!target.matches(".filters input")) return
    this.#hidden[target.checked ? "delete" : "add"](target.value)
    this.text.refresh()
    this.#showMap()
  }

  #clicked({ target }) {
    const button = target.closest?.("[data-act]")
    if (!button) return
    const { act, label } = button.dataset
    if (act === "use-label") this.useLabel(label)
    else this.act(act)
    if (act !== "help" && act !== "submit") this.focusText()
  }
}

const namesOf = (aliases = []) => aliases.map((alias) => alias.text ?? alias)
