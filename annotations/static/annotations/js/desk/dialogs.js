import { h, icon } from "../dom/html.js"
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
  const close = h("button", { type: "button", class: "button button-quiet button-icon", "aria-label": gettext("Close"), onclick: () => dialog.close("") }, icon("close"))
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": "dialog-title" },
    h("div", { class: "dialog-head" }, h("h2", { id: "dialog-title" }, title), close),
    h("form", { method: "dialog", class: "stack" }, ...inside, h("div", { class: "row row-end" }, ...buttons)),
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
