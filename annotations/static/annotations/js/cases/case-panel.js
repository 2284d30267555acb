import { find, h } from "../dom/html.js"
import { notationOf, pressOf } from "../lib/keymap.js"
import { gettext } from "../lib/words.js"
import { decisionsOf } from "./decision-rows.js"
import { mergeOf } from "./merge-table.js"
import { headOf, noticesOf, whichOf } from "./panel-rows.js"
import { remarksOf } from "./said-rows.js"
import { threadsOf } from "./thread-rows.js"
import { versionWords } from "./telling.js"
import { versionsOf } from "./version-rows.js"

/**
 * The panel of cases: what the annotators have of one case, and what can be decided. While it has the
 * focus its keys count (see `keys.js`). Draws itself anew as a whole; what had the focus has it again.
 */
export class CasePanel extends HTMLElement {
  #cases = /** @type {import("./adjudication.js").Adjudication} */ (null)
  #listening

  connectedCallback() {
    this.#listening = new AbortController()
    const { signal } = this.#listening
    this.tabIndex = 0
    this.setAttribute("role", "region")
    this.setAttribute("aria-label", gettext("Cases"))
    this.replaceChildren(h("p", { class: "muted small" }, gettext("The cases are on their way…")))
    this.addEventListener("keydown", (event) => this.#key(event), { signal })
  }

  disconnectedCallback() {
    this.#listening.abort()
  }

  /** @param {import("./adjudication.js").Adjudication} cases */
  show(cases) {
    this.#cases = cases
    const focused = this.#focused()
    const scrolled = this.parentElement.scrollTop
    this.replaceChildren(...(cases.isKnown ? this.#known(cases) : this.#unknown(cases)))
    this.parentElement.scrollTop = scrolled
    if (focused && !this.focusOn(focused.name, focused.caret)) this.focus({ preventScroll: true })
  }

  #unknown({ fault, askAgain }) {
    if (!fault) return [h("p", { class: "muted small" }, gettext("The cases are on their way…"))]
    const again = h(
      "button",
      { type: "button", class: "button button-small", onclick: () => this.#cases.askAgain() },
      gettext("Try again"),
    )
    return [h("div", { class: "notice notice-warn" }, h("p", {}, fault), again)]
  }

  #known(cases) {
    const { current } = cases
    return [
      headOf(cases),
      h(
        "div",
        { class: "case-body" },
        ...noticesOf(cases),
        ...(current ? this.#case(cases) : []),
        whichOf(cases),
      ),
    ]
  }

  #case(cases) {
    if (cases.isMerging) return [mergeOf(cases)]
    return [versionsOf(cases), decisionsOf(cases), remarksOf(cases), threadsOf(cases)]
  }

  /** Say what the version that is chosen looks like. */
  sayVersion() {
    return this.#cases.say(versionWords(this.#cases, this.#cases.chosen))
  }

  /** Put the focus on a part of the panel; false where there is none. @param {string} name @param {any} [caret] */
  focusOn(name, caret = null) {
    if (name === "panel") return false
    const part = find(this, `[data-focus="${CSS.escape(name)}"]`)
    part?.focus({ preventScroll: Boolean(caret) })
    if (caret) part?.setSelectionRange?.(...caret)
    return Boolean(part)
  }

  /** Bring a part of the panel into sight, whole. @param {string} selector */
  reveal(selector) {
    find(this, selector)?.scrollIntoView({ block: "nearest" })
  }

  /** What has the focus within, and where its caret is; null when nothing has. */
  #focused() {
    const at = /** @type {any} */ (document.activeElement)
    if (!this.contains(at)) return null
    const caret = "selectionEnd" in at &&
      at.selectionEnd !== null && [at.selectionStart, at.selectionEnd]
    return { name: at.getAttribute("data-focus") ?? "panel", caret }
  }

  /** Keys count where nothing is written; Enter and Space press the button that has the focus. */
  #key(event) {
    const at = /** @type {Element} */ (event.target)
    const notation = notationOf(event)
    if (!this.#cases || !notation || event.defaultPrevented) return
    if (at.matches("input[type=text], textarea")) return this.#writing(event, notation)
    if (at.matches("button, summary, input") && /^(Enter| )$/.test(notation)) return
    if (at.closest(".case-merge") && this.#merging(event, at)) return
    const isDone = this.#cases.keymap
      .bindingsOf(notation)
      .filter(({ action }) => !event.repeat || GOING.has(action))
      .some((binding) => this.#cases.act(binding.action, pressFor(binding, notation)) !== false)
    if (isDone) event.preventDefault()
  }

  /** In a field Enter keeps what was written and leads back to the panel, and so does Escape. */
  #writing(event, notation) {
    if (notation !== "Enter" && notation !== "Escape") return
    event.preventDefault()
    event.stopPropagation()
    if (event.target.matches("[data-focus=question]")) return this.#asking(notation)
    this.focus({ preventScroll: true })
  }

  /** A question leaves for somebody else: Enter sends it, Escape keeps it here. */
  #asking(notation) {
    const { asking } = this.#cases
    return notation === "Enter" ? asking.send() : asking.close()
  }

  /** In the table of fields the digits choose within a row, and arrows are the radio buttons' own. */
  #merging(event, at) {
    if (/^Arrow/.test(event.key)) return true
    if (!/^[1-9]$/.test(event.key)) return false
    const choices = [...(at.closest("tr")?.querySelectorAll("input:not(:disabled)") ?? [])]
    const choice = choices.find((one) => one.getAttribute("data-place") === event.key)
    if (choice instanceof HTMLElement) {
      choice.focus()
      choice.click()
    }
    event.preventDefault()
    return true
  }
}

/** What a key does again while it is held down: to go about, but never to decide. */
const GOING = new Set(["step", "step-open", "version"])

/** What an action is told of its key; the digits all take a version, each its own.
 * @param {any} binding @param {string} notation */
const pressFor = (binding, notation) => ({
  ...pressOf(binding),
  ...(binding.fixed && { key: notation }),
  binding,
})
