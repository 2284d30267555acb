// What the desk of a gold layer has beside what every desk has (main.js): the cases. No other page
// loads any of it.

import { accompany } from "./cases/accompanying.js"
import { CaseMarks } from "./cases/case-marks.js"
import { CaseOrigin } from "./cases/case-origin.js"
import { CasePanel } from "./cases/case-panel.js"

customElements.define("case-marks", CaseMarks)
customElements.define("case-origin", CaseOrigin)
customElements.define("case-panel", CasePanel)

accompany()
