const SHOWN = {
  ArrowRight: "→",
  ArrowLeft: "←",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Mod: "Ctrl",
  Shift: "⇧",
  Delete: "Del",
  Backspace: "⌫",
  Enter: "↵",
  Escape: "Esc",
  PageDown: "PgDn",
  PageUp: "PgUp",
}

/** The modifiers of a notation and its key. @param {string} notation @returns {[string[], string]} */
export function partsOf(notation) {
  const [, modifiers, key] = /^((?:(?:Mod|Alt|Shift)\+)*)(.*)$/su.exec(notation)
  return [modifiers.split("+").slice(0, -1), key]
}

/** A key as people write it: "Ctrl ⇧ Z". @param {string} notation */
export function shownKey(notation) {
  const [modifiers, key] = partsOf(notation)
  return [...modifiers, key]
    .map((part) => SHOWN[part] ?? ([...part].length === 1 ? part.toUpperCase() : part))
    .join(" ")
}

/** A letter, a digit or a sign alone or with Shift: what speech input types by mistake. @param {string} notation */
export function isSingle(notation) {
  const [modifiers, key] = partsOf(notation)
  return [...key].length === 1 && !modifiers.some((one) => one === "Mod" || one === "Alt")
}
