import { h } from "../dom/html.js"
import { request } from "../dom/requests.js"
import { filled, gettext, ngettext } from "../lib/words.js"
import { answer, ask } from "./dialogs.js"

/**
 * Submit the layer: nothing unsent, nothing required missing, warnings seen. Whatever stands in
 * the way is shown, each finding a way to its span.
 */
export async function submitLayer(desk) {
  if (!(await allSaved(desk))) return
  const { status, body } = await request(desk.urls.check)
  if (status !== 200)
    return desk.warn(gettext("The server cannot be reached now. Nothing was submitted."))
  const blocking = body.constraints.filter(({ severity }) => severity === "E")
  const warnings = body.constraints.filter(({ severity }) => severity !== "E")
  if (blocking.length) return showFindings(desk, blocking, warnings)
  if (await isSure(desk, warnings)) await close(desk)
  return undefined
}

async function allSaved(desk) {
  await desk.settled(4000)
  if (desk.sync.state === "saved") return true
  desk.warn(gettext("Some changes are not saved yet. The article can be submitted once they are."))
  return false
}

async function showFindings(desk, blocking, warnings) {
  const count = blocking.length
  const head = filled(
    ngettext("%(count)s thing is missing", "%(count)s things are missing", count),
    { count },
  )
  await ask(
    head,
    [listOf(desk, [...blocking, ...warnings])],
    [answer("", gettext("Back to the article"), "button-primary")],
  )
  desk.focusText()
}

async function isSure(desk, warnings) {
  const count = warnings.length
  const words = warnings.length
    ? [
        h("p", {}, gettext("These are only worth a look; you can submit all the same.")),
        listOf(desk, warnings),
      ]
    : [h("p", {}, gettext("After this you can read your work here, but no longer change it."))]
  const title = count
    ? filled(ngettext("Submit with %(count)s warning?", "Submit with %(count)s warnings?", count), {
        count,
      })
    : gettext("Submit this article?")
  return (
    (await ask(title, words, [
      answer("", gettext("Not yet")),
      answer("yes", gettext("Submit"), "button-primary"),
    ])) === "yes"
  )
}

function listOf(desk, findings) {
  return h("ul", { class: "findings" }, ...findings.map((finding) => rowOf(desk, finding)))
}

function rowOf(desk, { severity, span, message }) {
  const about = desk.session.span(span)
  const go = (event) => {
    event.target.closest("dialog").close("")
    desk.select(span, { reveal: true })
    desk.focusText()
  }
  return h(
    "li",
    { class: "finding", "data-severity": severity },
    h("span", {}, message),
    about &&
      h(
        "button",
        { type: "button", class: "button button-small", onclick: go },
        h("bdi", { class: "clip" }, desk.describe(about)),
      ),
  )
}

async function close(desk) {
  const { status, body } = await request(desk.urls.submit, {
    method: "POST",
    body: JSON.stringify({ base: desk.draft.revision }),
  })
  if (status === 422) return showFindings(desk, body.constraints, [])
  if (status !== 200)
    return desk.warn(body?.message ?? gettext("It was not submitted. Please try again."))
  const next = await ask(
    gettext("Submitted"),
    [h("p", {}, gettext("Thank you. Your work on this article is complete."))],
    [
      answer("stay", gettext("Stay here")),
      answer("next", gettext("Next article"), "button-primary"),
    ],
  )
  if (next === "next") desk.goOn()
  else location.reload()
  return undefined
}
