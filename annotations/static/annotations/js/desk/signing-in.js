import { h } from "../dom/html.js"
import { refreshForms, request } from "../dom/requests.js"
import { filled, gettext } from "../lib/words.js"
import { answer, ask } from "./dialogs.js"

/**
 * Sign in again over the page, as the person whose work this is; what they did meanwhile is kept
 * and sent afterwards. Resolves when they are in, or have put it off.
 */
export async function signIn(desk) {
  const { name } = desk.state.user
  const url = new URL(desk.saving.dataset.signIn, location.href)
  for (let fault = ""; ; ) {
    const password = await askPassword(name, url, fault)
    if (password === null) return desk.focusText()
    fault = await enter(url, name, password)
    if (!fault) return desk.sync.hurry()
  }
}

/** @returns {Promise<string>} why it failed, or "" */
async function enter({ pathname }, login, password) {
  const { status, body } = await request(pathname, {
    method: "POST",
    headers: {
      "Content-Type": "application/x-www-form-urlencoded",
      "X-Requested-With": "XMLHttpRequest",
    },
    body: new URLSearchParams({ login, password }).toString(),
  })
  if (status === 200) {
    refreshForms()
    return ""
  }
  return faultsOf(body)[0] ?? gettext("The server cannot be reached now. Your work is kept.")
}

const faultsOf = (body) => [
  ...(body?.form?.errors ?? []),
  ...Object.values(body?.form?.fields ?? {}).flatMap(({ errors }) => errors),
]

/** @returns {Promise<string | null>} null: not now */
async function askPassword(name, url, fault) {
  const field = h("input", {
    class: "input",
    id: "again-password",
    type: "password",
    autocomplete: "current-password",
    autofocus: true,
    "aria-describedby": fault && "again-fault",
  })
  const words = gettext(
    "You were signed out. What you did since is kept on this device, and is sent once you are signed in again as %(name)s.",
  )
  const choice = await ask(
    gettext("Sign in again"),
    [
      h("p", {}, filled(words, { name })),
      h("input", { hidden: true, autocomplete: "username", value: name, "aria-label": name }),
      h(
        "div",
        { class: "field" },
        h("label", { for: "again-password" }, gettext("Password")),
        field,
        fault && h("p", { class: "field-error", id: "again-fault", role: "alert" }, fault),
      ),
      h(
        "p",
        { class: "muted small" },
        h("a", { href: url.href, target: "_blank", rel: "opener" }, gettext("Or sign in on another page")),
      ),
    ],
    [answer("", gettext("Later")), answer("in", gettext("Sign in"), "button-primary")],
  )
  return choice === "in" ? field.value : null
}
