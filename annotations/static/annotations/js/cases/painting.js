import { highlight } from "../dom/highlights.js"
import { joined } from "../lib/segments.js"
import { LINES } from "./version-rows.js"

/** @typedef {[number, number]} Range */

/**
 * What the article shows of the cases in sight: a halo and a flag where one is open, and of the one
 * that is looked at a line for each version. All of it passes: no mark, no word of the text.
 * @param {import("./adjudication.js").Adjudication} cases
 */
export function paint(cases) {
  const { board, current, desk, marks } = cases
  const [first, last] = desk.text.sight
  const inSight = ({ range: [start, end] }) => start < last && end > first
  const open = board.open.filter((one) => one.kind === "span" && one !== current && inSight(one))
  highlight(
    "case-open",
    open.flatMap((one) => rangesOf(desk.text, one)),
  )
  const here = current && inSight(current) ? rangesOf(desk.text, current) : []
  const isOpen = current && board.isOpen(current)
  highlight("case-current", isOpen ? here : [])
  highlight("case-settled", isOpen ? [] : here)
  marks.show(desk.text, flagsOf(cases, inSight), here.length ? linesOf(cases) : [])
}

/** All that any version of a case covers, as the page has it. */
function rangesOf(text, one) {
  const fragments =
    one.kind === "span" ? one.versions.flatMap(({ span }) => span.fragments) : [one.range]
  return joined(fragments)
    .filter(([start, end]) => end > start)
    .map(([start, end]) => text.rangeOf(start, end))
}

/** One flag for each place where open cases begin. */
function flagsOf(cases, inSight) {
  const { board, current } = cases
  const flags = new Map()
  for (const one of board.open) {
    const number = inSight(one) && board.number(one)
    if (!number) continue
    const flag = flags.get(one.range[0]) ?? {
      at: one.range[0],
      numbers: [],
      isCurrent: false,
      go: () => cases.go(one),
    }
    flag.numbers.push(number)
    flag.isCurrent ||= one === current
    flags.set(one.range[0], flag)
  }
  return [...flags.values()]
}

/** The versions of the case that is looked at, each where it stands in the text. */
function linesOf({ current, order, people }) {
  if (current?.kind !== "span") return []
  return order.slice(0, LINES).map((index, place) => ({
    place,
    fragments: current.versions[index].span.fragments,
    who: current.versions[index].layers.map((layer) => people.initialsOf(layer)).join(" "),
  }))
}
