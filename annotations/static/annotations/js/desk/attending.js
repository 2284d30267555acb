import { request } from "../dom/requests.js"

/** After how many seconds without a sign of life a person counts as away. */
export const AWAY = 30

/** Counts the seconds in which a person worked: those soon after a key, a click, a scroll. */
export class Attention {
  #seconds = 0
  #lastSign = -Infinity
  #counted

  /** @param {number} now seconds */
  constructor(now) {
    this.#counted = now
  }

  /** A sign of life. @param {number} now seconds */
  sign(now) {
    this.#count(now)
    this.#lastSign = now
  }

  /** The whole seconds worked since the last call. @param {number} now seconds @returns {number} */
  take(now) {
    this.#count(now)
    const whole = Math.floor(this.#seconds)
    this.#seconds -= whole
    return whole
  }

  #count(now) {
    const until = Math.min(now, this.#lastSign + AWAY)
    this.#seconds += Math.max(0, until - Math.max(this.#counted, this.#lastSign))
    this.#counted = now
  }
}

const EVERY = 50_000
const seconds = () => performance.now() / 1000

/** Reports the seconds worked on this article, pauses left out. @param {string} url @param {AbortSignal} signal */
export function reportAttention(url, signal) {
  const attention = new Attention(seconds())
  const sign = () => attention.sign(seconds())
  for (const type of ["keydown", "pointerdown", "scroll", "selectionchange"])
    document.addEventListener(type, sign, { signal, passive: true, capture: true })
  const report = () => send(url, attention.take(seconds()))
  const timer = setInterval(report, EVERY)
  addEventListener("pagehide", report, { signal })
  signal.addEventListener("abort", () => clearInterval(timer))
}

function send(url, worked) {
  if (worked)
    request(url, { method: "POST", body: JSON.stringify({ seconds: worked }), keepalive: true })
}
