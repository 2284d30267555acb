import { h } from "./html.js"

/**
 * The way to what was asked about a span, or about the article ("") and its spans ("spans"); null where
 * nobody said anything.
 * @param {import("./span-card.js").View} view
 * @param {string[]} about
 */
export function threadWays({ threads }, ...about) {
  const found = about.filter((one) => threads[one])
  return found.length > 0 && h("p", { class: "thread-ways" }, ...found.map((one) => wayTo(threads[one], one)))
}

const wayTo = ({ words, url, waits }, about) =>
  h(
    "span",
    {},
    h("a", { href: url, "data-focus": `thread/${about}` }, words),
    waits && h("span", { class: "chip chip-warn" }, waits),
  )
