// What htmx puts in place of something is told to who does not see it, and takes the focus along.
//
// A live region that is itself replaced says nothing: what is new is told by one that stays. What
// had the focus and comes again has it again; where it does not, the heading of what came has it, so
// that the next Tab does not begin at the top of the page.

const TOLD = "[data-announced], [role=status], [role=alert]"
const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex='0']"
const HEADING = "h1, h2, h3, .card-head, p"

/** @type {{ tag: string, words: string } | null} */
let held = null

/** @param {Element} element */
function wordsOf(element) {
  const seen = element instanceof HTMLElement ? element.innerText : element.textContent
  const words = element.getAttribute("aria-label") ?? seen ?? ""
  return words.replace(/\s+/g, " ").trim()
}

/** @param {string} words said once, until others follow */
export function announce(words) {
  const place = document.getElementById("announced")
  if (place && words && place.textContent !== words) place.textContent = words
}

/** @param {Element} root */
function announceAll(root) {
  const told = [...root.querySelectorAll(TOLD)]
  if (root.matches(TOLD)) told.unshift(root)
  const outermost = told.filter((one) => !one.parentElement?.closest(TOLD))
  announce(outermost.map(wordsOf).filter(Boolean).join(". "))
}

/** @param {CustomEvent} event */
function hold(event) {
  const { target, shouldSwap } = event.detail
  const focused = document.activeElement
  const within = shouldSwap && focused && focused !== document.body && target.contains(focused)
  held = within ? { tag: focused.tagName, words: wordsOf(focused) } : null
}

/** @param {Element} root */
function giveFocus(root) {
  const again = [...root.querySelectorAll(FOCUSABLE)].find(
    (one) => one.tagName === held?.tag && wordsOf(one) === held.words,
  )
  if (again instanceof HTMLElement) again.focus({ preventScroll: true })
  if (document.activeElement !== document.body) return
  const heading = root.querySelector(HEADING) ?? root
  if (!(heading instanceof HTMLElement)) return
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
}

/** @param {CustomEvent} event */
function onNew(event) {
  const root = event.detail.elt
  if (root === document.body) return
  announceAll(root)
  if (held && document.activeElement === document.body) giveFocus(root)
  held = null
}

export function watchSwaps() {
  document.addEventListener("htmx:beforeSwap", /** @type {EventListener} */ (hold))
  document.addEventListener("htmx:load", /** @type {EventListener} */ (onNew))
}
