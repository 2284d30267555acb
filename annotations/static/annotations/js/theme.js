// Runs before the first paint (so it is no module) and keeps the root's data attributes true, from
// which styles take the theme and the look of the article. Signed in, the server has written them
// (data-account tells whose), and what it had not heard when it wrote them is in this browser; signed
// out, only the theme is remembered, here. Other scripts ask for a change by a "theme-chosen" or a
// "preferences-changed" event.
(() => {
  const KEY = "kutip-theme"
  const THEMES = ["light", "dark", "sepia", "contrast"]
  const root = document.documentElement
  const { account } = root.dataset
  const systemIsDark = matchMedia("(prefers-color-scheme: dark)")

  function kept(key) {
    try {
      return localStorage.getItem(key)
    } catch {
      return null
    }
  }

  function keep(choice) {
    try {
      localStorage.setItem(KEY, choice)
    } catch {
      // a browser without storage forgets the choice with the page
    }
  }

  function read(place) {
    try {
      return JSON.parse(kept(`${place}:${account}`)) ?? {}
    } catch {
      return {}
    }
  }

  // what the server heard after it was asked for this page, and what it has not heard yet
  function unwritten() {
    const { at, preferences } = read("kutip-settled")
    return { ...(at >= performance.timeOrigin && preferences), ...read("kutip-preferences") }
  }

  function show(choice) {
    const own = THEMES.includes(choice)
    root.dataset.themeChoice = own ? choice : "auto"
    root.dataset.theme = own ? choice : systemIsDark.matches ? "dark" : "light"
  }

  function look(preferences) {
    for (const [name, value] of Object.entries(preferences))
      if (name === "theme") show(value)
      else if (value !== null && typeof value !== "object")
        root.setAttribute(`data-${name.replaceAll("_", "-")}`, value)
  }

  document.addEventListener("theme-chosen", (event) => {
    keep(event.detail)
    show(event.detail)
  })
  document.addEventListener("preferences-changed", (event) => look(event.detail))
  addEventListener("storage", (event) => {
    if (!account && event.key === KEY) show(kept(KEY))
  })
  systemIsDark.addEventListener("change", () => show(root.dataset.themeChoice))
  show(account ? root.dataset.themeChoice : kept(KEY))
  if (account) look(unwritten())
})()
