import { keyName } from "../dom/key-caps.js"
import { h, icon } from "../dom/html.js"
import { request } from "../dom/requests.js"
import { moment } from "../lib/moments.js"
import { restore } from "../lib/operations.js"
import { filled, gettext, ngettext } from "../lib/words.js"
import { answer, ask } from "./dialogs.js"
import { objectWords } from "./wording.js"

/**
 * What was done to this layer, newest first, and a way back to any step of it. Going back is a step
 * itself: it can be undone, and what was left behind can be returned to.
 */
export async function showPast(desk) {
  await desk.settled(4000)
  const page = await read(desk)
  if (!page) return desk.warn(gettext("The server cannot be reached now."))
  const list = h("ol", { class: "past", tabindex: "0", "aria-label": gettext("Steps, newest first") })
  await fill(desk, list, page)
  const inside = page.groups.length ? list : h("p", {}, gettext("Nothing was done here yet."))
  const chosen = await ask(gettext("What was done here"), [inside], [answer("", gettext("Close"))])
  desk.focusBack()
  return chosen && goBack(desk, Number(chosen))
}

/** @param {any} desk @param {number} [before] only what was done before this revision */
async function read(desk, before) {
  const url = before === undefined ? desk.urls.history : `${desk.urls.history}?before=${before}`
  const { status, body } = await request(url)
  return status === 200 ? body : null
}

async function fill(desk, list, { groups, more, revision }) {
  list.querySelector(".past-more")?.remove()
  list.append(...groups.map((group) => rowOf(desk, group, revision)))
  if (more) list.append(moreOf(desk, list, groups.at(-1).operations[0].seq))
}

function moreOf(desk, list, before) {
  const button = h(
    "button",
    { type: "button", class: "button button-small", onclick: () => load() },
    gettext("Earlier steps"),
  )
  const load = async () => {
    const page = await read(desk, before)
    if (page) await fill(desk, list, page)
    else button.textContent = gettext("The server cannot be reached now. Try again.")
  }
  return h("li", { class: "past-more" }, button)
}

function rowOf(desk, group, revision) {
  const { seq, at, by, in_effect: inEffect } = group
  const isNow = seq === revision
  return h(
    "li",
    { class: "past-step", "data-undone": !inEffect },
    h(
      "span",
      { class: "past-words" },
      h("span", {}, stepWords(desk, group), !inEffect && h("em", {}, ` ${gettext("(undone)")}`)),
      h("span", { class: "muted small" }, `${by} · ${moment(at, desk.schema.language)}`),
    ),
    isNow
      ? h("span", { class: "chip chip-plain" }, gettext("now"))
      : desk.editable &&
          h(
            "button",
            {
              value: String(seq),
              class: "button button-small",
              title: gettext("Make the layer what it was after this step"),
            },
            icon("back"),
            gettext("Back to here"),
          ),
  )
}

/** One step in words: what was done to which words; of many, to how many. */
function stepWords(desk, { op, operations }) {
  const count = operations.reduce((sum, one) => sum + one.count, 0)
  const verb = desk.cases?.stepWords(operations) ?? (VERBS[op] ?? VERBS.mixed)()
  const [first] = operations[0].changes
  const what = first && objectWords(desk, first)
  const more =
    count > 1
      ? ` ${filled(ngettext("and %(count)s more change", "and %(count)s more changes", count - 1), { count: count - 1 })}`
      : ""
  return what ? `${verb}: ${what}${more}` : filled(ngettext("%(verb)s (%(count)s change)", "%(verb)s (%(count)s changes)", count), { verb, count })
}

const VERBS = {
  place: () => gettext("Labelled"),
  move: () => gettext("Resized"),
  retag: () => gettext("Relabelled"),
  set: () => gettext("Described"),
  link: () => gettext("Linked to the registry"),
  relate: () => gettext("Related"),
  unrelate: () => gettext("Relation removed"),
  remove: () => gettext("Removed"),
  note: () => gettext("Note"),
  flag: () => gettext("Flag"),
  waive: () => gettext("Waived or rejected"),
  undo: () => gettext("Undone"),
  redo: () => gettext("Redone"),
  restore: () => gettext("Went back"),
  load: () => gettext("Loaded from a file"),
  mixed: () => gettext("Several things"),
}

function goBack(desk, to) {
  desk.session.step(restore(to))
  desk.select(null)
  return desk.say(filled(gettext("Went back. %(key)s returns."), { key: keyName(desk.keymap, "undo") }))
}
