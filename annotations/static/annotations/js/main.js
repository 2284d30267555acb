import { ArticleText } from "./elements/article-text.js"
import { EntityPicker } from "./elements/entity-picker.js"
import { LabelBar } from "./elements/label-bar.js"
import { LabelDesk } from "./elements/label-desk.js"
import { RelationWires } from "./elements/relation-wires.js"
import { SaveState } from "./elements/save-state.js"
import { SpanInspector } from "./elements/span-inspector.js"
import { SpanMinimap } from "./elements/span-minimap.js"

// the desk last: it finds its parts made
customElements.define("article-text", ArticleText)
customElements.define("entity-picker", EntityPicker)
customElements.define("label-bar", LabelBar)
customElements.define("relation-wires", RelationWires)
customElements.define("save-state", SaveState)
customElements.define("span-inspector", SpanInspector)
customElements.define("span-minimap", SpanMinimap)
customElements.define("label-desk", LabelDesk)
