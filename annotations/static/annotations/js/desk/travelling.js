import { request } from "../dom/requests.js"
import { gettext } from "../lib/words.js"

/**
 * Undo and redo, one step after the other. What was done before this page the server names, one
 * step at a time; so there is no end to it.
 */
export class Travelling {
  #desk
  #last = Promise.resolve(/** @type {any} */ (null))

  /** @param {any} desk the label-desk */
  constructor(desk) {
    this.#desk = desk
  }

  /** @param {"undo" | "redo"} way */
  go(way) {
    this.#last = this.#last.then(() => this.#once(way))
    return true
  }

  async #once(way) {
    const { session } = this.#desk
    if (session[way]()) return this.#desk.say(DONE[way]())
    const known = await this.#learn()
    if (!known) return this.#desk.say(gettext("The server cannot be reached now."))
    return this.#desk.say(session[way]() ? DONE[way]() : NOTHING[way]())
  }

  /** Ask the server where the layer's history stands; false when it does not say. */
  async #learn() {
    await this.#desk.settled(4000)
    const { status, body } = await request(this.#desk.urls.state)
    if (status !== 200 || body?.assignment.revision !== this.#desk.draft.revision) return false
    this.#desk.draft.restart(body)
    return true
  }
}

const DONE = { undo: () => gettext("Undone."), redo: () => gettext("Redone.") }
const NOTHING = { undo: () => gettext("Nothing to undo."), redo: () => gettext("Nothing to redo.") }
