import { BINDINGS } from "../lib/keymap.js"
import { shownKey } from "../lib/keys.js"
import { filled, gettext } from "../lib/words.js"
import { key } from "./html.js"

/**
 * The key of a binding as this person has it; nothing when it has none that is heard.
 * @param {import("../lib/keymap.js").Keymap} keymap
 * @param {string} id of the binding
 */
export function keyCap(keymap, id) {
  const shown = shownOf(keymap, id)
  return shown ? key(shown) : null
}

/** The same in a sentence; what the binding does, where no key of it is heard. @param {import("../lib/keymap.js").Keymap} keymap @param {string} id */
export const keyName = (keymap, id) => shownOf(keymap, id) || `“${bindingOf(id).says()}”`

const bindingOf = (id) => BINDINGS.find((binding) => binding.id === id)

function shownOf(keymap, id) {
  const [notation] = keymap.heardOf(bindingOf(id))
  return notation && shownKey(notation)
}

/** What to do when a label is asked for and nothing is chosen. @param {import("../lib/keymap.js").Keymap} keymap */
export const selectFirst = (keymap) =>
  filled(gettext("Select some words first, or press %(key)s."), { key: keyName(keymap, "cursor") })
