import { readUnsent, reshapes, stillUnsent } from "../lib/preferences.js"
import { holdPlace } from "./place.js"
import { request } from "./requests.js"

/** @typedef {import("../lib/preferences.js").Preferences} Preferences */

/**
 * The preferences of whoever is signed in on this page: a change shows at once, here and in the
 * person's other tabs, waits in this browser until the server has it, and is told to it.
 */
export class PreferenceKeeper {
  #url
  #place
  #settled
  #channel
  #refused
  #sending = false
  #memory = /** @type {string | null} where the browser has no storage */ (null)

  /**
   * @param {DOMStringMap} root data of the root element: whose page it is, and where to send
   * @param {(sentence: string) => void} refused is told why the server would not have it
   */
  constructor({ account, preferences }, refused) {
    this.#url = preferences
    this.#place = `kutip-preferences:${account}`
    this.#settled = `kutip-settled:${account}`
    this.#refused = refused
    this.#channel = new BroadcastChannel(`kutip preferences ${account}`)
    this.#channel.addEventListener("message", ({ data }) => show(data))
    addEventListener("online", () => this.#send())
    this.#send()
  }

  /** @param {Preferences} changes */
  choose(changes) {
    this.#write({ ...this.#read(), ...changes })
    show(changes)
    this.#channel.postMessage(changes)
    return this.#send()
  }

  async #send() {
    const sent = this.#read()
    if (this.#sending || !Object.keys(sent).length) return
    this.#sending = true
    const { status, body } = await request(this.#url, { ...post(sent), keepalive: true })
    this.#sending = false
    if (status === 200) this.#remember(sent, body.preferences)
    else if (status === 400 || status === 422) this.#settle(sent, {}, body?.message)
    // any other answer: it waits for the next page, the next choice, the next connection
  }

  /** The server has them. A page it wrote before, and that comes only now, reads them here
   * (`theme.js`). */
  #remember(sent, preferences) {
    const settled = JSON.stringify({ at: Date.now(), preferences })
    stored(() => localStorage.setItem(this.#settled, settled))
    this.#settle(sent, preferences)
  }

  #settle(sent, kept, message = "") {
    const left = stillUnsent(this.#read(), sent)
    this.#write(left)
    show({ ...kept, ...left })
    if (message) this.#refused(message)
    if (Object.keys(left).length) this.#send()
  }

  #read() {
    return readUnsent(stored(() => localStorage.getItem(this.#place), this.#memory))
  }

  #write(waiting) {
    const text = Object.keys(waiting).length ? JSON.stringify(waiting) : null
    this.#memory = text
    stored(() =>
      text ? localStorage.setItem(this.#place, text) : localStorage.removeItem(this.#place),
    )
  }
}

const post = (body) => ({ method: "POST", body: JSON.stringify(body) })

/** The page looks as these say, and whoever reads it stays where they were. @param {Preferences} changes */
function show(changes) {
  const pane = reshapes(changes, document.documentElement.dataset)
    ? document.querySelector("[data-scrolls]")
    : null
  const back = holdPlace(/** @type {HTMLElement | null} */ (pane))
  document.dispatchEvent(new CustomEvent("preferences-changed", { detail: changes }))
  if (changes.theme)
    document.dispatchEvent(new CustomEvent("theme-chosen", { detail: changes.theme }))
  back()
}

function stored(work, otherwise = null) {
  try {
    return work()
  } catch {
    return otherwise
  }
}
