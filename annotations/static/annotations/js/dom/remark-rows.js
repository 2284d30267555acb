import { h, icon } from "./html.js"
import { keyCap } from "./key-caps.js"
import { moment } from "../lib/moments.js"
import { CONFIDENCES, FLAGS, FLAG_NAMES } from "../lib/remarks.js"
import { filled, gettext } from "../lib/words.js"

export const MOST_IN_NOTE = 10_000

/**
 * What was said of a span, or (about: null) of the article: flags, confidence, notes, and a field
 * for another. What is written there and not kept yet stands in `drafts` while the panel changes.
 * @param {import("./span-card.js").View} view
 * @param {string | null} about
 * @param {Map<string, string>} drafts
 */
export function remarksOf(view, about, drafts) {
  const notes = view.remarks.notes(about)
  if (!view.editable && !view.remarks.count(about)) return null
  return h(
    "section",
    { class: "remarks", "aria-label": gettext("Remarks") },
    h("h2", { class: "overline" }, gettext("Remarks"), " ", view.editable && keyCap(view.keymap, "write-note")),
    h("div", { class: "remark-ways" }, flagsOf(view, about), confidenceOf(view, about)),
    notes.length > 0 && h("ol", { class: "notes" }, ...notes.map((note) => noteOf(view, note))),
    view.editable && fieldOf(view, about, drafts),
  )
}

function flagsOf(view, about) {
  const { flags } = view.remarks.flagged(about)
  const buttons = FLAGS.map((flag) =>
    h(
      "button",
      {
        type: "button",
        class: "choice choice-flag",
        "aria-pressed": String(flags.includes(flag)),
        disabled: !view.editable,
        "data-focus": `flag=${flag}`,
        onclick: () => view.ask("flag", { about, flag }),
      },
      icon("flag"),
      FLAG_NAMES[flag](),
    ),
  )
  return h("div", { class: "choices", role: "group", "aria-label": gettext("Flags") }, ...buttons)
}

function confidenceOf(view, about) {
  const { confidence } = view.remarks.flagged(about)
  const id = `confidence-${about ?? "article"}`
  const buttons = CONFIDENCES.map((one, index) =>
    h(
      "button",
      {
        type: "button",
        class: "choice",
        "aria-pressed": String(confidence === one),
        disabled: !view.editable,
        "data-focus": `confidence=${index}`,
        onclick: () => view.ask("rate", { about, confidence: one }),
      },
      CONFIDENCE_NAMES[one](),
    ),
  )
  return h(
    "div",
    { class: "attribute" },
    h("span", { class: "attribute-name", id }, gettext("Confidence")),
    h("div", { class: "choices", role: "group", "aria-labelledby": id }, ...buttons),
  )
}

/** How sure an annotator is, in words. */
export const CONFIDENCE_NAMES = {
  1: () => gettext("low"),
  2: () => gettext("medium"),
  3: () => gettext("high"),
}

function noteOf(view, note) {
  const words = h("p", { class: "note-words", dir: "auto" }, note.text)
  const who = [note.author, note.at ? moment(note.at, view.schema.language) : gettext("just now")].filter(Boolean)
  const row = h(
    "li",
    { class: "note" },
    words,
    h("p", { class: "muted small" }, who.join(" · ")),
    view.editable && h("span", { class: "note-ways" }, change(view, note, words), removal(view, note)),
  )
  return row
}

/** The words become a field; leaving it keeps what it says, Escape leaves them as they were. */
function change(view, note, words) {
  const open = () => {
    const field = area(note.text, () => view.ask("rewrite", { note, text: field.value }))
    field.setAttribute("aria-label", gettext("Note"))
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return
      event.stopPropagation()
      field.value = note.text
      field.replaceWith(words)
    })
    words.replaceWith(field)
    field.focus()
  }
  return way(gettext("Change this note"), "pencil", open, `change=${note.id}`)
}

const removal = (view, note) =>
  way(
    gettext("Remove this note"),
    "close",
    () => view.ask("rewrite", { note, text: "" }),
    `remove=${note.id}`,
  )

const way = (name, symbol, act, focus) =>
  h(
    "button",
    {
      type: "button",
      class: "button button-quiet button-small button-icon",
      title: name,
      "aria-label": name,
      "data-focus": focus,
      onclick: act,
    },
    icon(symbol),
  )

function fieldOf(view, about, drafts) {
  const key = about ?? ""
  const keep = () => {
    drafts.delete(key)
    view.ask("note", { about, text: field.value })
  }
  const field = area(drafts.get(key) ?? "", keep)
  field.placeholder = gettext("Add a note…")
  field.setAttribute("aria-label", about ? gettext("Note on this span") : gettext("Note on the article"))
  field.dataset.focus = "note"
  field.addEventListener("input", () => drafts.set(key, field.value))
  return field
}

/** A field for a note: Enter keeps what it says and leads back to the article, leaving it keeps it,
 * too; Shift+Enter begins a line. */
function area(text, keep) {
  const field = h("textarea", { class: "input note-field", rows: "1", maxlength: String(MOST_IN_NOTE), dir: "auto" })
  field.value = text
  field.addEventListener("change", keep)
  field.addEventListener("paste", (event) => tellIfCut(event, field))
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return
    event.preventDefault()
    field.dispatchEvent(new CustomEvent("panel-left", { bubbles: true }))
  })
  return field
}

/** The browser cuts what does not fit without a word. */
function tellIfCut({ clipboardData }, field) {
  const room = MOST_IN_NOTE - field.value.length
  if (clipboardData.getData("text").length <= room) return
  field.setCustomValidity(
    filled(gettext("A note holds %(most)s characters; the rest of what you pasted was left out."), {
      most: MOST_IN_NOTE,
    }),
  )
  field.reportValidity()
  field.addEventListener("input", () => field.setCustomValidity(""), { once: true })
}
