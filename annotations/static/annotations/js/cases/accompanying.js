import { find, h } from "../dom/html.js"
import { notationOf } from "../lib/keymap.js"
import { Adjudication } from "./adjudication.js"
import { showOpen } from "./dialogs.js"
import { paint } from "./painting.js"

/** Join the desk once it is whole, and follow what happens there: the layer changes, the text scrolls,
 * somebody goes from the article to the panel, or submits. */
export async function accompany() {
  const desk = find(document, "label-desk")
  const listening = new AbortController()
  const { signal } = listening
  await isWhole(desk, signal)
  const [panel, origin] = [find(desk, "case-panel"), find(desk, "case-origin")]
  const marks = h("case-marks")
  desk.text.append(marks)
  const cases = new Adjudication(desk, { panel, marks, origin })
  desk.cases = cases
  follow(desk, cases, signal)
  await cases.begin(signal)
}

/** @param {any} desk @param {AbortSignal} signal */
function isWhole(desk, signal) {
  if ("whole" in desk.dataset) return undefined
  return new Promise((resolve) => {
    const watch = new MutationObserver(() => "whole" in desk.dataset && resolve(watch.disconnect()))
    watch.observe(desk, { attributeFilter: ["data-whole"] })
    signal.addEventListener("abort", () => watch.disconnect())
  })
}

/** @param {any} desk @param {import("./adjudication.js").Adjudication} cases @param {AbortSignal} signal */
function follow(desk, cases, signal) {
  const on = (target, type, act, passive = false) =>
    target.addEventListener(type, act, { signal, passive })
  on(desk, "panels-shown", ({ detail }) =>
    detail?.size === 0 ? cases.origin.show(cases) : cases.follow(),
  )
  on(desk, "submit-asked", (event) => stopOpen(event, cases))
  on(desk, "keydown", (event) => enterByKey(event, desk, cases))
  on(desk, "focusin", ({ target }) =>
    desk.toggleAttribute("data-at-cases", cases.panel.contains(target)),
  )
  on(
    desk.text.pane,
    "scroll",
    oncePerFrame(() => cases.isKnown && paint(cases)),
    true,
  )
  on(document, "preferences-changed", () => {
    cases.prefer()
    cases.show()
  })
}

/** However often it is called within a frame. @param {() => unknown} work */
function oncePerFrame(work) {
  let frame = 0
  return () => {
    frame ||= requestAnimationFrame(() => {
      frame = 0
      work()
    })
  }
}

function stopOpen(event, cases) {
  if (!cases.isKnown || !cases.board.open.length) return
  event.preventDefault()
  showOpen(cases)
}

/** From the article, by a key of its own. */
function enterByKey(event, desk, cases) {
  const notation = notationOf(event)
  const isHere = desk.text.contains(event.target) && !desk.held && !event.defaultPrevented
  if (!notation || !isHere) return
  const [binding] = cases.articleKeymap.bindingsOf(notation)
  if (binding?.action !== "cases") return
  event.preventDefault()
  cases.enter()
}
