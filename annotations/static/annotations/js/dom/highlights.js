/**
 * Passing paint over many ranges: a CSS highlight by its name in the style sheet. Where a browser
 * has none, nothing is painted; the lists beside the article show the same.
 * @param {string} name
 * @param {Range[]} ranges
 */
export function highlight(name, ranges) {
  if (typeof Highlight === "undefined") return
  if (ranges.length) CSS.highlights.set(name, new Highlight(...ranges))
  else CSS.highlights.delete(name)
}
