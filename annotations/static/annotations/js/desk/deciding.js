import { h, shortened } from "../dom/html.js"
import { filled, gettext, ngettext } from "../lib/words.js"
import { answer, ask } from "./dialogs.js"
import { objectWords } from "./wording.js"

/** Both versions of what was changed here and elsewhere. @returns {Promise<any>} the choice, or "" */
export function chooseVersion(desk, { clashing, operations }) {
  const mine = new Set(clashing)
  const touched = desk.draft.pending
    .filter(({ operation }) => mine.has(operation.id))
    .flatMap(({ changes }) => changes)
  const theirs = new Map(operations.flatMap(({ changes }) => changes).map((one) => [one.id, one]))
  const rows = [...new Map(touched.map((one) => [one.id, one])).values()]
    .filter(({ id }) => theirs.has(id))
    .map((one) => versions(desk, one, theirs.get(one.id)))
  const words = gettext(
    "This was changed in another browser as well. Which version should stay? Everything else you did is kept.",
  )
  return ask(
    gettext("Two versions"),
    [h("p", {}, words), ...rows],
    [
      answer("theirs", gettext("Keep the other")),
      answer("mine", gettext("Keep mine"), "button-primary"),
    ],
  )
}

function versions(desk, mine, theirs) {
  return h(
    "dl",
    { class: "versions" },
    h(
      "div",
      {},
      h("dt", { class: "overline" }, gettext("Mine")),
      h("dd", {}, describe(desk, mine)),
    ),
    h(
      "div",
      {},
      h("dt", { class: "overline" }, gettext("The other")),
      h("dd", {}, describe(desk, theirs)),
    ),
  )
}

function describe(desk, change) {
  const { kind, after: image } = change
  if (!image) return gettext("removed")
  if (kind !== "span") return objectWords(desk, change)
  const values = Object.values(image.attributes).join(", ")
  const entity = desk.entities[image.entity]?.name ?? ""
  return [
    desk.schema.nameOf(desk.schema.label(image.label)),
    `“${shortened(image.text.join(" ⋯ "), 120)}”`,
    values,
    entity,
  ]
    .filter(Boolean)
    .join(" · ")
}

/** Nothing more can be sent from here: offer the work as a file. */
export async function offerWork(desk) {
  const operations = desk.draft.pending.map(({ operation }) => operation)
  const words = gettext(
    "This article is no longer assigned to you, or waits in the trash, or somebody else has signed in in this browser. What you did is kept on this device and is sent by nobody else; you can save it as a file.",
  )
  const choice = await ask(
    gettext("Not yours any more"),
    [h("p", {}, words)],
    [
      answer("discard", gettext("Give it up"), "button-danger"),
      answer("again", gettext("Try again")),
      answer("file", gettext("Save as a file"), "button-primary"),
    ],
  )
  if (choice === "file") saveAsFile(operations, desk.state.assignment.id)
  if (choice === "again") await desk.sync.hurry()
  if (choice === "discard") await desk.sync.discard()
}

/** What the server refused, in a sentence, and what was kept. */
export function refusalWords({ error, message, operations, kept }) {
  const known = {
    storage: gettext(
      "This browser has no room to keep unsent changes. They are sent as long as this tab stays open.",
    ),
    gone: gettext("What this change was about is gone; it was left out."),
  }
  const reason =
    known[error] || message || gettext("The server refused this change; it was taken back.")
  const count = operations.length
  const lost =
    count > 1
      ? filled(
          ngettext("%(count)s change was taken back.", "%(count)s changes were taken back.", count),
          { count },
        )
      : ""
  const rest = kept
    ? filled(
        ngettext("%(count)s other change is kept.", "%(count)s other changes are kept.", kept),
        { count: kept },
      )
    : ""
  return [reason, lost, rest].filter(Boolean).join(" ")
}

/** @param {object[]} operations @param {number} assignment */
export function saveAsFile(operations, assignment) {
  const url = URL.createObjectURL(
    new Blob([JSON.stringify(operations, null, 1)], { type: "application/json" }),
  )
  h("a", { href: url, download: `kutip-${assignment}-operations.json` }).click()
  setTimeout(() => URL.revokeObjectURL(url), 1000)
}
