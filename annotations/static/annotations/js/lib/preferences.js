/**
 * What a person set for themselves, as the server keeps it (`annotations/accounts/preferences.py`).
 * Changes are partial: those names, and null for "as if never chosen".
 * @typedef {Record<string, any>} Preferences
 */

/** The themes in the order the switch in the bar goes through them. */
export const THEMES = ["auto", "light", "dark", "sepia", "contrast"]

/** The theme after this one. @param {string | undefined} theme @param {string[]} [themes] */
export function nextTheme(theme, themes = THEMES) {
  return themes[(themes.indexOf(theme ?? "") + 1) % themes.length]
}

const SHAPE = {
  font_size: "fontSize",
  typeface: "typeface",
  line_length: "lineLength",
  line_spacing: "lineSpacing",
}

/** Whether lines break elsewhere after these changes, on a page that looks as `shown` says. @param {Preferences} changes @param {Record<string, string | undefined>} shown */
export function reshapes(changes, shown) {
  return Object.entries(SHAPE).some(
    ([name, attribute]) => name in changes && String(changes[name]) !== shown[attribute],
  )
}

/** The value that a form wrote as text: numbers and truth are not text. @param {string} text */
export function valueOf(text) {
  if (text === "true" || text === "false") return text === "true"
  return /^\d+$/.test(text) ? Number(text) : text
}

/** What waits for the server, from where the browser keeps it; nothing for what makes no sense. @param {string | null} text @returns {Preferences} */
export function readUnsent(text) {
  try {
    const found = JSON.parse(text ?? "{}")
    return found && typeof found === "object" && !Array.isArray(found) ? found : {}
  } catch {
    return {}
  }
}

/**
 * What still waits once the server has answered for `sent`: what was chosen anew meanwhile.
 * @param {Preferences} waiting
 * @param {Preferences} sent
 */
export function stillUnsent(waiting, sent) {
  const isNew = ([name, value]) => JSON.stringify(value) !== JSON.stringify(sent[name])
  return Object.fromEntries(Object.entries(waiting).filter(isNew))
}

/**
 * A person's own keys with those of one binding changed; null gives the binding back its own, and
 * the same as its own is no change.
 * @param {Record<string, string[]>} own
 * @param {import("./keymap.js").Binding} binding
 * @param {string[] | null} keys
 * @returns {Record<string, string[]>}
 */
export function withKeys(own, binding, keys) {
  const { [binding.id]: _, ...others } = own
  const same = !keys || String(keys) === String(binding.keys)
  return same ? others : { ...others, [binding.id]: keys }
}
