import "./shell.js"

import { ArticleText } from "./elements/article-text.js"
import { EntityPicker } from "./elements/entity-picker.js"
import { LabelBar } from "./elements/label-bar.js"
import { LabelDesk } from "./elements/label-desk.js"
import { ReadingOptions } from "./elements/reading-options.js"
import { RelationWires } from "./elements/relation-wires.js"
import { SaveState } from "./elements/save-state.js"
import { SpanHandles } from "./elements/span-handles.js"
import { SpanInspector } from "./elements/span-inspector.js"
import { SpanList } from "./elements/span-list.js"
import { SpanMinimap } from "./elements/span-minimap.js"
import { SpanProposals } from "./elements/span-proposals.js"

// the desk last: it finds its parts made
customElements.define("article-text", ArticleText)
customElements.define("entity-picker", EntityPicker)
customElements.define("label-bar", LabelBar)
customElements.define("reading-options", ReadingOptions)
customElements.define("relation-wires", RelationWires)
customElements.define("save-state", SaveState)
customElements.define("span-handles", SpanHandles)
customElements.define("span-inspector", SpanInspector)
customElements.define("span-list", SpanList)
customElements.define("span-minimap", SpanMinimap)
customElements.define("span-proposals", SpanProposals)
customElements.define("label-desk", LabelDesk)
