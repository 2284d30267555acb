import { h, key, quoted, shortened } from "../dom/html.js"
import { gettext } from "../lib/words.js"
import * as settling from "./settling.js"
import { nameOfAttribute, nameOfValue } from "./telling.js"

/**
 * The table of a merge: a row for each field, a column for each version. What is chosen in each row
 * becomes the gold span.
 * @param {import("./adjudication.js").Adjudication} cases
 */
export function mergeOf(cases) {
  const fields = fieldsOf(cases)
  const form = h(
    "form",
    {
      class: "case-merge",
      "aria-labelledby": "case-merge-title",
      onsubmit: (event) => finish(event, cases, fields),
    },
    h(
      "h3",
      { class: "overline", id: "case-merge-title" },
      gettext("Merge: each field from one version"),
    ),
    h(
      "div",
      { class: "case-table" },
      h(
        "table",
        {},
        headOf(cases),
        h("tbody", {}, ...fields.map((field, row) => rowOf(cases, field, row))),
      ),
    ),
    h("p", { class: "case-becomes small", role: "status" }),
    h(
      "div",
      { class: "row row-end" },
      h(
        "button",
        { type: "button", class: "button button-small", onclick: () => cases.act("leave") },
        gettext("Cancel"),
        key("Esc"),
      ),
      h("button", { class: "button button-small button-primary" }, gettext("Settle"), key("↵")),
    ),
  )
  const follow = () => showResult(form, cases, fields)
  form.addEventListener("change", follow)
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input")) return
    event.preventDefault()
    form.requestSubmit()
  })
  follow()
  return form
}

/**
 * What can be chosen apart: the words, the label, who is meant, and every attribute of the labels.
 * @typedef {{name: string, title: string, of: (shape: import("./standing.js").Shape) => unknown,
 *   words: (shape: import("./standing.js").Shape) => string}} Field
 * @returns {Field[]}
 */
function fieldsOf({ current, schema }) {
  const labels = [...new Set(current.versions.map(({ span }) => span.label))].map((one) =>
    schema.label(one),
  )
  const attributes = [...new Set(labels.flatMap((label) => label.attributes.map((one) => one.key)))]
  return [
    {
      name: "extent",
      title: gettext("extent"),
      of: (one) => one.fragments,
      words: (one) => shortened(one.text.join(" ⋯ "), 90),
    },
    {
      name: "label",
      title: gettext("label"),
      of: (one) => one.label,
      words: (one) => schema.nameOf(schema.label(one.label)),
    },
    ...(labels.some(({ entity }) => entity)
      ? [
          {
            name: "entity",
            title: gettext("who is meant"),
            of: (one) => one.entity?.id ?? null,
            words: (one) => one.entity?.name ?? "—",
          },
        ]
      : []),
    ...attributes.map((name) => ({
      name: `attribute-${name}`,
      title: nameOfAttribute(name, current, schema),
      of: (one) => one.attributes[name] ?? null,
      words: (one) => nameOfValue(one.attributes[name], name, one.label, schema),
    })),
  ]
}

function headOf({ order, current, people }) {
  const cells = order.map((index, place) =>
    h(
      "th",
      { scope: "col" },
      key(String(place + 1)),
      " ",
      h("span", { class: "unseen" }, String(place + 1)),
      current.versions[index].layers.map((layer) => people.initialsOf(layer)).join(", "),
    ),
  )
  return h("thead", {}, h("tr", {}, h("td", {}), ...cells))
}

function rowOf(cases, { name, title, of, words }, row) {
  const shapes = cases.order.map((index) => cases.current.versions[index].span)
  const told = shapes.map((shape) => JSON.stringify(of(shape)))
  const isUnlike = new Set(told).size > 1
  const cells = shapes.map((shape, place) => {
    const isFirst = place === cases.chosen
    const id = `merge-${name}-${place}`
    const box = h("input", {
      type: "radio",
      id,
      name,
      value: String(place),
      checked: isFirst,
      "data-place": String(place + 1),
      "data-focus": row === 0 && isFirst ? "merge" : id,
    })
    return h(
      "td",
      { "data-unlike": isUnlike },
      h("label", { for: id }, box, h("bdi", {}, words(shape))),
    )
  })
  return h(
    "tr",
    {},
    h(
      "th",
      { scope: "row" },
      title,
      isUnlike && " ",
      isUnlike && h("span", { class: "case-sign", title: gettext("differs") }, "≠"),
    ),
    ...cells,
  )
}

/** The span that is chosen in the table. @returns {import("./standing.js").Shape} */
function chosenIn(form, { order, current, schema }, fields) {
  const chosen = new FormData(form)
  const from = (name) => current.versions[order[Number(chosen.get(name) ?? 0)]].span
  const { label } = from("label")
  const { attributes, entity } = schema.label(label)
  const values = attributes
    .filter(({ key: name }) => fields.some((one) => one.name === `attribute-${name}`))
    .map(({ key: name }) => [name, from(`attribute-${name}`).attributes[name]])
    .filter(([, value]) => value !== undefined)
  const { fragments, text } = from("extent")
  return {
    label,
    fragments,
    text,
    attributes: Object.fromEntries(values),
    entity: entity ? from("entity").entity : null,
  }
}

function showResult(form, cases, fields) {
  const shape = chosenIn(form, cases, fields)
  const { schema } = cases
  const values = Object.entries(shape.attributes).map(([name, value]) =>
    nameOfValue(value, name, shape.label, schema),
  )
  const words = [
    schema.nameOf(schema.label(shape.label)),
    quoted(shortened(shape.text.join(" ⋯ "), 80)),
    ...values,
    shape.entity?.name,
  ]
  form.querySelector(".case-becomes").textContent = words.filter(Boolean).join(" · ")
}

function finish(event, cases, fields) {
  event.preventDefault()
  if (!cases.mayDecide()) return
  const shape = chosenIn(event.target, cases, fields)
  cases.settle((board, one) => settling.merge(board, one, shape, cases.reason))
}
