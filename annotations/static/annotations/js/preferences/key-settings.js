import { ARTICLE_BINDINGS, ARTICLE_KEYMAP, CASE_BINDINGS, CASE_KEYMAP } from "../cases/keys.js"
import { find, h } from "../dom/html.js"
import { BINDINGS, KEYMAP, Keymap, notationOf } from "../lib/keymap.js"
import { shownKey } from "../lib/keys.js"
import { withKeys } from "../lib/preferences.js"
import { filled, gettext } from "../lib/words.js"
import { isWhole, nameOf, objectionTo } from "./objecting.js"

/** @typedef {import("../lib/keymap.js").Binding} Binding */

/**
 * Every binding with its keys, each to be chosen anew by pressing it. A choice counts at once
 * ("preferences-chosen"); a key that already means something is said and refused.
 */
export class KeySettings extends HTMLElement {
  #listening
  #article = /** @type {Keymap} the keys that count in the article */ (null)
  #cases = /** @type {Keymap} those that count in the panel of cases */ (null)
  #preferences
  /** @type {{binding: Binding, at: number, said: string} | null} the key that is waited for */
  #recording = null
  #showing = false

  connectedCallback() {
    this.#listening = new AbortController()
    const { signal } = this.#listening
    this.#preferences = JSON.parse(document.getElementById("preferences-state").textContent)
    this.live = this.querySelector("[role=status]")
    this.list = this.querySelector(".key-groups")
    const changed = ({ detail }) => this.#take(detail)
    document.addEventListener("preferences-changed", changed, { signal })
    this.addEventListener("keydown", (event) => this.#press(event), { signal })
    this.addEventListener("focusout", (event) => this.#left(event), { signal })
    this.#take({})
  }

  disconnectedCallback() {
    this.#listening.abort()
  }

  #take(changes) {
    this.#preferences = { ...this.#preferences, ...changes }
    this.#article = new Keymap(this.#preferences, [...BINDINGS, ...ARTICLE_BINDINGS])
    this.#cases = new Keymap(this.#preferences, CASE_BINDINGS)
    this.#show()
  }

  /** The keys among which a binding's must be its own. @param {Binding} binding */
  #keymapOf(binding) {
    return CASE_BINDINGS.includes(binding) ? this.#cases : this.#article
  }

  // --- choosing

  /** Wait for a key: in the place of the one at `at`, or as one more. */
  #record(binding, at) {
    this.#recording = { binding, at, said: "" }
    this.#show()
    find(this, ".key-recorder")?.focus()
    this.#say(filled(gettext("Press the key for: %(name)s"), { name: nameOf(binding) }))
  }

  #stop() {
    const { binding, at } = this.#recording
    this.#recording = null
    this.#show()
    this.#focus(binding, at)
  }

  /** Tab leaves as ever; Escape gives up. @param {KeyboardEvent} event */
  #press(event) {
    const isRecorder = /** @type {Element} */ (event.target).matches(".key-recorder")
    if (!this.#recording || !isRecorder || event.key === "Tab") return undefined
    event.preventDefault()
    event.stopPropagation()
    const notation = notationOf(event)
    if (notation === "Escape") return this.#stop()
    return notation && isWhole(notation) ? this.#choose(notation) : undefined
  }

  #choose(notation) {
    const { binding, at } = this.#recording
    const keymap = this.#keymapOf(binding)
    const objection = objectionTo(keymap, binding, notation)
    if (objection) return this.#object(objection)
    const keys = [...keymap.keysOf(binding)]
    keys[at] = notation
    this.#recording = null
    this.#keep(binding, [...new Set(keys)])
    this.#focus(binding, keys.indexOf(notation))
    return this.#say(
      filled(gettext("“%(key)s” now means: %(name)s"), {
        key: shownKey(notation),
        name: nameOf(binding),
      }),
    )
  }

  #object(objection) {
    this.#recording.said = objection
    this.#show()
    find(this, ".key-recorder")?.focus()
    return this.#say(objection)
  }

  #remove() {
    const { binding, at } = this.#recording
    const keys = this.#keymapOf(binding).keysOf(binding).filter((_, number) => number !== at)
    this.#recording = null
    this.#keep(binding, keys)
    this.#focus(binding, Math.max(0, at - 1))
    this.#say(filled(gettext("Key removed from: %(name)s"), { name: nameOf(binding) }))
  }

  #reset(binding) {
    this.#keep(binding, null)
    this.#focus(binding, 0)
    this.#say(filled(gettext("As it was: %(name)s"), { name: nameOf(binding) }))
  }

  #resetAll() {
    this.#tell({})
    this.querySelector("button")?.focus()
    this.#say(gettext("All keys are as they were."))
  }

  #keep(binding, keys) {
    this.#tell(withKeys(this.#preferences.keys, binding, keys))
  }

  #tell(keys) {
    this.dispatchEvent(new CustomEvent("preferences-chosen", { bubbles: true, detail: { keys } }))
  }

  /** A recorder that is left is given up; one that is only drawn anew is not left. */
  #left({ target, relatedTarget }) {
    if (!this.#recording || this.#showing || !target.matches(".key-recorder")) return
    if (relatedTarget?.closest?.(".key-recording") === target.closest(".key-recording")) return
    this.#recording = null
    this.#show()
  }

  // --- showing

  #show() {
    const own = this.#preferences.keys
    this.#showing = true
    this.list.replaceChildren(
      ...[...KEYMAP, ...ARTICLE_KEYMAP, ...CASE_KEYMAP].map(({ title, bindings }) => this.#group(title(), bindings, own)),
    )
    this.#showing = false
    const all = find(this, ".keys-reset-all")
    all.hidden = !Object.keys(own).length
    all.onclick = () => this.#resetAll()
  }

  #group(title, bindings, own) {
    return h(
      "section",
      {},
      h("h3", { class: "overline" }, title),
      h("ul", { class: "key-rows" }, ...bindings.map((binding) => this.#row(binding, own))),
    )
  }

  #row(binding, own) {
    const recording = this.#recording?.binding === binding ? this.#recording : null
    return h(
      "li",
      { class: "key-row", "data-binding": binding.id },
      h("span", { class: "key-name" }, nameOf(binding)),
      recording ? this.#recorder(recording) : this.#keys(binding),
      !recording && binding.id in own && this.#resetter(binding),
      recording?.said && h("p", { class: "key-objection" }, recording.said),
    )
  }

  #keys(binding) {
    const keys = this.#keymapOf(binding).keysOf(binding)
    if (binding.fixed) return h("span", { class: "key-caps" }, ...ends(keys).map(cap))
    const add = h(
      "button",
      {
        type: "button",
        class: "key-add",
        title: gettext("Another key"),
        "aria-label": filled(gettext("Another key for: %(name)s"), { name: nameOf(binding) }),
        onclick: () => this.#record(binding, keys.length),
      },
      "+",
    )
    return h("span", { class: "key-caps" }, ...keys.map(this.#button(binding)), add)
  }

  #button = (binding) => (notation, at) => {
    const off = !this.#article.hears(notation)
    const words = off
      ? gettext("%(key)s, switched off. Change the key of: %(name)s")
      : gettext("%(key)s. Change the key of: %(name)s")
    const label = filled(words, { key: shownKey(notation), name: nameOf(binding) })
    return h(
      "button",
      {
        type: "button",
        class: "key-cap",
        "data-off": off,
        "aria-label": label,
        title: gettext("Change this key"),
        onclick: () => this.#record(binding, at),
      },
      shownKey(notation),
    )
  }

  #recorder({ binding, at }) {
    const isNew = at >= this.#keymapOf(binding).keysOf(binding).length
    const remove = h(
      "button",
      { type: "button", class: "button button-quiet button-small", onclick: () => this.#remove() },
      gettext("Remove"),
    )
    return h(
      "span",
      { class: "key-caps key-recording" },
      h("button", { type: "button", class: "key-recorder" }, gettext("Press a key…")),
      !isNew && remove,
      h(
        "button",
        { type: "button", class: "button button-quiet button-small", onclick: () => this.#stop() },
        gettext("Cancel"),
      ),
    )
  }

  #resetter(binding) {
    return h(
      "button",
      {
        type: "button",
        class: "button button-quiet button-small key-reset",
        "aria-label": filled(gettext("Reset: %(name)s"), { name: nameOf(binding) }),
        onclick: () => this.#reset(binding),
      },
      gettext("Reset"),
    )
  }

  #focus(binding, at) {
    const row = this.querySelector(`[data-binding="${binding.id}"]`)
    const caps = row?.querySelectorAll(".key-cap, .key-add") ?? []
    caps[Math.min(at, caps.length - 1)]?.focus()
  }

  #say(words) {
    this.live.textContent = words
  }
}

const cap = (text) => (text === "…" ? text : h("kbd", { class: "key-cap" }, shownKey(text)))
const ends = (keys) => (keys.length > 4 ? [keys[0], "…", keys.at(-1)] : keys)
