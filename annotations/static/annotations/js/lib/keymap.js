import { isSingle } from "./keys.js"
import { gettext } from "./words.js"

/**
 * Every key of the desk, in one place. `keys` are notations as `notationOf` makes them; `says` is
 * what the help shows, with `way` where several bindings say the same. A person's own keys are
 * kept under `id` (see `annotations/accounts/bindings.py`); those of a `fixed` one are the
 * schema's. Keys without Mod or a name of their own work only in the article.
 * @typedef {{id: string, action: string, keys: string[], says: () => string, way?: () => string,
 *   with?: any, fixed?: boolean}} Binding
 * @type {{title: () => string, bindings: Binding[]}[]}
 */
export const KEYMAP = [
  {
    title: () => gettext("Label"),
    bindings: [
      {
        id: "label",
        action: "label",
        keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9"],
        fixed: true,
        says: () =>
          gettext(
            "Label the selection or the word cursor; with neither, give the selected span another label. Twice quickly: keep labelling every selection",
          ),
      },
      {
        id: "label-by-quote",
        action: "label-by-quote",
        keys: ["q"],
        says: () => gettext("Label by quote: write or paste the words"),
      },
      {
        id: "add-fragment",
        action: "add-fragment",
        keys: ["+", "="],
        says: () => gettext("Continue the selected span: add the selection as a further piece"),
      },
      {
        id: "remove",
        action: "remove",
        keys: ["x", "Delete", "Backspace"],
        says: () => gettext("Remove the selected span"),
      },
    ],
  },
  {
    title: () => gettext("Word cursor"),
    bindings: [
      { id: "cursor", action: "cursor", keys: ["w"], says: () => gettext("Word cursor on or off") },
      {
        id: "word-right",
        action: "cursor-move",
        keys: ["ArrowRight"],
        says: () => gettext("Move by word"),
        way: () => gettext("right"),
      },
      {
        id: "word-left",
        action: "cursor-move",
        keys: ["ArrowLeft"],
        says: () => gettext("Move by word"),
        way: () => gettext("left"),
      },
      {
        id: "extend-word-right",
        action: "cursor-move",
        keys: ["Shift+ArrowRight"],
        with: { extend: true },
        says: () => gettext("Extend by word"),
        way: () => gettext("right"),
      },
      {
        id: "extend-word-left",
        action: "cursor-move",
        keys: ["Shift+ArrowLeft"],
        with: { extend: true },
        says: () => gettext("Extend by word"),
        way: () => gettext("left"),
      },
      {
        id: "character-right",
        action: "cursor-move",
        keys: ["Alt+ArrowRight"],
        with: { unit: "grapheme" },
        says: () => gettext("Move by character"),
        way: () => gettext("right"),
      },
      {
        id: "character-left",
        action: "cursor-move",
        keys: ["Alt+ArrowLeft"],
        with: { unit: "grapheme" },
        says: () => gettext("Move by character"),
        way: () => gettext("left"),
      },
      {
        id: "extend-character-right",
        action: "cursor-move",
        keys: ["Alt+Shift+ArrowRight"],
        with: { unit: "grapheme", extend: true },
        says: () => gettext("Extend by character"),
        way: () => gettext("right"),
      },
      {
        id: "extend-character-left",
        action: "cursor-move",
        keys: ["Alt+Shift+ArrowLeft"],
        with: { unit: "grapheme", extend: true },
        says: () => gettext("Extend by character"),
        way: () => gettext("left"),
      },
      {
        id: "sentence-right",
        action: "cursor-move",
        keys: ["Mod+ArrowRight"],
        with: { unit: "sentence" },
        says: () => gettext("Move by sentence"),
        way: () => gettext("right"),
      },
      {
        id: "sentence-left",
        action: "cursor-move",
        keys: ["Mod+ArrowLeft"],
        with: { unit: "sentence" },
        says: () => gettext("Move by sentence"),
        way: () => gettext("left"),
      },
      {
        id: "extend-sentence-right",
        action: "cursor-move",
        keys: ["Mod+Shift+ArrowRight"],
        with: { unit: "sentence", extend: true },
        says: () => gettext("Extend by sentence"),
        way: () => gettext("right"),
      },
      {
        id: "extend-sentence-left",
        action: "cursor-move",
        keys: ["Mod+Shift+ArrowLeft"],
        with: { unit: "sentence", extend: true },
        says: () => gettext("Extend by sentence"),
        way: () => gettext("left"),
      },
      {
        id: "sentence-start",
        action: "cursor-end",
        keys: ["Home"],
        says: () => gettext("To the end of the sentence, then of the paragraph"),
        way: () => gettext("first word"),
      },
      {
        id: "sentence-end",
        action: "cursor-end",
        keys: ["End"],
        says: () => gettext("To the end of the sentence, then of the paragraph"),
        way: () => gettext("last word"),
      },
      {
        id: "extend-sentence-start",
        action: "cursor-end",
        keys: ["Shift+Home"],
        with: { extend: true },
        says: () => gettext("Extend to the end of the sentence, then of the paragraph"),
        way: () => gettext("back"),
      },
      {
        id: "extend-sentence-end",
        action: "cursor-end",
        keys: ["Shift+End"],
        with: { extend: true },
        says: () => gettext("Extend to the end of the sentence, then of the paragraph"),
        way: () => gettext("forward"),
      },
      {
        id: "line-down",
        action: "cursor-line",
        keys: ["ArrowDown"],
        says: () => gettext("Move by line"),
        way: () => gettext("down"),
      },
      {
        id: "line-up",
        action: "cursor-line",
        keys: ["ArrowUp"],
        says: () => gettext("Move by line"),
        way: () => gettext("up"),
      },
      {
        id: "extend-line-down",
        action: "cursor-line",
        keys: ["Shift+ArrowDown"],
        with: { extend: true },
        says: () => gettext("Extend by line"),
        way: () => gettext("down"),
      },
      {
        id: "extend-line-up",
        action: "cursor-line",
        keys: ["Shift+ArrowUp"],
        with: { extend: true },
        says: () => gettext("Extend by line"),
        way: () => gettext("up"),
      },
      {
        id: "paragraph-down",
        action: "cursor-move",
        keys: ["Mod+ArrowDown"],
        with: { unit: "paragraph" },
        says: () => gettext("Move by paragraph"),
        way: () => gettext("down"),
      },
      {
        id: "paragraph-up",
        action: "cursor-move",
        keys: ["Mod+ArrowUp"],
        with: { unit: "paragraph" },
        says: () => gettext("Move by paragraph"),
        way: () => gettext("up"),
      },
      {
        id: "extend-paragraph-down",
        action: "cursor-move",
        keys: ["Mod+Shift+ArrowDown"],
        with: { unit: "paragraph", extend: true },
        says: () => gettext("Extend by paragraph"),
        way: () => gettext("down"),
      },
      {
        id: "extend-paragraph-up",
        action: "cursor-move",
        keys: ["Mod+Shift+ArrowUp"],
        with: { unit: "paragraph", extend: true },
        says: () => gettext("Extend by paragraph"),
        way: () => gettext("up"),
      },
      {
        id: "quotation-down",
        action: "cursor-move",
        keys: ["Alt+ArrowDown"],
        with: { unit: "quotation" },
        says: () => gettext("Move by quotation"),
        way: () => gettext("down"),
      },
      {
        id: "quotation-up",
        action: "cursor-move",
        keys: ["Alt+ArrowUp"],
        with: { unit: "quotation" },
        says: () => gettext("Move by quotation"),
        way: () => gettext("up"),
      },
      {
        id: "extend-quotation-down",
        action: "cursor-move",
        keys: ["Alt+Shift+ArrowDown"],
        with: { unit: "quotation", extend: true },
        says: () => gettext("Extend by quotation"),
        way: () => gettext("down"),
      },
      {
        id: "extend-quotation-up",
        action: "cursor-move",
        keys: ["Alt+Shift+ArrowUp"],
        with: { unit: "quotation", extend: true },
        says: () => gettext("Extend by quotation"),
        way: () => gettext("up"),
      },
      {
        id: "expand",
        action: "expand",
        keys: ["e"],
        says: () =>
          gettext(
            "Grow what is chosen, else the selected span: to its clause, quotation, sentence, paragraph",
          ),
      },
      {
        id: "shrink",
        action: "shrink",
        keys: ["Shift+e"],
        says: () => gettext("Shrink it again"),
      },
    ],
  },
  {
    title: () => gettext("Spans"),
    bindings: [
      { id: "next-span", action: "next-span", keys: ["j"], says: () => gettext("Next span") },
      {
        id: "previous-span",
        action: "previous-span",
        keys: ["k"],
        says: () => gettext("Previous span"),
      },
      {
        id: "next-unfinished",
        action: "next-unfinished",
        keys: ["Shift+j"],
        says: () => gettext("Next span that lacks something"),
      },
      {
        id: "cycle",
        action: "cycle",
        keys: ["o"],
        says: () => gettext("The next span at this place, from inside out"),
      },
      {
        id: "inspect",
        action: "inspect",
        keys: ["Enter"],
        says: () => gettext("Open the selected span (Esc comes back); while linking: link"),
      },
      {
        id: "resize-start-back",
        action: "resize",
        keys: ["["],
        with: { side: 0 },
        says: () => gettext("Move the beginning by a word"),
        way: () => gettext("back"),
      },
      {
        id: "resize-start-forward",
        action: "resize",
        keys: ["]"],
        with: { side: 0 },
        says: () => gettext("Move the beginning by a word"),
        way: () => gettext("forward"),
      },
      {
        id: "resize-end-back",
        action: "resize",
        keys: ["{"],
        with: { side: 1 },
        says: () => gettext("Move the end by a word"),
        way: () => gettext("back"),
      },
      {
        id: "resize-end-forward",
        action: "resize",
        keys: ["}"],
        with: { side: 1 },
        says: () => gettext("Move the end by a word"),
        way: () => gettext("forward"),
      },
      {
        id: "resize-start-character-back",
        action: "resize",
        keys: ["Alt+["],
        with: { side: 0 },
        says: () => gettext("Move the beginning by a character"),
        way: () => gettext("back"),
      },
      {
        id: "resize-start-character-forward",
        action: "resize",
        keys: ["Alt+]"],
        with: { side: 0 },
        says: () => gettext("Move the beginning by a character"),
        way: () => gettext("forward"),
      },
      {
        id: "resize-end-character-back",
        action: "resize",
        keys: ["Alt+{"],
        with: { side: 1 },
        says: () => gettext("Move the end by a character"),
        way: () => gettext("back"),
      },
      {
        id: "resize-end-character-forward",
        action: "resize",
        keys: ["Alt+}"],
        with: { side: 1 },
        says: () => gettext("Move the end by a character"),
        way: () => gettext("forward"),
      },
      { id: "say-place", action: "say-place", keys: ["i"], says: () => gettext("Say where I am") },
    ],
  },
  {
    title: () => gettext("Meaning"),
    bindings: [
      {
        id: "entity",
        action: "entity",
        keys: ["@"],
        says: () => gettext("Find who is meant, in the registry"),
      },
      {
        id: "new-entity",
        action: "new-entity",
        keys: ["n"],
        says: () => gettext("New entity, named as the text says"),
      },
      {
        id: "same-string",
        action: "same-string",
        keys: ["s"],
        says: () => gettext("Same words: label them elsewhere, too"),
      },
      {
        id: "link",
        action: "link",
        keys: ["l"],
        says: () => gettext("Link: then choose the other span and open it"),
      },
      {
        id: "cycle-value",
        action: "cycle-value",
        keys: ["m"],
        says: () => gettext("Next value of the first attribute"),
      },
      {
        id: "polarity-favor",
        action: "polarity",
        keys: ["+"],
        says: () => gettext("Stance"),
        way: () => gettext("for"),
      },
      {
        id: "polarity-against",
        action: "polarity",
        keys: ["-"],
        says: () => gettext("Stance"),
        way: () => gettext("against"),
      },
      {
        id: "polarity-neutral",
        action: "polarity",
        keys: ["0"],
        says: () => gettext("Stance"),
        way: () => gettext("neutral"),
      },
    ],
  },
  {
    title: () => gettext("Suggestions and quotations"),
    bindings: [
      {
        id: "next-suggestion",
        action: "next-suggestion",
        keys: ["."],
        says: () => gettext("Next suggestion"),
      },
      {
        id: "previous-suggestion",
        action: "previous-suggestion",
        keys: [","],
        says: () => gettext("Previous suggestion"),
      },
      {
        id: "accept",
        action: "accept",
        keys: ["a"],
        says: () => gettext("Accept the suggestion, with its cue and speaker"),
      },
      {
        id: "reject",
        action: "reject",
        keys: ["r"],
        says: () => gettext("Reject the suggestion; it is not offered again"),
      },
      {
        id: "next-open",
        action: "next-open",
        keys: ["'"],
        says: () => gettext("Next quotation that is not attributed"),
      },
      {
        id: "waive",
        action: "waive",
        keys: ["v"],
        says: () => gettext("Waive the quotation here, with a reason"),
      },
    ],
  },
  {
    title: () => gettext("Remarks"),
    bindings: [
      {
        id: "write-note",
        action: "write-note",
        keys: ["c"],
        says: () => gettext("Note on the selected span, else on the article"),
      },
      {
        id: "flag",
        action: "flag",
        keys: ["f"],
        says: () => gettext("Flag as unsure, or take the flag down"),
      },
    ],
  },
  {
    title: () => gettext("Work"),
    bindings: [
      { id: "undo", action: "undo", keys: ["z", "Mod+z"], says: () => gettext("Undo") },
      {
        id: "redo",
        action: "redo",
        keys: ["Shift+z", "Mod+Shift+z", "Mod+y"],
        says: () => gettext("Redo"),
      },
      {
        id: "history",
        action: "history",
        keys: ["h"],
        says: () => gettext("What was done here, step by step, and back to any step"),
      },
      {
        id: "submit",
        action: "submit",
        keys: ["Mod+Enter"],
        says: () => gettext("Submit the article"),
      },
      {
        id: "next-article",
        action: "next-article",
        keys: ["Shift+PageDown"],
        says: () => gettext("Next article, once this one is submitted"),
      },
      {
        id: "cancel",
        action: "cancel",
        keys: ["Escape"],
        says: () => gettext("Leave what I am doing"),
      },
      { id: "help", action: "help", keys: ["?"], says: () => gettext("All keys") },
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

/** @type {Binding[]} */
export const BINDINGS = KEYMAP.flatMap(({ bindings }) => bindings)

/** What an action is told of its key: that of the keymap, whichever key a person chose for it. */
export function pressOf({ keys: [notation] }) {
  return { key: notation.replace(/^(?:\w+\+)+(?=.)/, ""), alt: notation.includes("Alt+") }
}

/** The keymap as one person has it: with keys of their own, and maybe without single keys. */
export class Keymap {
  #own
  #single
  #moved = new Set()
  /** @type {Map<string, Binding[]>} */
  #bound = new Map()

  /**
   * @param {{keys?: Record<string, string[]>, single_keys?: boolean}} [preferences]
   * @param {Binding[]} [bindings] those that count in the same place
   */
  constructor({ keys = {}, single_keys: single = true } = {}, bindings = BINDINGS) {
    this.bindings = bindings
    this.#own = keys
    this.#single = single
    for (const { id, keys: before } of bindings)
      for (const key of keys[id] ?? []) if (!before.includes(key)) this.#moved.add(key)
    for (const binding of bindings)
      for (const key of this.keysOf(binding))
        this.#bound.set(key, [...(this.#bound.get(key) ?? []), binding])
  }

  /**
   * The keys of a binding, whether they are heard or not. What a person gave another binding is no
   * longer this one's, also when a later release put it here.
   * @param {Binding} binding
   * @returns {string[]}
   */
  keysOf({ id, keys, fixed }) {
    return (!fixed && this.#own[id]) || keys.filter((key) => !this.#moved.has(key))
  }

  /** The keys of a binding that are heard. @param {Binding} binding */
  heardOf(binding) {
    return this.keysOf(binding).filter((notation) => this.hears(notation))
  }

  /** Single letters, digits and signs can be switched off. @param {string} notation */
  hears(notation) {
    return this.#single || !isSingle(notation)
  }

  /** What a key stands for; nothing if it is not heard. @param {string} notation */
  bindingsOf(notation) {
    return this.hears(notation) ? this.holdersOf(notation) : []
  }

  /** The bindings that have this key, heard or not. @param {string} notation */
  holdersOf(notation) {
    return this.#bound.get(notation) ?? []
  }
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

  /** Another key came between: the next press is a first one. */
  interrupt() {
    this.#last = { key: "", at: -Infinity }
  }

  release() {
    this.label = null
  }
}
