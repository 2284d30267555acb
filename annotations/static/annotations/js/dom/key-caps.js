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
export const keyName = (keymap, id) => shownOf(keymap, id) || `“${bindingOf(keymap, id).says()}”`

const bindingOf = (keymap, id) => keymap.bindings.find((binding) => binding.id === id)

function shownOf(keymap, id) {
  const [notation] = keymap.heardOf(bindingOf(keymap, id))
  return notation && shownKey(notation)
}

/** What to do when a label is asked for and nothing is chosen. @param {import("../lib/keymap.js").Keymap} keymap */
export const selectFirst = (keymap) =>
  filled(gettext("Select some words first, or press %(key)s."), { key: keyName(keymap, "cursor") })

/** The keys written on the page are this person's: of the bindings that `data-key` names. @param {import("../lib/keymap.js").Keymap} keymap */
export function showKeys(keymap) {
  for (const binding of keymap.bindings) {
    const [notation] = keymap.heardOf(binding)
    for (const shown of document.querySelectorAll(`[data-key="${binding.id}"]`))
      writeKey(shown, notation ? shownKey(notation) : "")
  }
}

/** On a key cap; on a button after the words of its title. */
function writeKey(shown, words) {
  if (shown.matches("kbd")) {
    shown.textContent = words
    shown.hidden = !words
  } else {
    const label = shown.getAttribute("aria-label")
    shown.title = words ? `${label} (${words})` : label
  }
}
