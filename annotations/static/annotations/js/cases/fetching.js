import { request } from "../dom/requests.js"
import { gettext } from "../lib/words.js"

const EVERY = 60_000

/** The cases as the server has them; asked for again while annotators may change what is behind them. */
export class CaseSource {
  #url
  #take
  #hear
  #miss
  #known = ""
  #heard = ""
  #asking = false

  /**
   * @param {string} url
   * @param {object} world
   * @param {(body: any) => void} world.take is given other cases than before
   * @param {(messages: any[]) => void} world.hear is given other messages about the same cases
   * @param {(fault: string) => void} world.miss is told why there are none
   */
  constructor(url, { take, hear, miss }) {
    this.#url = url
    this.#take = take
    this.#hear = hear
    this.#miss = miss
  }

  /** Ask now, every minute in sight, and whenever the page is come back to. @param {AbortSignal} signal */
  begin(signal) {
    const again = () => document.visibilityState === "visible" && this.ask()
    const timer = setInterval(again, EVERY)
    signal.addEventListener("abort", () => clearInterval(timer))
    window.addEventListener("focus", again, { signal })
    window.addEventListener("online", again, { signal })
    return this.ask()
  }

  async ask() {
    if (this.#asking) return
    this.#asking = true
    const { status, body } = await request(this.#url)
    this.#asking = false
    if (status === 200 && body?.cases) this.#meet(body)
    else if (!this.#known) this.#miss(body?.message ?? gettext("The server cannot be reached now."))
  }

  /** `outdated` alone says nothing new: it follows from the layers, whose revisions are told. */
  #meet(body) {
    const { cases, layers, waiting, messages } = body
    const told = JSON.stringify([cases, layers, waiting])
    const said = JSON.stringify(messages)
    const [isNew, isHeard] = [told !== this.#known, said !== this.#heard]
    this.#known = told
    this.#heard = said
    if (isNew) this.#take(body)
    else if (isHeard) this.#hear(messages)
  }
}
