/**
 * Remember the first block in sight of what scrolls, and how far into it one reads: called after
 * the text has changed its shape, what is returned brings that place back. Blocks that were not
 * drawn yet find their height a frame later, so it is brought back once more then.
 * @param {HTMLElement | null} pane
 * @returns {() => void}
 */
export function holdPlace(pane) {
  const block = pane && firstInSight(pane)
  if (!block) return () => {}
  const { top, height } = block.getBoundingClientRect()
  const read = (edgeOf(pane) - top) / height
  const back = () => {
    const now = block.getBoundingClientRect()
    pane.scrollTop += now.top + read * now.height - edgeOf(pane)
  }
  return () => {
    back()
    requestAnimationFrame(back)
  }
}

const edgeOf = (pane) => pane.getBoundingClientRect().top

/** Nothing is held at the very top: the head of the page stays in sight. */
function firstInSight(pane) {
  if (pane.scrollTop <= 0) return null
  const edge = edgeOf(pane)
  return [...pane.querySelectorAll("[data-start]")].find(
    (block) => block.getBoundingClientRect().bottom > edge + 1,
  )
}
