import { guideOf, wordsOfValue } from "./guide.js"
import { h, icon, key, shortened } from "./html.js"
import { NO_WORDS, wordsOf } from "../lib/naming.js"
import { CANNOT_TELL } from "../lib/schema.js"
import { filled, gettext } from "../lib/words.js"

/**
 * What the inspector shows of the selected span, in parts. `view` is what it stands in: session,
 * schema, editable, entities, and `ask(action, detail)` for what the person wants.
 * @typedef {{session: import("../lib/session.js").Session,
 *   remarks: import("../lib/remarks.js").Remarks, keymap: import("../lib/keymap.js").Keymap,
 *   schema: import("../lib/schema.js").Schema, editable: boolean, entities: Record<string, any>,
 *   picking: string, linking: string, urls: any,
 *   threads: Record<string, {words: string, url: string, waits: string}>, ask: (action: string, detail?: any) => void}} View
 */

/** The head and the words of a span. @param {View} view @param {any} span */
export function cardOf(view, span) {
  const label = view.schema.label(span.label)
  const [start, end] = [span.fragments[0][0], span.fragments.at(-1)[1]]
  return [
    h(
      "div",
      { class: "span-head" },
      h("span", { class: "tag" }, view.schema.nameOf(label)),
      h("span", { class: "muted number small" }, `${start}–${end}`),
      view.editable &&
        h(
          "button",
          {
            type: "button",
            class: "button button-quiet button-small span-remove",
            title: gettext("Remove the selected span"),
            onclick: () => view.ask("remove"),
          },
          icon("close"),
          h("span", { class: "unseen" }, gettext("Remove the selected span")),
          key("X"),
        ),
    ),
    h(
      "blockquote",
      { lang: view.session.article.blocks[0]?.language, dir: "auto" },
      ...piecesOf(view, span),
    ),
  ]
}

/** The fragments, each with a way to take it out when there are several. */
function piecesOf(view, span) {
  if (span.text.length === 1) return [shortened(span.text[0], 400)]
  return span.text.flatMap((text, index) => [
    index > 0 && h("span", { class: "gap" }, " ⋯ "),
    h("span", { class: "piece" }, shortened(text, 200)),
    view.editable &&
      h(
        "button",
        {
          type: "button",
          class: "piece-remove",
          "data-focus": `piece/${index}`,
          onclick: () => view.ask("remove-fragment", { index }),
          "aria-label": filled(gettext("Take out “%(text)s”"), { text: shortened(text, 30) }),
        },
        "✕",
      ),
  ])
}

/** A row of buttons for each attribute; pressing the pressed one unsets it. @param {View} view @param {any} span */
export function attributesOf(view, span) {
  const label = view.schema.label(span.label)
  return label.attributes.map((attribute) => {
    const guide = { title: view.schema.nameOf(attribute), now: span.attributes[attribute.key] }
    const id = `attribute-${attribute.key}`
    const lacks = attribute.required && !(attribute.key in span.attributes)
    return h(
      "div",
      { class: "attribute", "data-lacks": lacks },
      h(
        "span",
        { class: "attribute-name", id },
        view.schema.nameOf(attribute),
        lacks && h("em", {}, gettext("needed")),
      ),
      attribute.kind === "text"
        ? textOf(view, span, attribute, id)
        : choicesOf(view, span, attribute, id),
      ...guideOf(label, attribute, guide),
    )
  })
}

function choicesOf(view, span, attribute, id) {
  const label = view.schema.label(span.label)
  const now = span.attributes[attribute.key]
  const values = view.schema.valuesOf(attribute)
  const reached = Math.max(0, values.indexOf(now))
  const buttons = values.map((value, i) =>
    h(
      "button",
      {
        type: "button",
        class: "choice",
        "aria-pressed": String(value === now),
        disabled: !view.editable,
        tabindex: i === reached ? "0" : "-1",
        "data-focus": `${attribute.key}=${value}`,
        title:
          value === CANNOT_TELL ? gettext("cannot tell") : wordsOfValue(label, attribute, value),
        onclick: () => view.ask("choose", { attribute: attribute.key, value }),
      },
      nameOfValue(view.schema, attribute, value),
    ),
  )
  return h("div", { class: "choices", role: "group", "aria-labelledby": id }, ...buttons)
}

function nameOfValue(schema, attribute, value) {
  if (value === true) return gettext("yes")
  if (value === false) return gettext("no")
  if (value === CANNOT_TELL) return "?"
  return schema.nameOf(attribute.values.find(({ key: one }) => one === value))
}

function textOf(view, span, attribute, id) {
  const field = h("input", {
    class: "input",
    "aria-labelledby": id,
    maxlength: "2000",
    dir: "auto",
    disabled: !view.editable,
    "data-focus": attribute.key,
    onchange: () =>
      view.ask("write", { attribute: attribute.key, value: field.value.trim() || null }),
  })
  field.value = span.attributes[attribute.key] ?? ""
  return field
}

/** Who or what the span means, where its label has that. @param {View} view @param {any} span */
export function entityOf(view, span) {
  if (!view.schema.label(span.label).entity) return null
  const linked = view.entities[span.entity]
  const aliases = linked?.aliases?.length
    ? h(
        "p",
        { class: "muted small" },
        `${gettext("also")}: `,
        h("bdi", {}, linked.aliases.join(", ")),
      )
    : null
  return h(
    "div",
    { class: "attribute" },
    h("span", { class: "attribute-name" }, gettext("Registry"), key("@")),
    view.editable
      ? pickerOf(view, linked?.name ?? "", span)
      : h("p", {}, h("bdi", {}, linked?.name ?? "—")),
    aliases,
  )
}

/** @param {View} view @param {string} name @param {any} span */
export function pickerOf(view, name, span) {
  const picker = h("entity-picker")
  const words = span ? wordsOf(span, textAfter(view.session.article, span)) : NO_WORDS
  picker.show?.({ url: view.urls.entities, name, words, schema: view.schema })
  return picker
}

const NEAR = 60

/** A little of what stands after a span. */
function textAfter(article, { fragments }) {
  const [, end] = fragments.at(-1)
  return article.slice(end, Math.min(end + NEAR, article.length))
}
