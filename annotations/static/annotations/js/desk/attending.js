import { request } from "../dom/requests.js"
import { Attention } from "../lib/attention.js"

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
  if (worked) request(url, { method: "POST", body: JSON.stringify({ seconds: worked }), keepalive: true })
}
