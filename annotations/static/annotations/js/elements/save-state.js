import { find, h } from "../dom/html.js"
import { filled, gettext, ngettext } from "../lib/words.js"

/** Says where the work stands, and offers the one thing to do about it. Tells "decide-asked". */
export class SaveState extends HTMLElement {
  /** @param {import("../lib/sync.js").State} state @param {number} kept how many unsent changes outlive the page @param {boolean} durable */
  show(state, kept, durable) {
    const words = wordsFor(state, kept, durable)
    if (this.dataset.state === state && find(this, ".save-words")?.textContent === words) return
    this.dataset.state = state
    this.replaceChildren(
      h("i", { "aria-hidden": "true" }),
      h("span", { class: "save-words" }, words),
      this.#wayOut(state) ?? "",
    )
  }

  #wayOut(state) {
    const words = { "signed-out": gettext("Sign in"), decision: gettext("Look"), gone: gettext("Look") }
    const ask = () => this.dispatchEvent(new CustomEvent("decide-asked", { bubbles: true }))
    return words[state]
      ? h("button", { type: "button", class: "button button-small", onclick: ask }, words[state])
      : null
  }
}

function wordsFor(state, count, durable) {
  const kept = durable
    ? ngettext(
        "%(count)s change kept on this device",
        "%(count)s changes kept on this device",
        count,
      )
    : ngettext(
        "%(count)s change kept in this tab only",
        "%(count)s changes kept in this tab only",
        count,
      )
  const words = {
    saved: gettext("Saved"),
    saving: gettext("Saving…"),
    offline: `${gettext("Offline")}: ${kept}`,
    "signed-out": `${gettext("Signed out")}: ${kept}`,
    decision: gettext("Needs your decision"),
    gone: gettext("Not yours any more"),
  }
  return filled(words[state], { count })
}
