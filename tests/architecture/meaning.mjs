// Whether scripts mean as they are served what they mean as they are written, says TypeScript, which
// reads both by itself: the same statements and values, in which each name stands for the same thing.
// `node meaning.mjs TYPESCRIPT FOLDER`, in which `pairs.json` names them: files apart are
// `{written, served}`, those of a bundle `{entry, served, later: {written: served}}`.

import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join, resolve } from "node:path"

const [typescript, folder] = process.argv.slice(2)
const ts = createRequire(import.meta.url)(typescript)
const at = (name) => resolve(folder, name)
const told = JSON.parse(readFileSync(at("pairs.json"), "utf8"))
const bundles = told.bundles ?? []
const roots = [
  ...told.pairs.flatMap(({ written, served }) => [written, served]),
  ...bundles.flatMap(({ entry, served, later }) => [entry, served, ...Object.entries(later).flat()]),
].map(at)
const program = ts.createProgram(roots, {
  allowJs: true,
  noLib: true,
  types: [],
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleDetection: ts.ModuleDetectionKind.Force, // a bundle imports nothing, and is one all the same
})
const checker = program.getTypeChecker()
const K = ts.SyntaxKind

/** What a name stands for: where it was declared, through all imports; none for the browser's. */
function meaning(symbol) {
  const meant = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  return meant?.declarations?.length ? meant : null
}

const isProperty = ({ parent }, node) =>
  (parent.name === node &&
    [
      K.PropertyAccessExpression, K.PropertyAssignment, K.MethodDeclaration, K.PropertyDeclaration,
      K.GetAccessor, K.SetAccessor,
    ].includes(parent.kind)) || parent.propertyName === node

/** A file as a list of words and of what names stand for. */
class Reading {
  /** @param {boolean} linked imports and exports are no part of what is said */
  constructor(linked) {
    this.said = []
    this.linked = linked
    this.openings = []
  }

  all(nodes) {
    for (const node of nodes) this.one(node)
    return this
  }

  name(node, symbol = checker.getSymbolAtLocation(node)) {
    const meant = meaning(symbol)
    this.said.push(meant ? { meant, node } : node.text)
  }

  one(node) {
    const take = BY_KIND.get(node.kind)
    if (take) take.call(this, node)
    else this.plain(node)
  }

  plain(node) {
    this.said.push(K[node.kind])
    if (node.operator) this.said.push(K[node.operator])
    if (node.text !== undefined && node.kind !== K.SourceFile) this.said.push(node.rawText ?? node.text)
    ts.forEachChild(node, (child) => this.one(child))
    this.said.push("end")
  }

  ParenthesizedExpression({ expression }) {
    this.one(expression)
  }

  EmptyStatement() {}

  EndOfFileToken() {}

  ExportKeyword(node) {
    if (!this.linked) this.said.push(K[node.kind])
  }

  VariableStatement({ modifiers, declarationList: { flags, declarations } }) {
    for (const one of declarations) {
      this.said.push(flags & ts.NodeFlags.Const ? "const" : "let")
      this.all(modifiers ?? [])
      this.one(one)
    }
  }

  ImportDeclaration(node) {
    if (!this.linked) this.plain(node)
  }

  ImportSpecifier({ propertyName, name }) {
    this.said.push((propertyName ?? name).text)
    this.said.push({ meant: checker.getSymbolAtLocation(name), node: name })
  }

  Identifier(node) {
    if (isProperty(node, node)) this.said.push(node.text)
    else if (this.linked) this.name(node)
    else this.said.push(this.own(node))
  }

  /** What a name stands for within its file: not through imports. */
  own(node, symbol = checker.getSymbolAtLocation(node)) {
    return symbol?.declarations?.length ? { meant: symbol, node } : node.text
  }

  PrivateIdentifier(node) {
    this.said.push({ meant: checker.getSymbolAtLocation(node), node })
  }

  NumericLiteral({ text }) {
    this.said.push(Number(text))
  }

  ShorthandPropertyAssignment({ name, objectAssignmentInitializer }) {
    this.said.push("property", name.text)
    const symbol = checker.getShorthandAssignmentValueSymbol(name.parent)
    if (this.linked) this.name(name, symbol)
    else this.said.push(this.own(name, symbol))
    if (objectAssignmentInitializer) throw Error("a default in an assignment: not read yet")
  }

  PropertyAssignment({ name, initializer }) {
    this.said.push("property")
    this.one(name)
    this.one(initializer)
  }

  BindingElement({ dotDotDotToken, propertyName, name, initializer, parent }) {
    this.said.push("bind", Boolean(dotDotDotToken))
    if (propertyName) this.one(propertyName)
    else if (parent.kind === K.ObjectBindingPattern && !dotDotDotToken) this.said.push(name.text)
    this.one(name)
    if (initializer) this.said.push("or"), this.one(initializer)
  }

  /** `operations.place` of a whole module is what that module calls `place`. */
  PropertyAccessExpression(node) {
    const symbol = node.expression.kind === K.Identifier && checker.getSymbolAtLocation(node.expression)
    const isWhole = symbol && symbol.declarations?.[0]?.kind === K.NamespaceImport
    if (this.linked && isWhole) this.name(node.name)
    else this.plain(node)
  }

  /** `import("./later.js").then($ => $.open(…))` is `import("./later.js")`, with what is handed on. */
  CallExpression(node) {
    const [given] = node.arguments
    if (this.linked && given?.parameters?.[0]?.name.text === "$") {
      this.openings.push(given.body.arguments.map((one) => checker.getSymbolAtLocation(one)))
      this.one(node.expression.expression)
    } else if (this.linked && node.expression.kind === K.ImportKeyword) this.said.push("import")
    else this.plain(node)
  }
}

// by number: a number has several names in TypeScript, and tells the last
const BY_KIND = new Map(
  Object.getOwnPropertyNames(Reading.prototype)
    .filter((name) => name in K)
    .map((name) => [K[name], Reading.prototype[name]]),
)

/** What is said is the same, and each thing on one side is one on the other. */
function compare(name, written, served, same = new Map()) {
  const back = new Map([...same].map(([one, other]) => [other, one]))
  const text = (one) => (one?.node ? `${one.node.text} (${one.node.getSourceFile().fileName})` : one)
  for (let i = 0; i < Math.max(written.length, served.length); i += 1) {
    const [one, other] = [written[i], served[i]]
    const [a, b] = [one?.meant, other?.meant]
    if (a && b && !same.has(a) && !back.has(b)) {
      same.set(a, b)
      back.set(b, a)
    }
    if (a || b ? !a || !b || same.get(a) !== b || back.get(b) !== a : one !== other)
      throw Error(`${name}: ${text(one)} became ${text(other)}, after ${written.slice(i - 9, i).map(text)}`)
  }
  return same
}

const file = (name) => program.getSourceFile(at(name))

/** The modules that a module needs, and then itself. */
function* inOrder(name, begun) {
  if (begun.has(name)) return
  begun.add(name)
  for (const { kind, moduleSpecifier } of file(name).statements)
    if (kind === K.ImportDeclaration) yield* inOrder(join(dirname(name), moduleSpecifier.text), begun)
  yield name
}

function compareBundle({ entry, served, later }) {
  const begun = new Set()
  const reading = new Reading(true)
  for (const name of inOrder(entry, begun)) reading.all(file(name).statements)
  const opening = new Reading(true).all(file(served).statements)
  const first = compare(entry, reading.said, opening.said)
  Object.entries(later).forEach(([name, opened], number) => {
    const [{ parameters, body }] = file(opened).statements[0].declarationList.declarations.map(
      ({ initializer }) => initializer,
    )
    const back = new Map([...first].map(([one, other]) => [other, one]))
    const handed = opening.openings[number].map((symbol) => back.get(symbol))
    if (handed.length !== parameters.length) throw Error(`${name}: not all it needs is handed on`)
    const given = new Map(handed.map((one, i) => [one, checker.getSymbolAtLocation(parameters[i].name)]))
    const [told, here] = [new Reading(true), new Reading(true)]
    for (const one of inOrder(name, begun)) told.all(file(one).statements)
    here.all(body.statements.slice(0, -1))
    const same = compare(name, told.said, here.said, given)
    const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(file(name)))
    const returned = body.statements.at(-1).expression.properties
    if (exported.length !== returned.length) throw Error(`${name}: not all of it is returned`)
    for (const { name: key, initializer } of returned) {
      const wanted = exported.find((one) => one.name === key.text)
      if (same.get(wanted) !== checker.getSymbolAtLocation(initializer)) throw Error(`${name}: ${key.text}`)
    }
  })
}

for (const { written, served } of told.pairs) {
  const [one, other] = [written, served].map((name) => new Reading(false).all(file(name).statements))
  compare(written, one.said, other.said)
}
bundles.forEach(compareBundle)
const faults = program.getSyntacticDiagnostics().map(({ messageText, file: { fileName } }) => `${fileName}: ${messageText}`)
if (faults.length) throw Error(faults.join("\n"))
console.log(`${told.pairs.length} files and ${bundles.length} bundles mean the same`)
