// What every page but the desk can do as well: tell what came, and what came in place of what.

import "./shell.js"

import { announce, watchSwaps } from "./dom/swapping.js"

// a live region is listened to from a moment after the page has come
const HEARD_AFTER = 500

/** Who sent a form hears what came of it, or is where it has to be mended. */
function arrive() {
  const notices = document.getElementById("notices")?.textContent ?? ""
  if (notices.trim()) setTimeout(() => announce(notices.replace(/\s+/g, " ").trim()), HEARD_AFTER)
  const invalid = document.querySelector("main [aria-invalid=true]")
  if (invalid instanceof HTMLElement && document.activeElement === document.body) invalid.focus()
}

watchSwaps()
arrive()
