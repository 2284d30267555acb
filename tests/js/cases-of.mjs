import { Board } from "../../annotations/static/annotations/js/cases/board.js"
import { applied } from "../../annotations/static/annotations/js/cases/settling.js"
import { Layer } from "../../annotations/static/annotations/js/lib/layer.js"
import { atribusi } from "./schema-of.mjs"

export const TEXT = "“Kami siap,” kata Menteri Laras di Ampel."

/** A version of a span over [start, end), as these layers have it. */
export function version(layers, label, [start, end], { attributes = {}, entity = null } = {}) {
  const letters = [...TEXT]
  return {
    layers,
    members: layers.map((layer) => ({ layer, span: `${layer}-${label}-${start}-${end}` })),
    span: {
      label,
      fragments: [[start, end]],
      text: [letters.slice(start, end).join("")],
      attributes,
      entity,
    },
    remarks: [],
  }
}

/** A case of these versions, as the server tells it. */
export function spanCase(id, versions, { differs = ["extent"], missing = [] } = {}) {
  const ends = versions.flatMap(({ span }) => span.fragments[0])
  const range = [Math.min(...ends), Math.max(...ends)]
  const { label } = versions[0].span
  return { id, kind: "span", label, range, differs, equal: !differs.length, missing, versions }
}

/** A case of relations of a type; `ways` says where those of each layer go: a case, or {entity}. */
export function relationCase(id, type, from, ways, { differs = ["target"], range = [0, 1] } = {}) {
  const versions = ways.map(({ layers, to, attributes = [] }) => ({
    layers,
    members: layers.map((layer) => ({ layer, relation: `${layer}-${id}` })),
    to: to.map((end) => (typeof end === "string" ? { case: end } : end)),
    attributes,
  }))
  return {
    id,
    kind: "relation",
    type,
    from,
    range,
    differs,
    equal: !differs.length,
    missing: [],
    versions,
  }
}

/** The cases beside a gold layer that has nothing yet, or these objects. */
export const boardOf = (cases, objects = {}) => new Board(cases, new Layer(objects), atribusi)

/** The board once these operations are done. */
export const after = (board, made) => board.with(applied(board, made))

/** The spans of the gold layer in short: label, words, values. */
export const spansOf = ({ layer }) =>
  [...layer.spans.values()].map(({ label, text, attributes }) => [
    label,
    text.join("…"),
    attributes,
  ])

/** How each case stands. */
export const told = (board) =>
  Object.fromEntries(
    [...board.standings].map(([id, { status, settlement }]) => [
      id,
      settlement?.decision ?? status,
    ]),
  )
