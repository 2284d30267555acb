/** @type {Map<string, Intl.Segmenter>} */
const segmenters = new Map()

/**
 * The words (without what stands between them), graphemes or sentences (without the space after
 * them) of a text, as pairs of UTF-16 offsets.
 * @param {string} text
 * @param {string} language
 * @param {"word" | "grapheme" | "sentence"} granularity
 * @returns {[number, number][]}
 */
export function unitsOf(text, language, granularity) {
  const found = []
  for (const { segment, index, isWordLike } of segmenter(language, granularity).segment(text)) {
    if (granularity === "word" && !isWordLike) continue
    const kept = granularity === "sentence" ? segment.trimEnd() : segment
    if (kept) found.push([index, index + kept.length])
  }
  return found
}

function segmenter(language, granularity) {
  const key = `${granularity} ${language}`
  if (!segmenters.has(key)) segmenters.set(key, make(language, granularity))
  return segmenters.get(key)
}

function make(language, granularity) {
  try {
    return new Intl.Segmenter(language || "und", { granularity })
  } catch {
    return new Intl.Segmenter("und", { granularity }) // a corpus may name a language no browser knows
  }
}
