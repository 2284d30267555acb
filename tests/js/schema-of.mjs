import { readFileSync } from "node:fs"

import { Schema } from "../../annotations/static/annotations/js/lib/schema.js"

const file = new URL("../../annotations/schema/builtin/atribusi-1.0.json", import.meta.url)

/** The schema that comes with the product. */
export const atribusi = new Schema(JSON.parse(readFileSync(file)), "id")
