import { TextIndex } from "./offsets.js"

/**
 * Quotation marks: which belong together, and which stand alone. The same algorithm as
 * `annotations/text/quotemarks.py`, which says what is taken for a mark and what for an apostrophe
 * or a prime; proved on the same vectors (`tests/vectors/quotemarks.json`).
 * @typedef {[number, number]} Range code points
 * @typedef {{pairs: Range[], alone: number[]}} Marks pairs in the order of their closing
 */

const CLOSED_BY = {
  "“": "”“",
  "„": "”“",
  "‟": "”",
  "”": "”",
  "«": "»",
  "»": "«",
  "‹": "›",
  "›": "‹",
  "「": "」",
  "『": "』",
  "‘": "’‘",
  "‚": "’‘",
  "‛": "’",
  '"': '"',
  "'": "'",
}
const CLOSES = Object.fromEntries(
  [..."”“«»‹›」』’‘\"'"].map((closer) => [
    closer,
    Object.keys(CLOSED_BY).filter((opener) => CLOSED_BY[opener].includes(closer)),
  ]),
)
const CLOSES_AT_A_PINCH = { '"': ["“", "„", "‟"], "”": ['"'], "'": ["‘", "‚", "‛"], "’": ["'"] }
const OPENERS = "“„‟«‹「『‘‚‛"
const OPENS_AT_A_PINCH = "\"'”»›"
const SINGLE = "'’‘‚‛"
const APOSTROPHES = "'’‘"
const BRACKETS = "([{（［〔【"

const SPACE =
  " \\t\\n\\v\\f\\r\\x85\\xa0\\u1680\\u2000-\\u200b\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff"
const MARK = /[“”„‟«»‹›「」『』‘’‚‛"']/g
// nothing, white space, the controls of writing direction
const EDGE = new RegExp(`^[${SPACE}\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]?$`)
const BREAK = new RegExp(`[\\n\\r\\x85\\u2029][${SPACE}]*`, "g")
const BLANK_LINE = /\n[^]*[\n\r]|\r[^]*\r|[\x85\u2029]/
const BETWEEN = new RegExp(`[${SPACE}]*`, "y")
const GOES_ON = /^[ \xa0]$/
const ELIDED =
  /(?:[0-9][0-9]s|n|s|t|k|m|em|tis|twas|twere|til|till|cause|bout|round|neath|cos|cuz)(?![A-Za-z0-9])/iy
const YEAR = /[0-9][0-9](?![A-Za-z0-9])/y
const NUMBER = /(?:^|[^0-9.,])[0-9]{1,3}$/
const MAY_DROP = /[sxz]$|in$/i
const UNPARTED = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\uffff]/
const WORD = /[\p{L}\p{M}\p{N}]/u

/** The quotation marks of a text; linear in it. @param {string} text @returns {Marks} */
export function scan(text) {
  const opened = new Opened()
  for (const [start, end] of paragraphsOf(text)) {
    const signs = signsOf(text, opened.reopened(text, start, end), end)
    const better = betterAhead(signs)
    signs.forEach((sign, i) => opened.meet(sign, better[i]))
  }
  opened.keep(0)
  return counted(text, opened)
}

/** The pairs that stand in no other pair, in text order: the quoted stretches. @param {Range[]} pairs */
export function outermost(pairs) {
  /** @type {Range[]} */
  const outer = []
  for (const pair of [...pairs].sort((a, b) => a[0] - b[0] || b[1] - a[1])) {
    if (!outer.length || pair[0] >= outer.at(-1)[1]) outer.push(pair)
  }
  return outer
}

function counted(text, { pairs, alone }) {
  const index = new TextIndex(text)
  return {
    pairs: pairs.map((pair) => pair.map((offset) => index.toCodePoints(offset))),
    alone: alone.sort((a, b) => a - b).map((offset) => index.toCodePoints(offset)),
  }
}

function paragraphsOf(text) {
  const cuts = [...text.matchAll(BREAK)]
    .filter((found) => endsParagraph(text, found))
    .map((found) => found.index + found[0].length)
  return [0, ...cuts].map((start, i) => [start, cuts[i] ?? text.length])
}

function endsParagraph(text, found) {
  const next = text.codePointAt(found.index + found[0].length)
  const goesOn = next !== undefined && /\p{Ll}/u.test(String.fromCodePoint(next))
  return !goesOn || BLANK_LINE.test(found[0])
}

function signsOf(text, start, end) {
  const signs = []
  MARK.lastIndex = start
  for (let found = MARK.exec(text); found && found.index < end; found = MARK.exec(text)) {
    signs.push(new Sign(text, found.index))
  }
  return signs
}

const isEdge = (character) => EDGE.test(character)

/** A letter, mark or digit of a script that parts its words and has apostrophes. */
const isWord = (character) => !UNPARTED.test(character) && WORD.test(character)

function matchesAt(pattern, text, at) {
  pattern.lastIndex = at
  return pattern.test(text)
}

/** A sign that may be a mark, with what its neighbours tell of it. */
class Sign {
  constructor(text, at) {
    this.text = text
    this.at = at
    this.mark = text[at]
    this.before = text[at - 1] ?? ""
    this.after = at + 1 < text.length ? String.fromCodePoint(text.codePointAt(at + 1)) : ""
    const opensBefore = isEdge(this.before) || (BRACKETS + OPENERS).includes(this.before)
    this.leads = opensBefore && !isEdge(this.after)
    this.trails = !isEdge(this.before) && !isWord(this.after)
  }

  get isApostrophe() {
    if (!APOSTROPHES.includes(this.mark)) return false
    if (isWord(this.before)) return isWord(this.after)
    if (!isEdge(this.before) && !BRACKETS.includes(this.before)) return false
    if (this.mark === "’") return isWord(this.after)
    const year = this.mark === "'" && matchesAt(YEAR, this.text, this.at + 1)
    return year || matchesAt(ELIDED, this.text, this.at + 1)
  }

  /** It stands behind a word like an apostrophe: what goin’, the Jones’ and Rabi‘ have. */
  get endsWord() {
    return APOSTROPHES.includes(this.mark) && isWord(this.before) && !isWord(this.after)
  }

  /** A letter, number or picture comes next. */
  get beginsSomething() {
    return this.after !== "" && !/[\p{P}\p{Z}\p{C}]/u.test(this.after)
  }

  get isGershayim() {
    return this.mark === '"' && /[א-ת]/.test(this.before) && /[א-ת]/.test(this.after)
  }

  /** It may stand for feet or inches. */
  get isPrime() {
    const window = this.text.slice(Math.max(0, this.at - 4), this.at)
    return "'\"’”".includes(this.mark) && NUMBER.test(window)
  }

  /** It may close a quotation, and it may as well belong to the word before it. */
  get isWeak() {
    if (!GOES_ON.test(this.after) || !isWord(this.text[this.at + 2] ?? "")) return false
    const end = this.text.slice(Math.max(0, this.at - 2), this.at)
    return ("'’".includes(this.mark) && MAY_DROP.test(end)) || ("'\"".includes(this.mark) && this.isPrime)
  }
}

/** For each sign: whether one that surely closes follows before any that opens, of its kind. */
function betterAhead(signs) {
  const ahead = { single: false, double: false }
  const found = []
  for (const sign of [...signs].reverse()) {
    const kind = SINGLE.includes(sign.mark) ? "single" : "double"
    found.push(ahead[kind])
    if (sign.isApostrophe) continue
    if (sign.leads) ahead[kind] = false
    else if (sign.trails && !sign.isWeak) ahead[kind] = true
  }
  return found.reverse()
}

/** The marks that are open at some point of a text, outermost first, and what was found. */
class Opened {
  #stack = []
  #places = Object.fromEntries(Object.keys(CLOSED_BY).map((mark) => [mark, []]))

  constructor() {
    this.pairs = []
    this.alone = []
  }

  /**
   * Go on with the quotations that this paragraph opens again, and with no other. Returns where
   * the rest of the paragraph begins.
   */
  reopened(text, start, end) {
    for (const [count, [mark]] of [...this.#stack].entries()) {
      BETWEEN.lastIndex = start
      const at = start + BETWEEN.exec(text)[0].length
      if (at >= end || text[at] !== mark) {
        this.keep(count)
        break
      }
      start = at + 1
    }
    return start
  }

  meet(sign, betterAhead) {
    if (sign.isApostrophe || sign.isGershayim) return
    const place = this.#closedBy(sign)
    if (place === null) this.#begin(sign)
    else if (!betterAhead || !sign.isWeak) this.#close(place, sign.at)
  }

  /** All but the outermost `count` stay without a partner. */
  keep(count) {
    while (this.#stack.length > count) this.alone.push(this.#pop())
  }

  /** Which open mark this one closes: the newest that fits. */
  #closedBy(sign) {
    const place = this.#newest(CLOSES[sign.mark] ?? [])
    if (OPENERS.includes(sign.mark)) {
      const last = place !== null && place === this.#stack.length - 1
      return last && sign.trails && !sign.leads ? place : null
    }
    if (place !== null) return sign.leads && "\"'".includes(sign.mark) ? null : place
    const afterWord = SINGLE.includes(sign.mark) && isWord(sign.before)
    if (!sign.trails || afterWord || sign.isPrime) return null
    return this.#newest(CLOSES_AT_A_PINCH[sign.mark] ?? [])
  }

  #newest(marks) {
    const places = marks.flatMap((mark) => this.#places[mark].slice(-1))
    return places.length ? Math.max(...places) : null
  }

  #begin(sign) {
    if (mayOpen(sign)) {
      this.#places[sign.mark].push(this.#stack.length)
      this.#stack.push([sign.mark, sign.at])
    } else if (!sign.isPrime && !sign.endsWord) {
      this.alone.push(sign.at)
    }
  }

  #close(place, at) {
    this.keep(place + 1)
    this.pairs.push([this.#pop(), at + 1])
  }

  #pop() {
    const [mark, at] = this.#stack.pop()
    this.#places[mark].pop()
    return at
  }
}

function mayOpen(sign) {
  if (OPENERS.includes(sign.mark)) return !(sign.mark === "‘" && sign.endsWord)
  if (!OPENS_AT_A_PINCH.includes(sign.mark)) return false
  if (sign.leads) return true
  if (sign.mark === '"') return isEdge(sign.before) || sign.beginsSomething
  return sign.mark === "'" && sign.beginsSomething && !isWord(sign.before)
}
