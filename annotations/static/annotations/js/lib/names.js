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
