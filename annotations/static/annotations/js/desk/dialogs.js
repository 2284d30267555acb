import { h, icon, key } from "../dom/html.js"
import { KEYMAP } from "../lib/keymap.js"
import { shownKey } from "../lib/keys.js"
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

/**
 * A button that closes its dialog with a value. Enter in a field means the primary one.
 * @param {string} value
 * @param {string} words
 * @param {string} [kind]
 */
export function answer(value, words, kind = "") {
  if (kind === "button-primary")
    return h("button", { value, class: `button ${kind}`, autofocus: true }, words)
  const close = ({ currentTarget }) => currentTarget.closest("dialog").close(value)
  return h("button", { type: "button", class: `button ${kind}`, onclick: close }, words)
}

/**
 * Every key as this person has it, in a dialog.
 * @param {import("../lib/keymap.js").Keymap} keymap
 * @param {any[]} [more] sections with a keymap of their own, which come first
 */
export function showHelp(keymap, more = []) {
  const sections = [...more, ...KEYMAP.map((section) => ({ ...section, keymap }))]
  const groups = sections.map(({ title, bindings, keymap: own }) =>
    h(
      "section",
      {},
      h("h3", { class: "overline" }, title()),
      h("dl", { class: "keys-list" }, ...rowsOf(bindings, own)),
    ),
  )
  return ask(
    gettext("Keys"),
    [
      h("div", { class: "keys-groups" }, ...groups),
      h(
        "p",
        { class: "muted small" },
        gettext(
          "Keys work while the article has the focus; Esc in a panel comes back to it. Hold Alt while selecting with the mouse for exact characters. Double click selects a word, triple click a sentence; clicking again reaches the spans beneath.",
        ),
      ),
      h(
        "p",
        { class: "small" },
        h("a", { href: "/preferences/#keys" }, gettext("Change the keys")),
      ),
    ],
    [answer("", gettext("Close"), "button-primary")],
  )
}

/** One row for bindings that say the same; those without a key have none. */
function rowsOf(bindings, keymap) {
  const rows = new Map()
  for (const binding of bindings) {
    const heard = keymap.heardOf(binding)
    if (heard.length) rows.set(binding.says(), [...(rows.get(binding.says()) ?? []), ...heard])
  }
  return [...rows].flatMap(([says, keys]) => [
    h("dt", {}, ...shortOf(keys).map((one) => (one === "…" ? one : key(shownKey(one))))),
    h("dd", {}, says),
  ])
}

const shortOf = (keys) => (keys.length > 4 ? [keys[0], "…", keys.at(-1)] : keys)
