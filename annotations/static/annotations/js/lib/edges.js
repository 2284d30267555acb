import { countUntil } from "./bisect.js"

/**
 * Where an edge at `offset` goes when it moves one unit: to the next (step 1) or last (-1) place
 * where a unit starts (`side` 0, a left edge) or ends (1, a right edge); null at the end of text.
 * @param {import("./article.js").Article} article
 * @param {number} offset
 * @param {{side: 0 | 1, step: 1 | -1, unit: "word" | "grapheme"}} how
 * @returns {number | null}
 */
export function edgeMoved(article, offset, { side, step, unit }) {
  let number = article.blockAt(Math.max(0, Math.min(offset, article.length - 1)))
  for (; article.blocks[number]; number += step) {
    const places = article.blocks[number].units(unit).map((one) => one[side])
    const index =
      step > 0
        ? countUntil(places, (place) => place > offset)
        : countUntil(places, (place) => place >= offset) - 1
    if (places[index] !== undefined) return places[index]
  }
  return null
}
