import { h, icon, key, shortened } from "./html.js"
import { pickerOf } from "./span-card.js"
import { filled, gettext } from "../lib/words.js"

/** @typedef {import("./span-card.js").View} View */

/** One row for each role the span (null: the article) can have, filled or open. @param {View} view @param {any} span */
export function rolesOf(view, span) {
  const types = view.schema.relations.filter((type) =>
    span ? type.from.includes(span.label) : type.from_article,
  )
  return types.map((type) => rowOf(view, span, type))
}

function rowOf(view, span, type) {
  const made = [...view.session.layer.relations.values()].filter(
    ({ type: one, from }) => one === type.key && (span ? from.span === span.id : from.article),
  )
  const lacks = Boolean(span) && made.length < type.min
  return h(
    "li",
    { class: "role", "data-lacks": lacks },
    h(
      "span",
      { class: "role-name" },
      view.schema.nameOf(type),
      lacks && h("em", {}, gettext("needed")),
    ),
    h("span", { class: "role-ends" }, ...made.map((one) => endOf(view, one))),
    view.editable && waysOf(view, type),
    view.picking === type.key && pickerOf(view, "", null),
  )
}

function endOf(view, relation) {
  const span = view.session.span(relation.to.span)
  const name = span
    ? shortened(span.text.join(" ⋯ "), 34)
    : (view.entities[relation.to.entity]?.name ?? "…")
  const label = span && view.schema.label(span.label)
  const go = span ? () => view.ask("select", { id: span.id }) : null
  return h(
    "span",
    { class: "end", "data-colour": label?.colour },
    h(
      go ? "button" : "span",
      { type: go && "button", class: "end-name", onclick: go },
      h("bdi", {}, name),
    ),
    view.editable &&
      h(
        "button",
        {
          type: "button",
          class: "end-remove",
          "data-focus": `link-${relation.type}/${relation.id}`,
          "aria-label": filled(gettext("Remove %(relation)s: %(name)s"), {
            relation: view.schema.nameOf(view.schema.relation(relation.type)),
            name,
          }),
          onclick: () => view.ask("unrelate", { id: relation.id }),
        },
        "✕",
      ),
  )
}

/** The ways to fill a role: by a span of the article, or by an entity where that is allowed. */
function waysOf(view, type) {
  const name = view.schema.nameOf(type)
  return h(
    "span",
    { class: "role-ways" },
    h(
      "button",
      {
        type: "button",
        class: "end-add",
        "data-focus": `link-${type.key}`,
        title: gettext("Choose a span"),
        "aria-label": filled(gettext("Choose a span as %(relation)s"), { relation: name }),
        onclick: () => view.ask("link", { type }),
      },
      icon("plus"),
    ),
    type.to_entity &&
      h(
        "button",
        {
          type: "button",
          class: "end-add",
          title: gettext("Choose from the registry"),
          "aria-label": filled(gettext("Choose from the registry as %(relation)s"), {
            relation: name,
          }),
          onclick: () => view.ask("pick", { type }),
        },
        "@",
      ),
  )
}

/** What the span is to others: "speaker of …". @param {View} view @param {any} span */
export function usesOf(view, span) {
  return view.session.layer
    .relationsOf(span.id)
    .filter(({ to }) => to.span === span.id)
    .map((relation) => {
      const from = view.session.span(relation.from.span)
      const relationName = view.schema.nameOf(view.schema.relation(relation.type))
      const words = from ? shortened(from.text.join(" ⋯ "), 34) : gettext("the whole article")
      return h(
        "li",
        { class: "role role-use" },
        h(
          "span",
          { class: "role-name" },
          filled(gettext("%(relation)s of"), { relation: relationName }),
        ),
        h(
          "span",
          { class: "role-ends" },
          h(
            "span",
            { class: "end", "data-colour": from && view.schema.label(from.label).colour },
            h(
              from ? "button" : "span",
              {
                type: from && "button",
                class: "end-name",
                onclick: from && (() => view.ask("select", { id: from.id })),
              },
              h("bdi", {}, words),
            ),
          ),
        ),
      )
    })
}

/** The head of the relations. */
export const rolesHead = () => h("h2", { class: "overline" }, gettext("Relations"), " ", key("L"))
