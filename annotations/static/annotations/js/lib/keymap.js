import { gettext } from "./words.js"

/**
 * Every key of the desk, in one place. `keys` are notations as `notationOf` makes them; `says` is
 * what the help shows. Keys without Mod or a name of their own work only in the article.
 * @typedef {{action: string, keys: string[], says: () => string, with?: any}} Binding
 * @type {{title: () => string, bindings: Binding[]}[]}
 */
export const KEYMAP = [
  {
    title: () => gettext("Label"),
    bindings: [
      {
        action: "label",
        keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9"],
        says: () =>
          gettext(
            "Label the selection or the word cursor; with neither, give the selected span another label. Twice quickly: keep labelling every selection",
          ),
      },
      {
        action: "add-fragment",
        keys: ["+", "="],
        says: () => gettext("Continue the selected span: add the selection as a further piece"),
      },
      {
        action: "remove",
        keys: ["x", "Delete", "Backspace"],
        says: () => gettext("Remove the selected span"),
      },
    ],
  },
  {
    title: () => gettext("Word cursor"),
    bindings: [
      { action: "cursor", keys: ["w"], says: () => gettext("Word cursor on or off") },
      {
        action: "cursor-move",
        keys: ["ArrowRight", "ArrowLeft"],
        says: () => gettext("Move by word"),
      },
      {
        action: "cursor-move",
        keys: ["Shift+ArrowRight", "Shift+ArrowLeft"],
        with: { extend: true },
        says: () => gettext("Extend by word"),
      },
      {
        action: "cursor-move",
        keys: ["Alt+ArrowRight", "Alt+ArrowLeft"],
        with: { unit: "grapheme" },
        says: () => gettext("Move by character"),
      },
      {
        action: "cursor-move",
        keys: ["Alt+Shift+ArrowRight", "Alt+Shift+ArrowLeft"],
        with: { unit: "grapheme", extend: true },
        says: () => gettext("Extend by character"),
      },
      {
        action: "cursor-move",
        keys: ["Mod+ArrowRight", "Mod+ArrowLeft"],
        with: { unit: "sentence" },
        says: () => gettext("Move by sentence"),
      },
      {
        action: "cursor-move",
        keys: ["Mod+Shift+ArrowRight", "Mod+Shift+ArrowLeft"],
        with: { unit: "sentence", extend: true },
        says: () => gettext("Extend by sentence"),
      },
      {
        action: "cursor-line",
        keys: ["ArrowDown", "ArrowUp"],
        says: () => gettext("Move by line"),
      },
    ],
  },
  {
    title: () => gettext("Spans"),
    bindings: [
      { action: "next-span", keys: ["j"], says: () => gettext("Next span") },
      { action: "previous-span", keys: ["k"], says: () => gettext("Previous span") },
      {
        action: "next-unfinished",
        keys: ["Shift+j"],
        says: () => gettext("Next span that lacks something"),
      },
      {
        action: "cycle",
        keys: ["o"],
        says: () => gettext("The next span at this place, from inside out"),
      },
      {
        action: "inspect",
        keys: ["Enter"],
        says: () => gettext("Open the selected span (Esc comes back); while linking: link"),
      },
      {
        action: "resize",
        keys: ["[", "]"],
        with: { side: 0 },
        says: () => gettext("Move the beginning by a word (Alt: by a character)"),
      },
      {
        action: "resize",
        keys: ["{", "}"],
        with: { side: 1 },
        says: () => gettext("Move the end by a word (Alt: by a character)"),
      },
      { action: "say-place", keys: ["i"], says: () => gettext("Say where I am") },
    ],
  },
  {
    title: () => gettext("Meaning"),
    bindings: [
      { action: "entity", keys: ["@"], says: () => gettext("Find who is meant, in the registry") },
      {
        action: "new-entity",
        keys: ["n"],
        says: () => gettext("New entity, named as the text says"),
      },
      {
        action: "link",
        keys: ["l"],
        says: () => gettext("Link: then J or K to the other span, and Enter"),
      },
      {
        action: "cycle-value",
        keys: ["m"],
        says: () => gettext("Next value of the first attribute"),
      },
      {
        action: "polarity",
        keys: ["+", "-", "0"],
        says: () => gettext("Stance for, against, neutral"),
      },
    ],
  },
  {
    title: () => gettext("Work"),
    bindings: [
      { action: "undo", keys: ["z", "Mod+z"], says: () => gettext("Undo") },
      { action: "redo", keys: ["Shift+z", "Mod+Shift+z", "Mod+y"], says: () => gettext("Redo") },
      { action: "submit", keys: ["Mod+Enter"], says: () => gettext("Submit the article") },
      {
        action: "next-article",
        keys: ["Shift+PageDown"],
        says: () => gettext("Next article, once this one is submitted"),
      },
      { action: "cancel", keys: ["Escape"], says: () => gettext("Leave what I am doing") },
      { action: "help", keys: ["?"], says: () => gettext("All keys") },
    ],
  },
]

/** Keys that also work outside the article, but never while typing. */
export const ANYWHERE = new Set(["submit", "undo", "redo"])

/**
 * A key press as the keymap writes it: "Mod+Shift+z", "Alt+[", "?". Shift is not written with
 * signs, which need it on some keyboards and not on others; AltGr is no modifier; null while an
 * input method composes.
 * @param {KeyboardEvent} event
 * @returns {string | null}
 */
export function notationOf(event) {
  if (event.isComposing || event.keyCode === 229) return null
  const graph = event.getModifierState?.("AltGraph") ?? false
  const key = keyOf(event, graph)
  const isSign = key.length === 1 && key.toLowerCase() === key.toUpperCase()
  const parts = [
    !graph && (event.ctrlKey || event.metaKey) && "Mod",
    !graph && event.altKey && "Alt",
    !isSign && event.shiftKey && "Shift",
    key.length === 1 ? key.toLowerCase() : key,
  ]
  return parts.filter(Boolean).join("+")
}

const BRACKETS = { BracketLeft: ["[", "{"], BracketRight: ["]", "}"] }

/** With Alt some systems write other letters: brackets are then known by their place. */
function keyOf({ key, code, altKey, shiftKey }, graph) {
  return altKey && !graph && BRACKETS[code] ? BRACKETS[code][shiftKey ? 1 : 0] : key
}

/** @type {Map<string, Binding[]>} */
const bound = new Map()
for (const { bindings } of KEYMAP)
  for (const binding of bindings)
    for (const key of binding.keys) bound.set(key, [...(bound.get(key) ?? []), binding])

/** The bindings of a notation; of brackets also with Alt. @param {string} notation */
export function bindingsOf(notation) {
  return bound.get(notation) ?? bound.get(notation.replace(/^Alt\+(?=[[\]{}]$)/, "")) ?? []
}

/** How soon a second press of a label key makes it sticky, in milliseconds. */
export const QUICKLY = 400

/**
 * Tells a first press of a label key (label now) from a second, quick one (keep labelling).
 * Once sticky, the label stays until it is let go.
 */
export class StickyLabel {
  #last = { key: "", at: -Infinity }

  /** @type {string | null} the label that every selection gets */
  label = null

  /**
   * @param {string} key of the label
   * @param {number} at milliseconds
   * @returns {"once" | "keep"}
   */
  press(key, at) {
    const again = key === this.#last.key && at - this.#last.at <= QUICKLY
    this.#last = { key: again ? "" : key, at }
    this.label = again ? key : null
    return again ? "keep" : "once"
  }

  release() {
    this.label = null
  }
}
