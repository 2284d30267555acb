import { h, key } from "../dom/html.js"

/**
 * The labels, near what is selected. Never takes the focus; a click tells "label-asked" (detail:
 * the label's key).
 */
export class LabelBar extends HTMLElement {
  /** @param {import("../lib/schema.js").Schema} schema */
  show(schema, shape) {
    this.replaceChildren(...schema.labels.map((label) => this.#button(schema, label)))
    this.showPopover()
    this.#stand(shape)
  }

  leave() {
    if (this.matches(":popover-open")) this.hidePopover()
  }

  #button(schema, label) {
    const swatch = h(
      "span",
      {
        class: "swatch",
        "data-colour": label.colour,
        "data-line": label.line,
        "aria-hidden": "true",
      },
      label.letter,
    )
    const ask = () =>
      this.dispatchEvent(new CustomEvent("label-asked", { bubbles: true, detail: label.key }))
    // pressing must not clear the selection that it is about
    const keep = (event) => event.preventDefault()
    return h(
      "button",
      {
        type: "button",
        class: "label",
        "data-colour": label.colour,
        onpointerdown: keep,
        onmousedown: keep,
        onclick: ask,
      },
      swatch,
      h("span", {}, schema.nameOf(label)),
      key(label.shortcut),
    )
  }

  /** Above what is selected, where there is room; never over the words. */
  #stand(shape) {
    const { left, top, bottom } = shape.getClientRects()[0] ?? shape.getBoundingClientRect()
    const { bottom: end } = shape.getBoundingClientRect()
    const room = document.documentElement.clientWidth - this.offsetWidth - 8
    const above = top - this.offsetHeight - 10
    this.style.left = `${Math.max(8, Math.min(room, left))}px`
    this.style.top = `${above > 60 ? above : Math.min(Math.max(bottom, end) + 10, innerHeight - this.offsetHeight - 8)}px`
  }
}
