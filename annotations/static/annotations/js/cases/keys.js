import { gettext } from "../lib/words.js"

/**
 * The keys of adjudication, as `lib/keymap.js` has those of the desk. They count while the panel of
 * cases has the focus: there the digits take versions, and labels keep them in the article.
 * @type {{title: () => string, bindings: import("../lib/keymap.js").Binding[]}[]}
 */
export const CASE_KEYMAP = [
  {
    title: () => gettext("Cases, while their panel has the focus"),
    bindings: [
      {
        id: "case-take",
        action: "take",
        keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9"],
        fixed: true,
        says: () => gettext("Take that version into the gold layer"),
      },
      {
        id: "case-version-next",
        action: "version",
        keys: ["ArrowDown"],
        with: { step: 1 },
        says: () => gettext("Choose a version"),
        way: () => gettext("down"),
      },
      {
        id: "case-version-previous",
        action: "version",
        keys: ["ArrowUp"],
        with: { step: -1 },
        says: () => gettext("Choose a version"),
        way: () => gettext("up"),
      },
      {
        id: "case-take-chosen",
        action: "take-chosen",
        keys: ["Enter"],
        says: () => gettext("Take the version that is chosen"),
      },
      {
        id: "case-adopt",
        action: "adopt",
        keys: ["0"],
        says: () => gettext("Take what stands in the article now"),
      },
      {
        id: "case-merge",
        action: "merge",
        keys: ["m"],
        says: () => gettext("Merge: each field from the version that has it right"),
      },
      {
        id: "case-edit",
        action: "edit",
        keys: ["e"],
        says: () => gettext("Edit by hand, in the article"),
      },
      { id: "case-none", action: "none", keys: ["r"], says: () => gettext("None is right") },
      {
        id: "case-reopen",
        action: "reopen",
        keys: ["o"],
        says: () => gettext("Open a settled case again"),
      },
      {
        id: "case-equal",
        action: "equal",
        keys: ["a"],
        says: () => gettext("Take all that the annotators agree on"),
      },
      {
        id: "case-reason",
        action: "reason",
        keys: ["y"],
        says: () => gettext("Write the reason of the decision"),
      },
      {
        id: "case-note",
        action: "note",
        keys: ["n", "d"],
        says: () => gettext("Write a note, for the annotators or to discuss"),
      },
      {
        id: "case-ask",
        action: "ask",
        keys: ["q"],
        says: () => gettext("Ask the annotator of the version that is chosen"),
      },
      {
        id: "case-next-open",
        action: "step-open",
        keys: ["j"],
        with: { step: 1 },
        says: () => gettext("Next open case"),
      },
      {
        id: "case-previous-open",
        action: "step-open",
        keys: ["k"],
        with: { step: -1 },
        says: () => gettext("Previous open case"),
      },
      {
        id: "case-next",
        action: "step",
        keys: ["Shift+j"],
        with: { step: 1 },
        says: () => gettext("Next case, settled or open"),
      },
      {
        id: "case-previous",
        action: "step",
        keys: ["Shift+k"],
        with: { step: -1 },
        says: () => gettext("Previous case, settled or open"),
      },
      { id: "case-undo", action: "undo", keys: ["u", "z"], says: () => gettext("Undo") },
      {
        id: "case-redo",
        action: "redo",
        keys: ["Shift+u", "Shift+z"],
        says: () => gettext("Redo"),
      },
      { id: "case-say", action: "say", keys: ["i"], says: () => gettext("Say the case again") },
      {
        id: "case-leave",
        action: "leave",
        keys: ["p", "Escape"],
        says: () => gettext("To the article"),
      },
      { id: "case-help", action: "help", keys: ["?"], says: () => gettext("All keys") },
    ],
  },
]

/** The key that leads to the panel counts in the article, beside those of the desk. */
export const ARTICLE_KEYMAP = [
  {
    title: () => gettext("Cases, from the article"),
    bindings: [
      { id: "cases", action: "cases", keys: ["p"], says: () => gettext("To the panel of cases") },
    ],
  },
]

/** @type {import("../lib/keymap.js").Binding[]} */
export const CASE_BINDINGS = CASE_KEYMAP.flatMap(({ bindings }) => bindings)

/** @type {import("../lib/keymap.js").Binding[]} */
export const ARTICLE_BINDINGS = ARTICLE_KEYMAP.flatMap(({ bindings }) => bindings)
