/**
 * Paint that passes (the word cursor, the range being linked): a CSS highlight where the browser
 * has them, else the browser's own selection.
 */
export class Passing {
  #name

  /** @param {string} name of the highlight in the style sheet */
  constructor(name) {
    this.#name = name
  }

  /** @param {Range | null} range */
  show(range) {
    if (typeof Highlight === "undefined") return showAsSelection(range)
    if (range) CSS.highlights.set(this.#name, new Highlight(range))
    else CSS.highlights.delete(this.#name)
    return undefined
  }
}

function showAsSelection(range) {
  const selection = getSelection()
  selection?.removeAllRanges()
  if (range) selection?.addRange(range)
}
