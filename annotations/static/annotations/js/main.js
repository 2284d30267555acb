import "./shell.js"

import { ArticleText } from "./elements/article-text.js"
import { LabelBar } from "./elements/label-bar.js"
import { LabelDesk } from "./elements/label-desk.js"
import { SaveState } from "./elements/save-state.js"
import { SpanInspector } from "./elements/span-inspector.js"

// the desk last: it finds its parts made
customElements.define("article-text", ArticleText)
customElements.define("label-bar", LabelBar)
customElements.define("save-state", SaveState)
customElements.define("span-inspector", SpanInspector)
customElements.define("label-desk", LabelDesk)
