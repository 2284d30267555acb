// What every page can do: keep what a person prefers, choose the theme, close menus, open dialogs,
// copy a secret, and say so when the server could not be reached.

import { PreferenceKeeper } from "./dom/preferences.js"
import { nextTheme } from "./lib/preferences.js"

const root = document.documentElement
const keeper = root.dataset.account
  ? new PreferenceKeeper(root.dataset, (sentence) => tell(sentence))
  : null

/** Signed out, only this browser remembers it. */
function chooseNextTheme() {
  const theme = nextTheme(root.dataset.themeChoice)
  if (keeper) keeper.choose({ theme })
  else document.dispatchEvent(new CustomEvent("theme-chosen", { detail: theme }))
}

/** @param {Element} switcher */
function nameTheme(switcher) {
  const name = switcher.getAttribute(`data-name-${root.dataset.themeChoice}`)
  if (!name) return
  switcher.setAttribute("aria-label", name)
  switcher.setAttribute("title", name)
}

function nameThemes() {
  document.querySelectorAll(".theme-switch").forEach(nameTheme)
}

/** @param {HTMLElement} button */
async function copy(button) {
  const source = document.getElementById(button.dataset.copies ?? "")
  if (source && (await isCopied(source))) button.textContent = button.dataset.copied ?? ""
}

/**
 * Browsers give a clipboard to a page that came over HTTPS or from this machine. Elsewhere the words
 * are selected, and copied the old way; where that is refused, too, they stand ready for Ctrl+C.
 * @param {HTMLElement} source
 */
async function isCopied(source) {
  try {
    await navigator.clipboard.writeText(source.textContent?.trim() ?? "")
    return true
  } catch {
    getSelection()?.selectAllChildren(source)
    return document.execCommand("copy")
  }
}

/** @param {Node | null} except */
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(except)) menu.removeAttribute("open")
  }
}

/** @param {Event} event */
function onClick(event) {
  const at = /** @type {Element} */ (event.target)
  closeMenus(at)
  const button = /** @type {HTMLElement | null} */ (at.closest("button"))
  if (!button) return
  if (button.matches(".theme-switch")) chooseNextTheme()
  if (button.dataset.copies) copy(button)
  if (button.dataset.opens) showDialog(button.dataset.opens)
  if (button.matches("[data-closes]")) button.closest("dialog")?.close()
}

/** @param {string} id */
function showDialog(id) {
  const dialog = document.getElementById(id)
  if (dialog instanceof HTMLDialogElement) dialog.showModal()
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.key !== "Escape") return
  const open = document.querySelector("details.menu[open]")
  if (!open) return
  closeMenus(null)
  open.querySelector("summary")?.focus()
}

/** @param {"unreachable" | "refused"} kind */
function say(kind) {
  tell(document.getElementById("notices")?.dataset[kind])
}

/** @param {string | undefined} words */
function tell(words) {
  const place = document.getElementById("notices")
  if (!place || !words) return
  const notice = document.createElement("p")
  notice.className = "notice notice-bad"
  notice.textContent = words
  place.replaceChildren(notice)
}

document.addEventListener("click", onClick)
document.addEventListener("keydown", onKey)
document.addEventListener("htmx:sendError", () => say("unreachable"))
document.addEventListener("htmx:timeout", () => say("unreachable"))
document.addEventListener("htmx:responseError", () => say("refused"))
document.addEventListener("preferences-chosen", (event) => keeper?.choose(event.detail))
document.addEventListener("theme-chosen", nameThemes)
nameThemes()
