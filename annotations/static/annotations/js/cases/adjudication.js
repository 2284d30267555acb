import { keyName, showKeys } from "../dom/key-caps.js"
import { Keymap, BINDINGS } from "../lib/keymap.js"
import { filled, gettext } from "../lib/words.js"
import { ACTIONS } from "./actions.js"
import { Asking } from "./asking.js"
import { Board, neighbour } from "./board.js"
import { CaseSource } from "./fetching.js"
import { settledWords, stepWords } from "./history.js"
import { ARTICLE_BINDINGS, ARTICLE_KEYMAP, CASE_BINDINGS, CASE_KEYMAP } from "./keys.js"
import { paint } from "./painting.js"
import { People } from "./people.js"
import * as settling from "./settling.js"
import { decisionOf, differenceOf, leftWords, subjectOf, titleOf } from "./telling.js"

/**
 * Adjudication at the desk of a gold layer: which case is looked at, what is decided of it, and what
 * of all that the panel and the article show. It stands beside the desk, which knows nothing of it.
 */
export class Adjudication {
  #body = /** @type {any} what the server told */ (null)
  #source
  #current = ""
  #isUndone = false

  fault = ""
  isMerging = false
  isListed = false
  filter = { kind: /** @type {string | null} */ (null), onlyOpen: false }
  reasons = /** @type {Map<string, string>} what is written and not kept yet, by case */ (new Map())
  notes = /** @type {Map<string, string>} */ (new Map())

  /**
   * @param {any} desk the label-desk
   * @param {{panel: any, marks: any, origin: any}} parts
   */
  constructor(desk, { panel, marks, origin }) {
    this.desk = desk
    this.panel = panel
    this.marks = marks
    this.origin = origin
    this.chosen = 0
    this.prefer()
    this.asking = new Asking(this)
    this.#source = new CaseSource(desk.urls.cases, {
      take: (body) => this.#take(body),
      hear: (messages) => this.hear(messages),
      miss: (fault) => this.#miss(fault),
    })
  }

  /** Ask for the cases now, and whenever they may be others. @param {AbortSignal} signal ends it */
  begin(signal) {
    return this.#source.begin(signal)
  }

  askAgain() {
    return this.#source.ask()
  }

  // --- what is there

  get isKnown() {
    return Boolean(this.board)
  }

  /** The case that is looked at. */
  get current() {
    return this.board.case(this.#current)
  }

  /** Its keys, for the help. */
  get sections() {
    return [
      ...CASE_KEYMAP.map((section) => ({ ...section, keymap: this.keymap })),
      ...ARTICLE_KEYMAP.map((section) => ({ ...section, keymap: this.articleKeymap })),
    ]
  }

  get schema() {
    return this.desk.schema
  }

  /** @type {{name: string, status: string}[]} layers that are not submitted */
  get waiting() {
    return this.#body.waiting
  }

  /** What the annotators say of the article. @type {import("./standing.js").Said[]} */
  get remarks() {
    return this.#body.remarks
  }

  /** What was asked about the layers, and answered. @type {import("./asking.js").Letter[]} */
  get messages() {
    return this.#body.messages
  }

  /** The annotators whose layers are compared. @type {number[]} */
  get layers() {
    return this.#body.layers.map(({ id }) => id)
  }

  /** The cases that the panel goes through. */
  get shown() {
    return this.board.shown(this.filter)
  }

  /** The versions of the case that is looked at, in the order in which they are shown. */
  get order() {
    return this.people.orderOf(this.current)
  }

  get reason() {
    return (
      this.reasons.get(this.#current) ?? this.board.standing(this.current).settlement?.reason ?? ""
    )
  }

  #take(body) {
    const isFirst = !this.#body
    const before = this.isKnown && this.current
    this.fault = ""
    this.#body = body
    this.#meetEntities()
    this.prefer()
    this.#lookAnew()
    if (isFirst) return this.#open()
    if (!this.current) this.#current = (this.#nearest(before) ?? this.board.numbered[0])?.id ?? ""
    this.show()
    return this.say(
      gettext("Layers of annotators have changed."),
      leftWords(this.board.left.length),
    )
  }

  #open() {
    const { numbered } = this.board
    this.#choose(this.#asked() ?? this.board.nextOpen(null, 1, numbered) ?? numbered[0] ?? null)
    this.show()
    if (this.desk.editable && isFree()) this.enter()
  }

  /** The case at the place that the address names, if it does. */
  #asked() {
    const asked = new URLSearchParams(location.search)
    const [from, to] = [Number(asked.get("from")), Number(asked.get("to"))]
    return to > from ? this.board.at(from, to) : null
  }

  /** Something was said, and nothing else changed. @param {import("./asking.js").Letter[]} messages */
  hear(messages) {
    this.#body = { ...this.#body, messages }
    this.show()
  }

  #miss(fault) {
    this.fault = fault
    this.show()
  }

  /** Names of those who are meant, for the inspector, once they are in gold. */
  #meetEntities() {
    for (const { versions } of this.#body.cases)
      for (const { span, to = [] } of versions)
        for (const entity of [span?.entity, ...to.map((end) => end.entity)])
          if (entity && !(entity.id in this.desk.entities)) this.desk.meaning.meet(entity)
  }

  #nearest(before) {
    const place = before?.range[0] ?? 0
    return this.board.open.find(({ range }) => range[1] > place)
  }

  // --- following

  /** A person's own keys, and whether names are shown. */
  prefer() {
    const { preferences, state } = this.desk
    this.keymap = new Keymap(preferences, CASE_BINDINGS)
    this.articleKeymap = new Keymap(preferences, [...BINDINGS, ...ARTICLE_BINDINGS])
    showKeys(this.keymap)
    showKeys(this.articleKeymap)
    this.people = new People(this.#body?.layers ?? [], {
      hidden: preferences.hide_names,
      seed: String(state.article.id),
    })
  }

  /** The layer may be another one. */
  follow() {
    if (!this.isKnown) return
    const before = this.board
    this.#lookAnew()
    const reopened = this.board.open.filter((one) => !before.isOpen(one) && before.case(one.id))
    if (this.#isUndone && reopened.length) this.#choose(reopened[0])
    if (reopened.length) this.#isUndone = false
    this.show()
  }

  #lookAnew() {
    const { session, schema } = this.desk
    this.board = new Board(this.#body.cases, session.layer, schema, new Set(this.#body.outdated))
  }

  show() {
    this.panel.show(this)
    if (this.isKnown) paint(this)
    this.origin.show(this)
  }

  // --- going about

  /** Look at a case. @param {import("./standing.js").Case | null} one */
  go(one) {
    if (!one) return this.say(leftWords(this.board.left.length))
    this.#choose(one)
    this.show()
    return this.sayCase()
  }

  #choose(one) {
    this.#current = one?.id ?? ""
    this.isMerging = false
    this.chosen = 0
    if (one) this.desk.text.reveal(one.range[1] > one.range[0] ? one.range : [0, 1])
  }

  /** Where the case that is looked at was settled with others, look at the next open one. */
  goOn() {
    const next = this.board.nextOpen(this.current, 1, this.board.cases)
    if (!next || (this.current && this.board.isOpen(this.current))) return
    this.#choose(next)
    this.show()
  }

  /** @param {1 | -1} step */
  stepOpen(step) {
    return this.go(this.board.nextOpen(this.current, step, this.shown))
  }

  /** @param {1 | -1} step */
  step(step) {
    const place = this.board.cases.indexOf(this.current)
    return this.go(neighbour(this.shown, place, step, this.board.cases))
  }

  /** The panel has the focus, and its keys count. */
  enter() {
    this.panel.focus({ preventScroll: true })
    return true
  }

  /** The article has the focus, and its keys count. */
  leave() {
    this.desk.focusText()
    return true
  }

  // --- deciding

  /** Do an action by its name. @returns {unknown} false when there was nothing to do */
  act(action, press = {}) {
    return ACTIONS[action](this, press)
  }

  /** Whether something can be decided of the case that is looked at; says why not. */
  mayDecide() {
    if (!this.desk.editable || !this.isKnown || !this.current) return false
    if (this.board.standing(this.current).status === "void")
      return !this.say(gettext("Nothing is to be settled here: it would begin or end at nothing."))
    if (this.board.isReady(this.current)) return true
    return !this.say(gettext("Settle its ends first: this relation joins cases that are open."))
  }

  /**
   * Settle the case that is looked at, and go on with the next open one.
   * @param {(board: Board, one: import("./standing.js").Case) => import("../lib/operations.js").Operation[]} work
   */
  settle(work) {
    const one = this.current
    for (const step of settling.inRequests(work(this.board, one))) this.desk.session.step(...step)
    this.reasons.delete(one.id)
    this.isMerging = false
    this.desk.select(null)
    this.#lookAnew()
    const { settlement } = this.board.standing(one)
    const next =
      this.board.nextOpen(one, 1, this.shown) ?? this.board.nextOpen(one, 1, this.board.cases)
    if (next) this.#choose(next)
    this.show()
    this.enter()
    const done = settlement ? `${decisionOf(settlement, this.people, one)}.` : ""
    return this.say(done, next ? this.#caseWords(next) : this.#doneWords())
  }

  /** Write another reason, or keep it for the decision to come. @param {string} text */
  explain(text) {
    const { settlement } = this.board.standing(this.current)
    if (!settlement || !this.desk.editable) return this.reasons.set(this.#current, text)
    if (settlement.reason !== text.trim())
      this.desk.session.step(...settling.explain(settlement, text.trim()))
    return this.reasons.delete(this.#current)
  }

  /** @param {"undo" | "redo"} way */
  travel(way) {
    this.#isUndone = way === "undo"
    return this.desk.travel(way)
  }

  // --- telling

  /** A settlement in a few words. @param {import("./standing.js").Settlement} settlement */
  wordsOf(settlement) {
    return settledWords(this.desk, settlement)
  }

  /** What a step of the history did, where it settled something. @param {any[]} operations */
  stepWords(operations) {
    return stepWords(operations)
  }

  /** @param {...string} words sentences */
  say(...words) {
    return this.desk.say(words.filter(Boolean).join(" "))
  }

  sayCase() {
    return this.say(this.#caseWords(this.current))
  }

  #caseWords(one) {
    const about = `${subjectOf(one, this.schema)}, ${differenceOf(one, this.schema)}.`
    return `${titleOf(this.board, one)}: ${about}`
  }

  #doneWords() {
    const words = gettext("Every case is settled. %(key)s submits the article.")
    return filled(words, { key: keyName(this.desk.keymap, "submit") })
  }
}

/** Whether nobody has begun to do something else. */
const isFree = () =>
  document.activeElement === document.body || document.activeElement.matches("article")
