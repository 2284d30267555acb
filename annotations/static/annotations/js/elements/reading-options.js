import { valueOf } from "../lib/preferences.js"

/**
 * Groups of radios, each a preference: a choice counts at once ("preferences-chosen"), and a choice
 * made elsewhere is shown here. Without it the form around them is sent as any form.
 */
export class ReadingOptions extends HTMLElement {
  #listening

  connectedCallback() {
    this.#listening = new AbortController()
    const { signal } = this.#listening
    // at the desk they come behind the article
    const questions = /** @type {HTMLTemplateElement | null} */ (document.getElementById("reading-questions"))
    if (questions) this.append(questions.content)
    this.addEventListener("change", ({ target }) => this.#choose(/** @type {any} */ (target)), { signal })
    document.addEventListener("preferences-changed", ({ detail }) => this.#show(detail), { signal })
    this.closest("form")?.setAttribute("data-live", "")
  }

  disconnectedCallback() {
    this.#listening.abort()
  }

  #choose({ name, value }) {
    const detail = { [name]: valueOf(value) }
    this.dispatchEvent(new CustomEvent("preferences-chosen", { bubbles: true, detail }))
  }

  #show(preferences) {
    for (const radio of this.querySelectorAll("input"))
      if (radio.name in preferences) radio.checked = radio.value === String(preferences[radio.name])
  }
}
