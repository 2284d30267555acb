import { h, icon, key } from "../dom/html.js"
import { KEYMAP } from "../lib/keymap.js"
import { gettext } from "../lib/words.js"

/**
 * A dialog over the page, gone when it is closed. Resolves with the value of the button that
 * closed it, "" for Escape.
 * @param {string} title
 * @param {(Node | string)[]} inside
 * @param {Node[]} buttons with values
 * @returns {Promise<string>}
 */
export function ask(title, inside, buttons) {
  const close = h(
    "button",
    {
      type: "button",
      class: "button button-quiet button-icon",
      "aria-label": gettext("Close"),
      onclick: () => dialog.close(""),
    },
    icon("close"),
  )
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-labelledby": "dialog-title" },
    h("div", { class: "dialog-head" }, h("h2", { id: "dialog-title" }, title), close),
    h(
      "form",
      { method: "dialog", class: "stack" },
      ...inside,
      h("div", { class: "row row-end" }, ...buttons),
    ),
  )
  document.body.append(dialog)
  dialog.showModal()
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove()
      resolve(dialog.returnValue)
    })
  })
}

/** A button that closes its dialog with a value. @param {string} value @param {string} words @param {string} [kind] */
export const answer = (value, words, kind = "") =>
  h("button", { value, class: `button ${kind}`, autofocus: kind === "button-primary" }, words)

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
}

/** Every key, in a dialog. */
export function showHelp() {
  const groups = KEYMAP.map(({ title, bindings }) =>
    h(
      "section",
      {},
      h("h3", { class: "overline" }, title()),
      h("dl", { class: "keys-list" }, ...bindings.flatMap(rowOf)),
    ),
  )
  const note = h(
    "p",
    { class: "muted small" },
    gettext(
      "Keys work while the article has the focus; Esc in a panel comes back to it. Hold Alt while selecting with the mouse for exact characters. Double click selects a word, triple click a sentence; clicking again reaches the spans beneath.",
    ),
  )
  return ask(
    gettext("Keys"),
    [h("div", { class: "keys-groups" }, ...groups), note],
    [answer("", gettext("Close"), "button-primary")],
  )
}

function rowOf({ keys, says }) {
  const shown = keys.length > 4 ? [keys[0], "…", keys.at(-1)] : keys
  return [
    h("dt", {}, ...shown.map((one) => (one === "…" ? one : key(shownKey(one))))),
    h("dd", {}, says()),
  ]
}

const shownKey = (notation) =>
  (notation === "+" ? [notation] : notation.split("+"))
    .map((part) => SHOWN[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join(" ")
