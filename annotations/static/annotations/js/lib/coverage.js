import { joined } from "./segments.js"

/**
 * Which quoted stretches of an article are somebody's quote. The same rule as
 * `annotations/spans/coverage.py`, which decides at submit.
 * @typedef {[number, number]} Range code points
 * @typedef {{range: Range, state: "attributed" | "waived" | "open"}} Stretch
 */

/** The label whose spans attribute a stretch. */
export const QUOTE = "QUOTE"

/**
 * A stretch is attributed when all between its marks (but white space) lies in quotes, waived when
 * a waiver with a reason is about exactly it, else open.
 * @param {Range[]} stretches the outermost pairs of quotation marks, marks included, in text order
 * @param {import("./article.js").Article} article
 * @param {import("./layer.js").Layer} layer
 * @returns {Stretch[]}
 */
export function coverageOf(stretches, article, layer) {
  const quotes = [...layer.spans.values()].filter(({ label }) => label === QUOTE)
  const quoted = joined(quotes.flatMap(({ fragments }) => fragments))
  const waived = new Set(
    [...layer.waivers.values()]
      .filter(({ label, reason }) => label === QUOTE && reason)
      .map(({ fragments }) => String(fragments.flat())),
  )
  let at = 0
  return stretches.map((range) => {
    while (at < quoted.length && quoted[at][1] <= range[0]) at += 1
    if (isAttributed(range, quoted, at, article)) return { range, state: "attributed" }
    return { range, state: waived.has(String(range)) ? "waived" : "open" }
  })
}

function isAttributed([open, close], quoted, at, article) {
  let from = open + 1
  for (let i = at; quoted[i]?.[0] < close - 1; i += 1) {
    if (quoted[i][1] <= from) continue
    if (!isSpace(article, from, quoted[i][0])) return false
    from = quoted[i][1]
  }
  return isSpace(article, from, close - 1)
}

const isSpace = (article, start, end) => start >= end || !article.slice(start, end).trim()
