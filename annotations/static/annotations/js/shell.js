// What every page can do: choose the theme, close menus, open dialogs, copy a secret,
// and say so when the server could not be reached.

const NEXT_THEME = { auto: "light", light: "dark", dark: "auto" }

/** @param {Element} switcher */
function chooseNextTheme(switcher) {
  const choice = NEXT_THEME[document.documentElement.dataset.themeChoice] ?? "auto"
  document.dispatchEvent(new CustomEvent("theme-chosen", { detail: choice }))
  nameTheme(switcher)
}

/** @param {Element} switcher */
function nameTheme(switcher) {
  const name = switcher.getAttribute(`data-name-${document.documentElement.dataset.themeChoice}`)
  if (!name) return
  switcher.setAttribute("aria-label", name)
  switcher.setAttribute("title", name)
}

/** @param {HTMLElement} button */
async function copy(button) {
  const source = document.getElementById(button.dataset.copies ?? "")
  if (!source) return
  await navigator.clipboard.writeText(source.textContent?.trim() ?? "")
  button.textContent = button.dataset.copied ?? ""
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
  if (button.matches(".theme-switch")) chooseNextTheme(button)
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
  const place = document.getElementById("notices")
  const words = place?.dataset[kind]
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
document.querySelectorAll(".theme-switch").forEach(nameTheme)
