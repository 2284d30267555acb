import { ACTIONS, createEntity } from "../desk/actions.js"
import { reportAttention } from "../desk/attending.js"
import { chooseVersion, offerWork, refusalWords } from "../desk/deciding.js"
import { showHelp } from "../desk/dialogs.js"
import { Linking } from "../desk/linking.js"
import { cursorWords, showHistory, showMap, showPalette, showWires } from "../desk/panels.js"
import { submitLayer } from "../desk/submitting.js"
import { Travelling } from "../desk/travelling.js"
import { h, icon, shortened } from "../dom/html.js"
import { browserWorld } from "../dom/requests.js"
import { Draft } from "../lib/draft.js"
import { ANYWHERE, StickyLabel, bindingsOf, notationOf } from "../lib/keymap.js"
import { History, Layer } from "../lib/layer.js"
import { uuid7 } from "../lib/operations.js"
import { memoryOutbox, openOutbox } from "../lib/outbox.js"
import { Schema, unfinished } from "../lib/schema.js"
import { Session } from "../lib/session.js"
import { Sync } from "../lib/sync.js"
import { filled, gettext } from "../lib/words.js"

/**
 * The labelling desk: one person's work on one article. Holds what is selected and what is being
 * linked, turns keys and clicks into actions, and keeps its panels showing the layer as it is.
 */
export class LabelDesk extends HTMLElement {
  #listening
  #ready
  #unfinishedIds = new Set()
  #travelling = new Travelling(this)

  selected = /** @type {string | null} */ (null)
  fragment = /** @type {number | null} */ (null)
  linking = /** @type {any} */ (null)
  picking = ""
  resumeAt = /** @type {number | null} */ (null)
  unfinished = /** @type {any[]} */ ([])
  sticky = new StickyLabel()
  hidden = /** @type {Set<string>} labels that are not shown */ (new Set())

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

  /** A span in a few words; its text keeps its own direction within them. */
  describe(span) {
    const name = this.schema.nameOf(this.schema.label(span.label))
    return `${name} “\u2068${shortened(span.text.join(" ⋯ "), 60)}\u2069”`
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
    if (this.linking) return this.linking.step(direction) && this.#showLink()
    const from = this.text.place
    const next = this.session.neighbour(this.selected, direction, {
      from,
      among: (span) => !this.hidden.has(span.label),
    })
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
    return this.say(
      filled(gettext("Every selection is now labelled %(name)s. Esc ends it."), { name }),
    )
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
    const linking = new Linking(this, type)
    if (!linking.begin())
      return this.warn(gettext("There is no span that this can be linked to yet."))
    this.linking = linking
    this.dataset.linking = ""
    this.focusText()
    return this.#showLink()
  }

  leaveLink() {
    this.#endLink()
    this.#showPanels()
    return this.say(gettext("No link made."))
  }

  /** Join what is selected with a span; asks when several relations fit. @param {string} [to] */
  async finishLink(to) {
    const { linking } = this
    const way = await linking.way(to)
    this.#endLink()
    if (way) {
      const from = way.from ? { span: way.from.id } : { article: true }
      this.session.relate(way.type, from, { span: way.to.id })
      this.say(filled(gettext("Linked: %(name)s"), { name: this.schema.nameOf(way.type) }))
    }
    this.select(linking.from, { reveal: Boolean(linking.from) })
    this.focusText()
  }

  #endLink() {
    this.linking = null
    delete this.dataset.linking
    this.text.select(this.selected)
  }

  #showLink() {
    const { to, words } = this.linking
    this.text.select(this.selected, to)
    this.text.reveal(this.session.span(to).fragments[0])
    this.#showPanels()
    const help = gettext("Enter links, J and K choose another, Esc ends.")
    return this.say(`${words} ${help}`)
  }

  /** Fill a role with an entity of the registry. */
  pickEntity(type) {
    this.picking = type.key
    this.#showPanels()
    const pickers = this.inspector.querySelectorAll(".role entity-picker")
    pickers[0]?.focus()
  }

  /** @param {"undo" | "redo"} way */
  travel(way) {
    return this.editable && this.#travelling.go(way)
  }

  // --- finishing

  /** Submit the article; a second press while the first is being answered does nothing. */
  submit() {
    if (!this.editable) return this.nextArticle()
    this.submitting ??= submitLayer(this).finally(() => (this.submitting = null))
    return true
  }

  nextArticle() {
    return this.editable ? this.say(gettext("Submit this article first.")) : this.goOn()
  }

  /** Leave for the next article of the campaign. */
  goOn() {
    document.getElementById("next-article").requestSubmit()
    return true
  }

  help() {
    return showHelp().then(() => this.focusText())
  }

  /** Wait until nothing is unsent, at most some milliseconds. */
  async settled(most) {
    await this.#ready
    const until = performance.now() + most
    while (this.sync.state === "saving" && performance.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 30))
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
    const close = h(
      "button",
      { type: "button", class: "button button-quiet button-small", onclick: () => notice.remove() },
      icon("close"),
      h("span", { class: "unseen" }, gettext("Close")),
    )
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
    this.session = new Session(this.text.article, this.draft, this.schema, (made) =>
      this.sync.commit(made),
    )
  }

  #show() {
    this.#recount()
    const look = (span) => ({
      lacks: this.editable && this.#unfinishedIds.has(span.id),
      hidden: this.hidden.has(span.label),
    })
    this.text.show(this.schema, this.draft.view.spans.values(), look)
    this.#showPanels()
    showMap(this)
  }

  async #begin() {
    this.sync.onstate = (state) => this.#showState(state)
    this.sync.onrefused = (refusal) => this.warn(refusalWords(refusal))
    this.sync.onconflict = (conflict) => this.#decide(conflict)
    await this.sync.start()
    this.dataset.ready = ""
    if (this.editable) reportAttention(this.urls.active, this.#listening.signal)
  }

  /** Where the work stands; trouble is also said aloud, once. */
  #showState(state) {
    const changed = this.saving.dataset.state !== state
    this.saving.show(state, this.sync.kept, this.sync.durable)
    if (changed && state !== "saved" && state !== "saving") this.say(this.saving.textContent)
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
      showMap(this)
    })
  }

  #showPanels() {
    const { session, schema, editable, entities, urls, picking } = this
    const ask = (action, detail = {}) => this.act(action, detail)
    const linking = this.linking?.words ?? ""
    const view = { session, schema, editable, entities, urls, picking, linking, ask }
    this.inspector.show(view, this.span, this.unfinished)
    showPalette(this)
    showHistory(this)
    showWires(this)
    this.toggleAttribute("data-selecting", Boolean(this.span))
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
    if (this.#obey(notation, inText, { key: event.key, alt: event.altKey })) event.preventDefault()
  }

  /** Do what a key stands for; a label's own key comes before the keymap. */
  #obey(notation, inText, press) {
    const label = inText && this.schema.labelOfKey(notation)
    if (label) return this.useLabel(label.key)
    const typing = document.activeElement?.closest("input, textarea, dialog, [popover]")
    const far = notation.includes("Mod+") && !typing
    return bindingsOf(notation)
      .filter(({ action }) => inText || (far && ANYWHERE.has(action)))
      .some((binding) => this.act(binding.action, { ...press, binding }) !== false)
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
    const words = shortened(this.session.article.slice(...range), 80)
    this.say(cursorWords(this, words, range[0]))
  }

  #touched({ ids, offset }) {
    if (this.text.cursor) this.text.leaveTarget()
    if (this.linking && ids.length) return this.#touchLink(ids)
    return ids.length
      ? this.cycleAt(offset ?? this.session.span(ids[0]).fragments[0][0], ids)
      : this.select(null)
  }

  #touchLink(ids) {
    const id = ids.find((one) => this.linking.fits(one))
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
    if (choice)
      this.entities[choice.id] = { ...choice.entity, aliases: namesOf(choice.entity.aliases) }
    const span = this.session.span(id)
    const from = id ? { span: id } : { article: true }
    if (type && choice) this.session.relate(type, from, { entity: choice.id })
    else if (span && !type) this.session.link(span, choice?.id ?? null)
    this.#showPanels()
  }

  #filtered({ target }) {
    if (!target.matches(".filters input")) return
    this.hidden[target.checked ? "delete" : "add"](target.value)
    this.text.refresh()
    showMap(this)
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
