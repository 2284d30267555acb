import { request } from "../dom/requests.js"
import { uuid7 } from "../lib/operations.js"
import { gettext } from "../lib/words.js"
import { threadKey, threadsOf } from "./threads.js"

/** @typedef {import("./threads.js").Letter} Letter */
/** @typedef {import("./threads.js").Thread} Thread */

/**
 * What an adjudicator asks annotators about their layers, and reads of their answers. What is written
 * and not sent yet is kept while the panel changes, under the id that it is sent with: sent twice, it
 * is there once.
 */
export class Asking {
  #cases
  #open = ""
  #drafts = /** @type {Map<string, {id: string, text: string}>} by thread */ (new Map())

  fault = ""
  isSending = false

  /** @param {import("./adjudication.js").Adjudication} cases */
  constructor(cases) {
    this.#cases = cases
  }

  /** The threads about the case that is looked at. */
  get threads() {
    const { board, current, messages, layers } = this.#cases
    return threadsOf(current, board.case(current.from), messages, layers)
  }

  /** The one in which something is written now. */
  get thread() {
    return this.threads.find((each) => threadKey(each) === this.#open) ?? null
  }

  /** What is written in a thread. @param {Thread} thread */
  draft(thread) {
    return this.#drafts.get(threadKey(thread))?.text ?? ""
  }

  /** @param {Thread} thread @param {string} text */
  write(thread, text) {
    const key = threadKey(thread)
    const { id } = this.#drafts.get(key) ?? { id: uuid7() }
    this.#drafts.set(key, { id, text })
  }

  /** Begin to write: to the annotator of the version that is chosen, or in this thread.
   * @param {Thread} [thread] */
  open(thread) {
    const { current, order, chosen } = this.#cases
    const [layer] = current.versions[order[chosen]].layers
    const wanted = thread ?? this.threads.find((each) => each.layer === layer)
    if (!wanted) return false
    this.#open = threadKey(wanted)
    this.fault = ""
    this.#cases.show()
    this.#cases.panel.reveal(".case-asking")
    return this.#cases.panel.focusOn("question")
  }

  /** Leave the field; what stands in it is kept. */
  close() {
    this.#open = ""
    this.#cases.show()
    return this.#cases.enter()
  }

  /** Send what is written. Where it does not arrive it stays, with the reason. */
  async send() {
    const { thread } = this
    const draft = thread && this.#drafts.get(threadKey(thread))
    if (!draft?.text.trim() || this.isSending) return
    this.isSending = true
    const seen = thread.letters.at(-1)?.id ?? null
    const { status, body } = await this.#post(thread, "", { ...draft, span: thread.span, seen })
    this.isSending = false
    if (status !== 200) return this.#miss(status, body)
    this.#drafts.delete(threadKey(thread))
    this.#hear(thread.layer, body)
    if (this.#open === threadKey(thread)) this.close()
    this.#cases.say(gettext("Sent."))
  }

  /** An answer that needs none waits no longer. @param {Thread} thread */
  async read(thread) {
    const { status, body } = await this.#post(thread, "/seen", { seen: thread.letters.at(-1).id })
    if (status !== 200) return this.#miss(status, body)
    return this.#hear(thread.layer, body)
  }

  #post({ layer }, way, told) {
    const url = this.#cases.desk.urls.messages.replace("/0/", `/${layer}/`)
    return request(`${url}${way}`, { method: "POST", body: JSON.stringify(told) })
  }

  #hear(layer, { messages }) {
    this.fault = ""
    const others = this.#cases.messages.filter((each) => each.layer !== layer)
    this.#cases.hear([...others, ...messages.map((each) => ({ ...each, layer }))])
  }

  #miss(status, body) {
    const lost = gettext("The server cannot be reached now. It is kept here; please send it again.")
    const signedOut = gettext("You are signed out. It is kept here; sign in, then send it again.")
    this.fault = status === 401 ? signedOut : (body?.message ?? lost)
    this.#cases.show()
    this.#cases.say(this.fault)
  }
}
