/**
 * Which questions and answers belong to a case: by the layers and spans that they are about. Pure.
 *
 * @typedef {{id: string, layer: number, span: string | null, asks: boolean, author: string,
 *   at: string, text: string, waits: boolean}} Letter a message; `asks`: somebody who adjudicates wrote it
 * @typedef {{layer: number, span: string | null, letters: Letter[]}} Thread about a span of a layer, or
 *   (null) its article
 */

/** What tells a thread from others. @param {{layer: number, span: string | null}} thread */
export const threadKey = ({ layer, span }) => `${layer} ${span ?? ""}`

/** Whether an annotator wrote something in it that nobody read yet. @param {Thread} thread */
export const isWaiting = ({ letters }) => letters.some(({ asks, waits }) => !asks && waits)

/**
 * The threads about a case, which may have no message yet, and after them those about the articles
 * that have some. About relations it is the span that they begin at.
 * @param {import("./standing.js").Case} one
 * @param {import("./standing.js").Case | null} source where it begins, if it is of relations
 * @param {Letter[]} messages in their order
 * @param {number[]} layers all that are compared
 * @returns {Thread[]}
 */
export function threadsOf(one, source, messages, layers) {
  const about = one.kind === "span" ? one : source
  const spans = new Map(
    (about?.versions ?? []).flatMap(({ members }) => members.map(({ layer, span }) => [layer, span])),
  )
  const concerned = layers.filter((layer) => isConcerned(one, layer))
  const places = concerned.map((layer) => ({ layer, span: spans.get(layer) ?? null }))
  const known = new Set(places.map(threadKey))
  const lettersIn = (place) => messages.filter((each) => threadKey(each) === threadKey(place))
  const whole = layers.map((layer) => ({ layer, span: null })).filter((each) => !known.has(threadKey(each)))
  return [
    ...places.map((place) => ({ ...place, letters: lettersIn(place) })),
    ...whole.map((place) => ({ ...place, letters: lettersIn(place) })).filter(({ letters }) => letters.length),
  ]
}

/** Whether a layer has something of the case, or lacks it. */
const isConcerned = ({ versions, missing }, layer) =>
  missing.includes(layer) || versions.some(({ layers }) => layers.includes(layer))
