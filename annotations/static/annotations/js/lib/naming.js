import { inlineAlias } from "./words.js"

/**
 * What a span says, as far as names are concerned. `defined`: the alias that the text gives there.
 * @typedef {{text: string, defined: {name: string, alias: string} | null, standIn: boolean,
 *   metonym: boolean}} Words
 */

/** The most code points of a name: the server refuses more. */
export const MOST_NAME = 500

/** The kinds of alias an annotator may remember, the likeliest first. */
export const REMEMBERED_KINDS = ["role", "short", "abbreviation", "metonym"]

// as `annotations/text/gate.py` has them: what would break a line or turn the words around a name
const FORBIDDEN =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]/u

/** The first character of a name that no name may hold, as "U+202E"; "" when all may stay. @param {string} name */
export function forbiddenIn(name) {
  const found = FORBIDDEN.exec(name)
  if (!found) return ""
  return `U+${found[0].codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`
}

/** Words of the article as a name: one line, without controls of direction, not too long. @param {string} words */
export function nameFrom(words) {
  const line = words.replace(/\s+/gu, " ")
  return cut(line.replace(new RegExp(FORBIDDEN, "gu"), "").trim())
}

/** At most as many code points as a name may have. @param {string} text */
export function cut(text) {
  if (text.length <= MOST_NAME) return text
  return [...text.slice(0, 2 * MOST_NAME)].slice(0, MOST_NAME).join("")
}

const FOLLOWING = /^\s*[(（]\s*(\p{L}[^()（）\n]{0,39}?)\s*[)）]/u
const MOST_WORDS = 3

/**
 * The name and the alias that a text defines: "Korea Utara (Korut)", or "Korea Utara" where the
 * article goes on with "(Korut)". A longer remark in brackets defines nothing.
 * @param {string} text of the span
 * @param {string} following what stands after it
 * @returns {{name: string, alias: string} | null}
 */
export function definedAlias(text, following) {
  const inside = inlineAlias(text)
  if (inside) return isShort(inside.alias) ? inside : null
  const [, alias] = FOLLOWING.exec(following) ?? []
  return alias && text.trim() && isShort(alias) ? { name: text.trim(), alias } : null
}

const isShort = (alias) => alias.split(/\s+/u).length <= MOST_WORDS

/** Forms of an actor that name nobody by themselves: no alias, and no place to label unasked. */
const STANDING_IN = new Set(["pronoun", "clitic"])

const PRONOUNS = new Set(
  `ia dia beliau mereka kami kita saya aku kamu anda kalian engkau kau nya -nya ku -ku mu -mu
   he she it they we you i him her them us me his hers its their theirs our ours your yours my mine
   this that these those who whom whose itu ini`.split(/\s+/),
)

/**
 * Whether a span only stands in for a name: by its form, else by its words (Indonesian, English).
 * @param {{attributes: Record<string, unknown>, text: string[]}} span
 */
export function isStandIn({ attributes, text }) {
  if (attributes.form) return STANDING_IN.has(String(attributes.form))
  return PRONOUNS.has(folded(text.join(" ")))
}

/** Whether the words of a span name one thing and mean another. @param {{attributes: Record<string, unknown>}} span */
export function isMetonym({ attributes: { metonymy } }) {
  return Boolean(metonymy) && metonymy !== "none" && metonymy !== "?"
}

/**
 * The words of a span, to look somebody up by.
 * @param {{attributes: Record<string, unknown>, text: string[]}} span
 * @param {string} following the text after it
 * @returns {Words}
 */
export function wordsOf(span, following) {
  const text = nameFrom(span.text.join(" "))
  const defined = definedAlias(text, following)
  return { text, defined, standIn: isStandIn(span), metonym: isMetonym(span) }
}

/** No words: a role is filled, no span is meant. @type {Words} */
export const NO_WORDS = { text: "", defined: null, standIn: false, metonym: false }

/** Whether an entity is known by just these words. @param {string} words
 * @param {{name: string, aliases: {text: string}[]}} entity */
export const answersTo = (words, { name, aliases }) =>
  [name, ...aliases.map(({ text }) => text)].some((one) => folded(one) === folded(words))

/**
 * What could be remembered when a span is linked to an entity: the alias that the text defines,
 * ticked, else its words where the entity is not known by them; null for words that name nobody.
 * @param {Words} words
 * @param {{name: string, aliases: {text: string}[]}} entity
 * @returns {{text: string, kind: string, ticked: boolean} | null}
 */
export function rememberable({ text, defined, standIn, metonym }, entity) {
  if (standIn || !text) return null
  const name = defined?.alias ?? text
  if (answersTo(name, entity)) return null
  if (defined) return { text: name, kind: "abbreviation", ticked: true }
  return { text, kind: metonym ? "metonym" : kindOf(text, entity.name), ticked: false }
}

/** What kind of alias words are likely to be. */
function kindOf(text, name) {
  if (/^[\p{Lu}\p{N}.&-]{1,8}$/u.test(text)) return "abbreviation"
  const words = new Set(folded(name).split(" "))
  return folded(text).split(" ").every((word) => words.has(word)) ? "short" : "role"
}

/** Two names are the same one here; the server's `fold` decides in the registry. @param {string} name */
export const folded = (name) => name.normalize("NFC").toLowerCase().replace(/\s+/gu, " ").trim()
