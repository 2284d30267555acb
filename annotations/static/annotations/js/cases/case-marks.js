import { edgeOf } from "../dom/edges.js"
import { h } from "../dom/html.js"

/** Pixels from one line to the next, with room for a name beside each; closer where there are many. */
const FAR = 8
const NEAR = 5

/**
 * Over the article, out of its flow: flags where open cases begin, and the lines of the versions of one
 * case, one under the other. Pointers only: lists and keys lead to the same cases.
 */
export class CaseMarks extends HTMLElement {
  #text = /** @type {any} */ (null)
  #flags = /** @type {any[]} */ ([])
  #lines = /** @type {any[]} */ ([])
  #sizes
  #frame = 0

  connectedCallback() {
    this.setAttribute("aria-hidden", "true")
    this.#sizes = new ResizeObserver(() => this.#placeSoon())
    this.#sizes.observe(this.parentElement)
  }

  disconnectedCallback() {
    this.#sizes.disconnect()
  }

  /**
   * @param {any} text the article-text element
   * @param {{at: number, numbers: number[], isCurrent: boolean, go: () => void}[]} flags
   * @param {{place: number, fragments: [number, number][], who: string}[]} lines
   */
  show(text, flags, lines) {
    this.#text = text
    this.#flags = flags
    this.#lines = lines
    this.#placeSoon()
  }

  #placeSoon() {
    cancelAnimationFrame(this.#frame)
    this.#frame = requestAnimationFrame(() => this.#text && this.#place())
  }

  /** All is measured before any of it is written. */
  #place() {
    const origin = this.getBoundingClientRect()
    const flags = this.#flags.map((flag) =>
      flagOf(flag, edgeOf(this.#text, [flag.at, flag.at + 1], 0), origin),
    )
    const pitch = this.#lines.length > 2 ? NEAR : FAR
    const lines = this.#lines.flatMap((line) => this.#piecesOf(line, pitch, origin))
    this.replaceChildren(...lines, ...flags)
  }

  /** A line under each line of text that a version covers; its name where it begins. */
  #piecesOf({ place, fragments, who }, pitch, origin) {
    const rects = fragments.flatMap(([start, end]) => linesOf(this.#text.rangeOf(start, end)))
    const isRight = this.#text.directionAt(fragments[0][0]) === "rtl"
    return rects.map(({ left, width, bottom }, index) => {
      const line = h("i", { class: "case-line", "data-line": String(place + 1) })
      line.style.left = `${left - origin.left}px`
      line.style.width = `${width}px`
      line.style.top = `${bottom - origin.top + 2 + place * pitch}px`
      if (index === 0)
        line.append(
          h(
            "b",
            {
              "data-side": isRight ? "right" : "left",
              "data-odd": pitch === NEAR && place % 2 === 1,
            },
            `${place + 1} ${who}`,
          ),
        )
      return line
    })
  }
}

/** The boxes of a range, those on one line of text as one. @param {Range} range */
function linesOf(range) {
  const lines = []
  for (const { left, right, top, bottom } of range.getClientRects()) {
    const line = lines.find((one) => Math.abs(one.bottom - bottom) < (bottom - top) / 2)
    if (!line) lines.push({ left, right, bottom })
    else
      Object.assign(line, {
        left: Math.min(line.left, left),
        right: Math.max(line.right, right),
        bottom: Math.max(line.bottom, bottom),
      })
  }
  return lines.map(({ left, right, bottom }) => ({ left, width: right - left, bottom }))
}

/** The first number, and how many more begin there. */
const numberWords = ([first, ...others]) => `⚑${first}${others.length ? `+${others.length}` : ""}`

function flagOf({ numbers, isCurrent, go }, { x, top, out }, origin) {
  const flag = h(
    "span",
    {
      class: "case-flag",
      "data-current": isCurrent,
      "data-out": out > 0 ? "right" : "left",
      onclick: go,
    },
    numberWords(numbers),
  )
  flag.style.left = `${x - origin.left}px`
  flag.style.top = `${top - origin.top}px`
  return flag
}
