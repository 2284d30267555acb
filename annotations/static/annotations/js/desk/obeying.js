import { ANYWHERE, notationOf, pressOf } from "../lib/keymap.js"

/**
 * Do what a key press stands for: in the article every key, elsewhere only a few with Ctrl, and
 * none while something is written. Where it was pressed counts: the key that led out of a panel
 * is not for the article as well.
 * @param {any} desk the label-desk @param {KeyboardEvent} event
 */
export function obey(desk, event) {
  const notation = notationOf(event)
  if (!notation || event.defaultPrevented) return
  const at = event.target instanceof Element ? event.target : document.body
  if (desk.held && desk.text.contains(at)) {
    desk.held.push(event)
    event.preventDefault()
    return
  }
  if (isObeyed(desk, notation, at)) event.preventDefault()
}

/**
 * The keys that came while something was awaited are pressed now, where the focus is: a name that
 * was written for the registry is no row of commands to the article. @param {any} desk
 */
export function pressHeld(desk) {
  const events = desk.held ?? []
  desk.held = null
  for (const { key, code, ctrlKey, metaKey, altKey, shiftKey } of events) {
    const at = document.activeElement
    const writes = key.length === 1 && !ctrlKey && !metaKey && at.matches("input, textarea")
    if (writes) document.execCommand("insertText", false, key)
    else {
      const how = { key, code, ctrlKey, metaKey, altKey, shiftKey }
      at.dispatchEvent(new KeyboardEvent("keydown", { ...how, bubbles: true, cancelable: true }))
    }
  }
}

/** A label's own key comes before the keymap. */
function isObeyed(desk, notation, at) {
  const { keymap, schema } = desk
  const inText = desk.text.contains(at)
  const label = inText && keymap.hears(notation) && schema.labelOfKey(notation)
  if (label) return desk.useLabel(label.key)
  const typing = at.closest("input, textarea, dialog, [popover]")
  const far = notation.includes("Mod+") && !typing
  return keymap
    .bindingsOf(notation)
    .filter(({ action }) => inText || (far && ANYWHERE.has(action)))
    .some((binding) => desk.act(binding.action, { ...pressOf(binding), binding }) !== false)
}
