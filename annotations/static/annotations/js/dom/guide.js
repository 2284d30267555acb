import { h } from "./html.js"
import { filled, gettext } from "../lib/words.js"

/** What is asked to stay open while the inspector draws itself anew: "QUOTE.type". */
const open = new Set()

/** @type {Map<string, DocumentFragment | null>} */
const known = new Map()

/** What the page's guidelines tell of an attribute and its values, rendered by the server. */
function sourceOf(name) {
  if (!known.has(name)) {
    const template = document.querySelector(`.guide-source[data-of="${CSS.escape(name)}"]`)
    known.set(name, /** @type {HTMLTemplateElement | null} */ (template)?.content ?? null)
  }
  return known.get(name)
}

const nameOf = (label, attribute) => `${label.key}.${attribute.key}`

/** What is told of a value, in plain words; null for nothing. @param {any} label @param {any} attribute @param {unknown} value */
export function wordsOfValue(label, attribute, value) {
  const found = sourceOf(nameOf(label, attribute))
  return found?.querySelector(`[data-value="${CSS.escape(String(value))}"] dd`)?.textContent.trim()
}

/**
 * A button that opens and closes the guideline of an attribute, and the guideline; nothing where
 * there is none. Beside values it is no stop of the Tab key, as "?" on a value presses it
 * (`askGuide`); beside a field, where "?" is written, it is one.
 * @param {any} label
 * @param {any} attribute
 * @param {{title: string, now: unknown}} shown `title`: the attribute's name; `now`: the value it has
 * @returns {Node[]}
 */
export function guideOf(label, attribute, { title, now }) {
  const name = nameOf(label, attribute)
  const source = sourceOf(name)
  if (!source) return []
  const id = `guide-of-${attribute.key}`
  const words = h("div", { class: "guide-words guide-open", id }, source.cloneNode(true))
  words.querySelector(`[data-value="${CSS.escape(String(now))}"]`)?.setAttribute("data-now", "")
  const button = h(
    "button",
    {
      type: "button",
      class: "guide-ask",
      tabindex: attribute.kind === "text" ? "0" : "-1",
      "aria-keyshortcuts": attribute.kind === "text" ? null : "?",
      "aria-controls": id,
      "aria-label": filled(gettext("Guideline: %(name)s"), { name: title }),
      "data-focus": `guide-${attribute.key}`,
      onclick: () => show(!open.has(name)),
    },
    "?",
  )
  const show = (wanted) => {
    open[wanted ? "add" : "delete"](name)
    words.hidden = !wanted
    button.setAttribute("aria-expanded", String(wanted))
  }
  show(open.has(name))
  return [button, words]
}

/** Open or close the guideline beside these values. @param {Element} choices @returns {boolean} whether there is one */
export function askGuide(choices) {
  const button = /** @type {HTMLElement | null} */ (choices.parentElement.querySelector(".guide-ask"))
  button?.click()
  return Boolean(button)
}
