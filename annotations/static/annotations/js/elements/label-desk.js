import { ACTIONS } from "../desk/actions.js"
import { reportAttention } from "../desk/attending.js"
import { withLater } from "../desk/fetching.js"
import { linkToTouched, stepLink } from "../desk/linking.js"
import { Meaning } from "../desk/meaning.js"
import { obey, pressHeld } from "../desk/obeying.js"
import { cursorWords, showHistory, showMap, showPalette, showWires } from "../desk/panels.js"
import { reshape, showHandles } from "../desk/resizing.js"
import { Travelling } from "../desk/travelling.js"
import { find, h, icon, quoted, shortened } from "../dom/html.js"
import { keyName, selectFirst, showKeys } from "../dom/key-caps.js"
import { browserWorld } from "../dom/requests.js"
import { breath } from "../dom/schedule.js"
import { Draft } from "../lib/draft.js"
import { Growth } from "../lib/expanding.js"
import { Keymap, StickyLabel } from "../lib/keymap.js"
import { History, Layer } from "../lib/layer.js"
import { uuid7 } from "../lib/operations.js"
import { memoryOutbox, openOutbox } from "../lib/outbox.js"
import { Remarks } from "../lib/remarks.js"
import { Schema } from "../lib/schema.js"
import { Session } from "../lib/session.js"
import { Sync } from "../lib/sync.js"
import { Unfinished } from "../lib/unfinished.js"
import { filled, gettext } from "../lib/words.js"

/**
 * The labelling desk: one person's work on one article. Holds what is selected and what is being
 * linked, turns keys and clicks into actions, and keeps its panels showing the layer as it is.
 */
export class LabelDesk extends HTMLElement {
  #listening
  #ready
  #showing = false
  #stale = /** @type {Set<string> | null} what changed and is not shown yet; null: anything may have */ (
    null
  )
  #sought = /** @type {[number, number] | null} what must be in sight once the panels are shown */ (null)
  #travelling = new Travelling(this)

  selected = /** @type {string | null} */ (null)
  fragment = /** @type {number | null} */ (null)
  linking = /** @type {any} */ (null)
  resumeAt = /** @type {number | null} */ (null)
  held = /** @type {KeyboardEvent[] | null} keys that wait; null: none has to */ (null)
  sticky = new StickyLabel()
  growth = new Growth()
  meaning = new Meaning(this)
  unseen = /** @type {Set<string>} labels that are not shown */ (new Set())
  cases = /** @type {any} what is beside the desk of a gold layer (`adjudicating.js`) */ (null)

  text = /** @type {import("./article-text.js").ArticleText} */ (null)
  inspector = /** @type {import("./span-inspector.js").SpanInspector} */ (null)
  proposals = /** @type {import("./span-proposals.js").SpanProposals} */ (null)
  bar = /** @type {import("./label-bar.js").LabelBar} */ (null)
  saving = /** @type {import("./save-state.js").SaveState} */ (null)

  connectedCallback() {
    this.#listening = new AbortController()
    const source = document.getElementById("desk-state")
    if (!source) return this.#tellBroken()
    this.state = JSON.parse(source.textContent)
    this.urls = this.state.urls
    this.entities = this.state.entities
    this.editable = this.state.assignment.editable
    this.#ready = this.#begin()
    this.#ready.then(breath).then(() => this.#withLater(() => {}))
    return undefined
  }

  /** The page is sent in parts, and what ends it did not come. */
  #tellBroken() {
    if (document.getElementById("broken-off")) return // the server said so
    const words = gettext("This page did not arrive whole. What you labelled is kept: please load it again.")
    find(document, "#notices").append(h("p", { class: "notice notice-bad" }, words))
  }

  disconnectedCallback() {
    this.#listening.abort()
  }

  // --- what is there

  get span() {
    return this.session.span(this.selected)
  }

  /** Where the person is: at the word cursor or selection, at the selected span, or at the top of
   * what is in sight. */
  get place() {
    return this.text.target?.[0] ?? this.span?.fragments[this.fragment ?? 0][0] ?? this.text.place
  }

  /** A span in a few words; its text keeps its own direction within them, and its own marks. */
  describe(span) {
    const name = this.schema.nameOf(this.schema.label(span.label))
    return `${name} ${quoted(shortened(span.text.join(" ⋯ "), 60))}`
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
    this.meaning.picking = ""
    this.resumeAt = null
    this.text.select(this.selected, this.linking?.to ?? "")
    if (reveal && this.span) this.text.reveal(this.span.fragments[fragment ?? 0])
    this.showPanels()
    if (this.span && !reveal) this.#sought = this.span.fragments[fragment ?? 0]
    return true
  }

  /** The next span in reading order; while linking, the next that can be the other end. */
  step(direction) {
    if (this.linking) return stepLink(this, direction)
    const from = this.text.place
    const next = this.session.neighbour(this.selected, direction, {
      from,
      among: (span) => !this.unseen.has(span.label),
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
    return this.say(selectFirst(this.keymap))
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
    this.showPanels()
    return this.say(
      filled(gettext("Every selection is now labelled %(name)s. %(key)s ends it."), {
        name,
        key: keyName(this.keymap, "cancel"),
      }),
    )
  }

  releaseSticky() {
    this.sticky.release()
    this.showPanels()
    this.say(gettext("Labelling ended."))
  }

  /** @param {"undo" | "redo"} way */
  travel(way) {
    return this.editable && this.#travelling.go(way)
  }

  // --- finishing

  /** Submit the article; a second press while the first is being answered does nothing. */
  submit() {
    if (!this.editable) return this.nextArticle()
    if (!this.dispatchEvent(new Event("submit-asked", { cancelable: true }))) return true
    const submitting = async () => this.late(({ submitLayer }) => submitLayer(this))
    this.submitting ??= submitting().finally(() => (this.submitting = null))
    return true
  }

  nextArticle() {
    return this.editable ? this.say(gettext("Submit this article first.")) : this.goOn()
  }

  /** Leave for the next article of the campaign. */
  goOn() {
    find(document, "#next-article").requestSubmit()
    return true
  }

  help() {
    return this.late(({ showHelp }) =>
      showHelp(this.keymap, this.cases?.sections).then(() => this.focusBack()),
    )
  }

  /** Do something with what comes a moment after the desk (see `later.js`); keys wait for it.
   * @template T
   * @param {(later: import("../desk/fetching.js").Later) => T} work */
  late(work) {
    const begun = this.#withLater((later) => {
      const done = work(later)
      pressHeld(this)
      return done
    })
    if (!this.assisting) this.held ??= []
    return begun
  }

  #withLater(work) {
    const missing = gettext(
      "A part of the desk could not be fetched. What you labelled is kept: please load the page again.",
    )
    const complete = (later) => {
      this.#complete(later)
      return work(later)
    }
    return withLater(complete, () => {
      this.warn(missing)
      pressHeld(this)
    })
  }

  /** What was not needed to begin is there, too. @param {import("../desk/fetching.js").Later} later */
  #complete({ Assisting }) {
    if (this.assisting) return
    this.assisting = new Assisting(this, this.#listening.signal)
    this.#stale = null
    this.#showPanels() // at once: what waits may need what they show now
    showMap(this)
    this.dataset.whole = ""
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

  /** After a dialog the browser returns to the button that opened it. Who came there by key, or by
   * a screen reader, goes on from there; who clicked it goes on in the article. */
  focusBack() {
    if (!document.activeElement?.matches(":focus-visible")) this.focusText()
  }

  // --- making and showing

  #find() {
    this.text = find(this, "article-text")
    this.inspector = find(this, "span-inspector")
    this.proposals = find(this, "span-proposals")
    this.list = find(this, "span-list")
    this.wires = find(this, "relation-wires")
    this.map = find(this, "span-minimap")
    this.bar = find(this, "label-bar")
    this.handles = find(this, "span-handles")
    this.live = find(document, "#desk-live")
    this.alerts = find(document, "#desk-alerts")
    this.saving = find(document, "save-state")
    const guides = /** @type {HTMLTemplateElement} */ (find(document, "#guides"))
    find(this, ".filters").after(guides.content) // they come behind the article
  }

  #make() {
    const { schema, assignment, undo } = this.state
    this.schema = new Schema(schema, document.documentElement.lang)
    const layer = new Layer(this.state, new History().at(undo))
    this.draft = new Draft(layer, assignment.revision, this.schema, (ids) => this.#changed(ids))
    const scope = `${this.state.user.id}:${assignment.id}`
    const outbox = this.editable ? openOutbox(scope) : memoryOutbox()
    this.sync = new Sync(this.draft, outbox, browserWorld(this.urls, scope), uuid7())
    this.session = new Session(this.text.article, this.draft, this.schema, (made) =>
      this.sync.commit(made),
    )
    this.remarks = new Remarks(this.session)
    this.unfinished = new Unfinished(this.schema)
  }

  #followAll() {
    const { spans, relations } = this.draft.view
    this.unfinished.follow(this.draft.view, [...spans.keys(), ...relations.keys()])
  }

  #load() {
    const look = (span) => ({
      lacks: this.editable && this.unfinished.has(span.id),
      hidden: this.unseen.has(span.label),
      flagged: this.remarks.flagged(span.id).flags.length > 0,
    })
    this.text.load(this.schema, this.draft.view.spans.values(), look)
  }

  /** The page shows what the server painted; the rest comes to life piece by piece, so that
   * nothing else waits for all of it. */
  async #begin() {
    const { signal } = this.#listening
    for (const part of [
      () => this.#find(),
      () => this.#prefer(this.state.preferences),
      () => this.#make(),
      () => this.#followAll(),
      () => this.#load(),
      () => this.text.refresh(),
    ]) {
      await breath()
      part()
    }
    await breath()
    this.#listen(signal)
    this.showPanels()
    this.sync.onstate = (state) => this.#showState(state)
    this.sync.onrefused = (refusal) =>
      this.late(({ refusalWords }) => this.warn(refusalWords(refusal)))
    this.sync.onconflict = (conflict) => this.#decide(conflict)
    await this.sync.start()
    this.dataset.ready = ""
    if (document.activeElement === document.body) this.focusText()
    if (this.editable) reportAttention(this.urls.active, this.#listening.signal)
  }

  /** Where the work stands; trouble is also said aloud, once. */
  #showState(state) {
    const changed = this.saving.dataset.state !== state
    this.saving.show(state, this.sync.kept, this.sync.durable)
    if (changed && state !== "saved" && state !== "saving") this.say(this.saving.textContent)
    if (changed && state === "signed-out" && !document.querySelector("dialog[open]")) this.#signIn()
  }

  async #decide(conflict) {
    this.conflict = conflict
    const choice = await this.late(({ chooseVersion }) => chooseVersion(this, conflict))
    if (choice) await this.sync.decide(choice)
  }

  #look() {
    if (this.sync.state === "signed-out") return this.#signIn()
    if (this.sync.state === "gone") return this.late(({ offerWork }) => offerWork(this))
    return this.conflict && this.#decide(this.conflict)
  }

  #signIn() {
    return this.late(({ signIn }) => signIn(this))
  }

  /** The layer looks different: what shows it follows. @param {Set<string>} ids */
  #changed(ids) {
    this.session.changed(ids)
    const turned = this.unfinished.follow(this.draft.view, ids)
    this.text.update(new Set([...ids, ...turned]), (id) => this.session.span(id))
    if (this.selected && !this.span) this.selected = null
    if (!this.span?.fragments[this.fragment]) this.fragment = null
    this.text.select(this.selected, this.linking?.to ?? "")
    this.assisting?.changed()
    this.showPanels(ids)
    showMap(this)
  }

  /** What is selected, and all that depends on it, shows as it is within this task: once, however
   * many things ask for it. @param {Set<string> | null} ids what changed, where it was only the layer */
  showPanels(ids = null) {
    const waiting = this.#showing ? this.#stale : new Set()
    this.#stale = ids && waiting && new Set([...waiting, ...ids])
    if (this.#showing) return
    this.#showing = true
    queueMicrotask(() => {
      this.#showing = false
      this.#showPanels()
    })
  }

  #showPanels() {
    const { session, schema, remarks, keymap, editable, entities, urls } = this
    const { picking } = this.meaning
    const { threads } = this.state
    const ask = (action, detail = {}) => this.act(action, detail)
    const linking = this.linking?.words ?? ""
    const shown = { session, schema, remarks, keymap, linking }
    const view = { ...shown, editable, entities, urls, threads, picking, ask }
    this.inspector.show(view, this.span, this.unfinished, this.#stale)
    this.list.show?.(view)
    showPalette(this)
    showHistory(this)
    showWires(this)
    showHandles(this)
    this.toggleAttribute("data-selecting", Boolean(this.span))
    if (this.#sought) this.text.keepInSight(this.#sought)
    this.#sought = null
    this.dispatchEvent(new CustomEvent("panels-shown", { detail: this.#stale }))
  }

  // --- hearing

  #listen(signal) {
    const on = (type, act, target = /** @type {EventTarget} */ (this)) =>
      target.addEventListener(type, act, { signal })
    on("range-chosen", ({ detail }) => this.#rangeChosen(detail))
    on("range-left", () => this.bar.leave())
    on("cursor-moved", ({ detail }) => this.#cursorMoved(detail))
    on("spans-touched", ({ detail }) => this.#touched(detail))
    on("span-hovered", () => showWires(this))
    on("span-dragged", ({ detail }) => reshape(this, detail.fragments, detail.at))
    on("label-asked", ({ detail }) => this.useLabel(detail))
    on("panel-left", () => this.focusText())
    on("entity-chosen", ({ detail, target }) => this.meaning.chosen(detail, target))
    on("entity-missing", ({ detail, target }) => this.meaning.missing(detail, target))
    on("change", (event) => this.#filtered(event))
    on("click", (event) => this.#clicked(event), document)
    on("decide-asked", () => this.#look(), document)
    on("keydown", (event) => obey(this, event), document)
    on("preferences-changed", ({ detail }) => this.#prefer(detail), document)
    on("online", () => this.sync.hurry(), window)
    on("focus", () => this.sync.state === "signed-out" && this.sync.hurry(), window)
    on("beforeunload", (event) => this.sync.unsent && event.preventDefault(), window)
    on("pageshow", ({ persisted }) => persisted && location.reload(), window)
  }

  /** A person's own keys count from now on. @param {Record<string, any>} preferences */
  #prefer(preferences) {
    this.preferences = { ...this.preferences, ...preferences }
    this.keymap = new Keymap(this.preferences)
    showKeys(this.keymap)
  }

  /** Do an action by its name. @returns {unknown} false when there was nothing to do */
  act(action, press = {}) {
    this.sticky.interrupt()
    return ACTIONS[action](this, press)
  }

  #rangeChosen({ range, shape, byTouch }) {
    if (!this.editable) return
    if (this.linking) return
    if (this.sticky.label) this.#place(this.sticky.label, range)
    else this.bar.show(this.schema, shape, byTouch)
  }

  /** @param {{range: [number, number]}} moved */
  #cursorMoved({ range }) {
    this.bar.leave()
    const words = shortened(this.session.article.slice(...range), 80)
    this.say(cursorWords(this, words, range[0]))
  }

  #touched({ ids, offset }) {
    if (this.text.cursor) this.text.leaveTarget()
    if (this.linking && ids.length) return linkToTouched(this, ids)
    return ids.length
      ? this.cycleAt(offset ?? this.session.span(ids[0]).fragments[0][0], ids)
      : this.select(null)
  }

  #filtered({ target }) {
    if (!target.matches(".filters input")) return
    this.unseen[target.checked ? "delete" : "add"](target.value)
    this.text.refresh()
    showHandles(this)
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
