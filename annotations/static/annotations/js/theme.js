// Runs before the first paint (so it is no module): writes the theme the reader chose, or the
// one of their system, on the root. Other scripts ask for a change by a "theme-chosen" event.
(() => {
  const KEY = "kutip-theme"
  const root = document.documentElement
  const systemIsDark = matchMedia("(prefers-color-scheme: dark)")

  function chosen() {
    try {
      return localStorage.getItem(KEY) ?? "auto"
    } catch {
      return "auto"
    }
  }

  function keep(choice) {
    try {
      localStorage.setItem(KEY, choice)
    } catch {
      // a browser without storage forgets the choice with the page
    }
  }

  function show(choice) {
    const dark = choice === "dark" || (choice !== "light" && systemIsDark.matches)
    root.dataset.themeChoice = choice
    root.dataset.theme = dark ? "dark" : "light"
  }

  document.addEventListener("theme-chosen", (event) => {
    keep(event.detail)
    show(event.detail)
  })
  addEventListener("storage", (event) => {
    if (event.key === KEY) show(chosen())
  })
  systemIsDark.addEventListener("change", () => show(root.dataset.themeChoice))
  show(chosen())
})()
