import { partsOf, shownKey } from "../lib/keys.js"
import { filled, gettext } from "../lib/words.js"

/** Keys that are no choice while one is recorded: a modifier alone, what has no name. */
const UNFINISHED = new Set([
  ...["Control", "Shift", "Alt", "AltGraph", "Meta", "OS", "CapsLock", "NumLock", "Fn"],
  ...["Dead", "Unidentified", "Process", "Compose"],
])

/** Whether a key press is complete enough to be a person's choice. @param {string} notation */
export const isWhole = (notation) => !UNFINISHED.has(partsOf(notation)[1])

/** Leaving a field, scrolling, finding, copying and pages of the browser stay what they are. */
const TAKEN = new Set([
  ...["Tab", " ", "Escape", "F5", "F6", "F11", "F12", "ContextMenu"],
  ...["a", "c", "d", "f", "g", "h", "l", "n", "o", "p", "q", "r", "s", "t", "u", "v", "w", "x"].map(
    (letter) => `Mod+${letter}`,
  ),
  ...["Mod++", "Mod+-", "Mod+=", "Mod+0", "Mod+Tab", "Alt+Tab", "Alt+F4"],
])

/**
 * Why a key cannot be a binding's, as a sentence; null when it can. Keys that two bindings share
 * in the keymap itself may stay shared.
 * @param {import("../lib/keymap.js").Keymap} keymap
 * @param {import("../lib/keymap.js").Binding} binding
 * @param {string} notation
 */
export function objectionTo(keymap, binding, notation) {
  const shown = shownKey(notation)
  if (TAKEN.has(notation) || /^Shift\+(Tab| |Escape)$/.test(notation))
    return filled(gettext("“%(key)s” belongs to the browser. Choose another."), { key: shown })
  if (/^[1-9]$/.test(notation) && keymap.holdersOf(notation).some(({ id }) => id === "label"))
    return filled(gettext("“%(key)s” labels: the digits are the schema's. Choose another."), {
      key: shown,
    })
  const isOwn = binding.keys.includes(notation)
  const other = keymap
    .holdersOf(notation)
    .find((one) => one.id !== binding.id && !(isOwn && one.keys.includes(notation)))
  if (!other) return null
  return filled(gettext("“%(key)s” already means: %(name)s. Choose another."), {
    key: shown,
    name: nameOf(other),
  })
}

/** What a binding does, in words that no other binding has. @param {import("../lib/keymap.js").Binding} binding */
export function nameOf({ says, way }) {
  return way ? filled(gettext("%(name)s: %(way)s"), { name: says(), way: way() }) : says()
}
