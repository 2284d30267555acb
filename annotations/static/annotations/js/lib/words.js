/**
 * The page's words, from Django's JavaScript catalogue; the source words where there is none.
 * @type {any}
 */
const catalogue = globalThis

/** @param {string} message @returns {string} */
export const gettext = (message) => catalogue.gettext?.(message) ?? message

/** @param {string} one @param {string} many @param {number} count @returns {string} */
export const ngettext = (one, many, count) =>
  catalogue.ngettext?.(one, many, count) ?? (count === 1 ? one : many)

/** Fill the %(names)s of a sentence. @param {string} sentence @param {Record<string, unknown>} values */
export const filled = (sentence, values) =>
  sentence.replace(/%\((\w+)\)s/g, (_, name) => String(values[name] ?? ""))

const INLINE = /^([^()（）]+?)\s*[(（]\s*(\p{L}[^()（）]*?)\s*[)）]$/u

/**
 * A name with an alias in brackets, "Korea Utara (Korut)"; null for anything else. As
 * `annotations/text/names.py` reads it.
 * @param {string} text
 * @returns {{name: string, alias: string} | null}
 */
export function inlineAlias(text) {
  const found = INLINE.exec(text.trim())
  return found && { name: found[1].trim(), alias: found[2] }
}
