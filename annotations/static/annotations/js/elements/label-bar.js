import { h, key } from "../dom/html.js"
import { placeBeside } from "../lib/placing.js"

/**
 * The labels, near what is selected, wherever that is scrolled. Never takes the focus; a click
 * tells "label-asked" (detail: the label's key).
 */
export class LabelBar extends HTMLElement {
  #open = new AbortController()

  disconnectedCallback() {
    this.#open.abort()
  }

  /**
   * @param {import("../lib/schema.js").Schema} schema
   * @param {Range} shape what is selected
   * @param {boolean} [byTouch] whether the system shows its own menu and handles there
   */
  show(schema, shape, byTouch = false) {
    this.replaceChildren(...schema.labels.map((label) => this.#button(schema, label)))
    this.toggleAttribute("data-touch", byTouch)
    this.showPopover()
    this.#stand(shape, byTouch)
    this.#follow(() => this.#stand(shape, byTouch))
  }

  leave() {
    this.#open.abort()
    if (this.matches(":popover-open")) this.hidePopover()
  }

  #follow(stand) {
    this.#open.abort()
    this.#open = new AbortController()
    const { signal } = this.#open
    document.addEventListener("scroll", stand, { signal, capture: true, passive: true })
    window.addEventListener("resize", stand, { signal })
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

  #stand(shape, byTouch) {
    const { left, top } = shape.getClientRects()[0] ?? shape.getBoundingClientRect()
    const { bottom } = shape.getBoundingClientRect()
    const size = { width: this.offsetWidth, height: this.offsetHeight }
    const { clientWidth, clientHeight } = document.documentElement
    const room = { top: 60, right: clientWidth - 8, bottom: clientHeight - 8 }
    const place = placeBeside({ left, top, bottom }, size, room, byTouch)
    this.style.left = `${place.left}px`
    this.style.top = `${place.top}px`
  }
}
