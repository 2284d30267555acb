// Stands inside the desk's page, so it is no module. The first frame is the article's
// (css/screens/frame.css). Once the article is on the screen the browser fetches the rest: the styles
// of what stands around it, and then, when all has been read, the scripts. What nobody sees before
// they ask comes as a text and is unfolded for them.
(() => {
  const root = document.documentElement
  // milliseconds until the rest follows without a paint: a tab in the background has none
  const MOST = 500

  /** What a template of the page holds. @param {string} id */
  const held = (id) =>
    document.importNode(/** @type {HTMLTemplateElement} */ (document.getElementById(id)).content, true)

  /** Resolves when all has been read. */
  const read = new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve))

  /** Resolves when the first words are on the screen. */
  const shown = new Promise((resolve) => {
    const isContent = ({ name }) => name === "first-contentful-paint"
    new PerformanceObserver((list) => list.getEntries().some(isContent) && resolve()).observe({
      type: "paint",
      buffered: true,
    })
    read.then(() => setTimeout(resolve, MOST))
  })

  /** Only now: what was asked for before would be received while the first frame is drawn. */
  const fetchRest = () => document.head.append(held("fetched"))

  /** Resolves when the styles are there, or will not come. */
  function addStyles() {
    const styles = held("styles")
    const came = [...styles.querySelectorAll("link")].map(
      (sheet) => new Promise((resolve) => (sheet.onload = sheet.onerror = resolve)),
    )
    document.head.append(styles)
    return Promise.all(came)
  }

  /** Resolves when the browser has drawn once more; where it draws nothing, a little later. */
  const drawn = () =>
    new Promise((resolve) => {
      requestAnimationFrame(() => setTimeout(resolve))
      setTimeout(resolve, MOST)
    })

  /** What is no element yet becomes one; where the page broke off there is nothing of it. */
  function unfold() {
    const folded = document.getElementById("desk-folded")
    if (folded) document.body.insertAdjacentHTML("beforeend", JSON.parse(folded.textContent))
  }

  /** They run in the order of the page. */
  function runScripts() {
    const scripts = held("scripts")
    for (const script of scripts.querySelectorAll("script")) script.async = false
    document.head.append(scripts)
  }

  async function open() {
    root.dataset.opening = ""
    await shown
    fetchRest()
    await addStyles()
    await drawn() // the styles for all that is there, and what was not drawn yet: not in one task
    delete root.dataset.opening
    await read
    unfold()
    runScripts()
  }

  open()
})()
