/**
 * A new element. Properties that begin with "on" are listeners, "class", "for" and those with a
 * dash are attributes, false and null leave one out; children are elements, texts or nothing.
 * @param {string} name
 * @param {Record<string, any>} [properties]
 * @param {...(Node | string | null | false | undefined)} children
 * @returns {any}
 */
export function h(name, properties = {}, ...children) {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(properties)) take(element, key, value)
  element.append(
    ...children.filter((child) => typeof child === "string" || child instanceof Node),
  )
  return element
}

/** The element says this. The browser lays out anew even what is written as it was: spare it that.
 * @param {Element} element @param {string} text */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text
}

/** The element has this attribute with this value. @param {Element} element @param {string} name @param {string} value */
export function give(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value)
}

function take(element, key, value) {
  if (value === null || value === undefined || value === false) return
  if (key.startsWith("on")) element.addEventListener(key.slice(2), value)
  else element.setAttribute(key, value === true ? "" : String(value))
}

/** The first element a selector finds; null where there is none. @param {ParentNode} root @param {string} selector @returns {any} */
export const find = (root, selector) => root.querySelector(selector)

/** All elements a selector finds. @param {ParentNode} root @param {string} selector @returns {any[]} */
export const findAll = (root, selector) => [...root.querySelectorAll(selector)]

/** A key as the page shows keys. @param {string} text */
export const key = (text) => h("kbd", { class: "key", "aria-hidden": "true" }, text)

/** A line drawing from the page's own store of icons (see the template `desk/_icons.html`). @param {string} name */
export function icon(name) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(`icon-${name}`))
  return template.content.firstElementChild.cloneNode(true)
}

/** Words as they are quoted: they keep their own direction, and their own marks where they have some.
 * @param {string} words */
export function quoted(words) {
  const isMarked = /^[\p{Pi}\p{Pf}\u0022\u201e\u300c\u300e]/u.test(words)
  return isMarked ? `\u2068${words}\u2069` : `“\u2068${words}\u2069”`
}

/** The text, cut after about `most` characters at a grapheme. @param {string} text @param {number} most */
export function shortened(text, most) {
  const line = text.replace(/\s+/gu, " ").trim()
  if (line.length <= most) return line
  const parts = [...new Intl.Segmenter().segment(line.slice(0, most + 8))]
  return `${parts
    .filter(({ index }) => index < most)
    .map(({ segment }) => segment)
    .join("")
    .trimEnd()}…`
}
