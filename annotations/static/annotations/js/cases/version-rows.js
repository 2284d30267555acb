import { keyCap } from "../dom/key-caps.js"
import { h, key, quoted, shortened } from "../dom/html.js"
import { filled, gettext } from "../lib/words.js"
import { settledOf } from "./decision-rows.js"
import { attributesIn, piecesOf } from "./differing.js"
import { saidOf } from "./said-rows.js"
import {
  differenceOf,
  endWords,
  nameOfAttribute,
  nameOfValue,
  subjectOf,
  wordsOf,
} from "./telling.js"

/** @typedef {import("./adjudication.js").Adjudication} Adjudication */

/** How much is shown of words that all versions share, on each side of where they differ. */
const SHARED = 40

/** How many versions have a line of their own in the text. */
export const LINES = 5

/** What the case is about, and each version with who has it. @param {Adjudication} cases */
export function versionsOf(cases) {
  const { current, schema, order, board } = cases
  const { settlement, status } = board.standing(current)
  const colour =
    current.kind === "span" ? schema.label(current.versions[0].span.label)?.colour : "accent"
  return h(
    "section",
    { class: "case-versions", "data-colour": colour, "aria-labelledby": "case-subject" },
    h(
      "h3",
      { class: "case-subject", id: "case-subject" },
      h("span", { class: "tag" }, subjectOf(current, schema)),
      " ",
      h("span", { class: "case-differs" }, differenceOf(current, schema)),
    ),
    current.kind === "relation" && fromOf(cases),
    settlement && settledOf(cases, settlement),
    status === "changed" &&
      h(
        "p",
        { class: "case-changed small" },
        gettext("Changed since it was settled: please look again."),
      ),
    status === "void" &&
      h(
        "p",
        { class: "muted small" },
        gettext("Void: it would begin or end at a case that was settled as none."),
      ),
    !settlement &&
      status !== "void" &&
      !board.isReady(current) &&
      h(
        "p",
        { class: "muted small" },
        gettext("This waits until the cases at its ends are settled."),
      ),
    h(
      "ol",
      { class: "case-list-of-versions" },
      ...order.map((index, place) => versionOf(cases, index, place)),
    ),
    missingOf(cases),
    standingOf(cases),
    relatedOf(cases),
  )
}

/** The cases of relations that begin here. */
function relatedOf(cases) {
  const { board, current, schema } = cases
  const related = board.cases.filter(({ from }) => from === current.id)
  if (!related.length) return null
  return h(
    "p",
    { class: "case-related small" },
    h("span", { class: "muted" }, `${gettext("Relations")}: `),
    ...related.map((one) =>
      h(
        "button",
        {
          type: "button",
          class: "choice",
          "data-focus": `related-${one.id}`,
          onclick: () => cases.go(one),
        },
        `${board.isOpen(one) ? "⚑" : "✓"} ${subjectOf(one, schema)}`,
        h("span", { class: "unseen" }, ` (${differenceOf(one, schema)})`),
      ),
    ),
  )
}

/** A relation begins somewhere: in few words. */
function fromOf({ board, current }) {
  const source = board.case(current.from)
  const words = source
    ? quoted(shortened(wordsOf(source.versions[0].span), 70))
    : gettext("the whole article")
  return h(
    "p",
    { class: "case-from small" },
    h("span", { class: "muted" }, `${gettext("From:")} `),
    h("bdi", {}, words),
  )
}

// --- a version

function versionOf(cases, index, place) {
  const { current, people, board, desk } = cases
  const version = current.versions[index]
  const { settlement } = board.standing(current)
  const isTaken = settlement?.decision === "take" && version.layers.includes(settlement.took)
  const who = version.layers.map((layer) => whoOf(people, layer))
  const inside = current.kind === "span" ? spanParts(cases, version) : relationParts(cases, version)
  return h(
    "li",
    { class: "case-version", "data-chosen": cases.chosen === place, "data-taken": isTaken },
    h(
      "button",
      {
        type: "button",
        class: "case-take",
        disabled: !desk.editable,
        "data-focus": `version-${place}`,
        onclick: () => cases.act("take", { key: String(place + 1) }),
      },
      h(
        "span",
        { class: "case-who" },
        h(
          "span",
          { class: "unseen" },
          `${filled(gettext("Take version %(number)s:"), { number: place + 1 })} `,
        ),
        place < 9 ? key(String(place + 1)) : null,
        place < LINES &&
          h("i", { class: "case-line", "data-line": String(place + 1), "aria-hidden": "true" }),
        h("span", { class: "case-names" }, ...who),
        isTaken && h("span", { class: "chip chip-good" }, gettext("taken")),
      ),
      ...inside,
    ),
    saidOf(cases, version),
  )
}

/** A name, and the letters that stand for it in the text. */
function whoOf(people, layer) {
  const letters = h(
    "b",
    { class: "case-initials", "aria-hidden": "true" },
    people.initialsOf(layer),
  )
  return h("span", { class: "case-name" }, letters, h("bdi", {}, people.nameOf(layer)), " ")
}

function spanParts(cases, { span }) {
  const { current, desk, schema } = cases
  const fragments = current.versions.map((version) => version.span.fragments)
  const slice = (start, end) => desk.session.article.slice(start, end)
  const pieces = piecesOf(span.fragments, fragments, slice)
  const label = schema.label(span.label)
  return [
    h(
      "span",
      { class: "case-words", dir: "auto", lang: desk.text.page.lang },
      ...marked(pieces.map(pieceOf), span.text[0]),
    ),
    h(
      "span",
      { class: "case-values" },
      current.differs.includes("label") && valueOf(gettext("label"), schema.nameOf(label), true),
      ...valuesOf(cases, span.label, span.attributes),
      label?.entity &&
        valueOf(gettext("means"), span.entity?.name ?? "—", current.differs.includes("entity")),
    ),
  ]
}

/** Quotation marks around words that bring none. @param {any[]} pieces @param {string} words */
const marked = (pieces, words) =>
  quoted(words).startsWith("“\u2068") ? ["“", ...pieces, "”"] : pieces

/** Words that not all have are underlined and bold; long stretches that all have are shortened.
 * @param {import("./differing.js").Piece} piece @param {number} place @param {any[]} all */
function pieceOf({ text, differs, gap }, place, all) {
  if (gap) return h("span", { class: "gap" }, " ⋯ ")
  if (differs)
    return h(
      "u",
      { class: "case-unlike" },
      all.length === 1 ? text : clipped(text, 160, place, all.length),
    )
  return clipped(text, SHARED, place, all.length)
}

/** The middle of long words goes; at the ends of the whole nothing stands beside them to compare. */
function clipped(text, most, place, count) {
  const letters = [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment)
  if (letters.length <= most * 2 + 10) return text
  const [before, after] = [
    place > 0 || count === 1 ? most : most / 2,
    place < count - 1 || count === 1 ? most : most / 2,
  ]
  return `${letters.slice(0, before).join("")} … ${letters.slice(-after).join("")}`
}

function valuesOf({ current, schema }, owner, attributes) {
  const differing = attributesIn(current)
  const known = (schema.label(owner) ?? schema.relation(owner))?.attributes ?? []
  const shown = known.filter(({ key: name }) => name in attributes || differing.includes(name))
  return shown.map(({ key: name }) =>
    valueOf(
      nameOfAttribute(name, current, schema),
      nameOfValue(attributes[name], name, owner, schema),
      differing.includes(name),
    ),
  )
}

function valueOf(name, value, isUnlike) {
  return h(
    "span",
    { class: "case-value", "data-unlike": isUnlike },
    isUnlike && h("span", { class: "case-sign", title: gettext("differs") }, "≠"),
    isUnlike && h("span", { class: "unseen" }, `${gettext("differs")}: `),
    h("span", { class: "muted" }, `${name} `),
    h("bdi", {}, value),
    h("span", { class: "unseen" }, ". "),
  )
}

function relationParts(cases, { to, attributes }) {
  const { current, board } = cases
  const isUnlike = (place) =>
    !current.versions.every((version) => version.to.some((end) => sameEnd(end, to[place])))
  if (!to.length) return [h("span", { class: "case-words" }, "—")]
  return to.map((end, place) =>
    h(
      "span",
      { class: "case-end" },
      h("span", { "aria-hidden": "true" }, "→ "),
      h(
        isUnlike(place) ? "u" : "span",
        { class: isUnlike(place) ? "case-unlike" : "case-like" },
        h("bdi", {}, endWords(cases, end)),
      ),
      board.endOf(end) === null &&
        h("span", { class: "muted" }, ` (${gettext("settled as none")})`),
      ...valuesOf(cases, current.type, attributes[place] ?? {}),
    ),
  )
}

const sameEnd = (one, other) => one.case === other.case && one.entity?.id === other.entity?.id

function missingOf({ current, people }) {
  if (!current.missing.length) return null
  const names = current.missing.map((layer) => people.nameOf(layer)).join(", ")
  return h(
    "p",
    { class: "case-missing small" },
    h("strong", {}, "∅ "),
    filled(gettext("None here: %(names)s"), { names }),
  )
}

/** What stands in gold without having been settled: made by hand. */
function standingOf(cases) {
  const { board, current, desk } = cases
  if (!board.isOpen(current) || !desk.editable) return null
  const span = current.kind === "span" ? board.spanOf(current) : null
  const relations = current.kind === "relation" ? board.relationsOf(current) : []
  if (!span && !relations.length) return null
  return h(
    "div",
    { class: "case-stands" },
    h(
      "button",
      {
        type: "button",
        class: "case-take",
        "data-focus": "adopt",
        onclick: () => cases.act("adopt"),
      },
      h(
        "span",
        { class: "case-who" },
        keyCap(cases.keymap, "case-adopt"),
        h("span", { class: "case-names" }, gettext("As it stands in the article now")),
      ),
      span
        ? standingSpan(cases, span)
        : h("span", { class: "case-words" }, standingEnds(cases, relations)),
    ),
  )
}

function standingSpan({ desk, current, schema }, span) {
  const label = schema.label(span.label)
  const values = label.attributes
    .filter(({ key: name }) => name in span.attributes)
    .map(({ key: name }) =>
      valueOf(
        nameOfAttribute(name, current, schema),
        nameOfValue(span.attributes[name], name, span.label, schema),
        false,
      ),
    )
  return h(
    "span",
    { class: "case-standing" },
    h("span", { class: "case-words" }, desk.describe(span)),
    h(
      "span",
      { class: "case-values" },
      ...values,
      span.entity && valueOf(gettext("means"), desk.entities[span.entity]?.name ?? "…", false),
    ),
  )
}

const standingEnds = ({ desk }, relations) =>
  relations
    .map(({ to }) =>
      to.span
        ? shortened(wordsOf(desk.session.span(to.span)), 40)
        : (desk.entities[to.entity]?.name ?? "…"),
    )
    .map((words) => `→ ${words}`)
    .join(" ")
