import { folded } from "./naming.js"

/**
 * The spans whose words, label or entity hold every word of a query, whatever its capitals; all
 * where it is empty.
 * @param {any[]} spans
 * @param {string} query
 * @param {(span: any) => string[]} namesOf what a span is called beside its own words
 */
export function matching(spans, query, namesOf) {
  const wanted = folded(query).split(" ").filter(Boolean)
  if (!wanted.length) return spans
  return spans.filter((span) => {
    const said = folded([...span.text, ...namesOf(span)].join(" "))
    return wanted.every((word) => said.includes(word))
  })
}
