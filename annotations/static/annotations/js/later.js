import { Assisting } from "./desk/assisting.js"
import { chooseRelation } from "./desk/choosing.js"
import { chooseVersion, offerWork, refusalWords } from "./desk/deciding.js"
import { showHelp } from "./desk/dialogs.js"
import { labelByQuote } from "./desk/quoting.js"
import { showRepeats } from "./desk/repeating.js"
import { showPast } from "./desk/reviewing.js"
import { signIn } from "./desk/signing-in.js"
import { submitLayer } from "./desk/submitting.js"
import { EntityPicker } from "./elements/entity-picker.js"
import { ReadingOptions } from "./elements/reading-options.js"
import { RelationWires } from "./elements/relation-wires.js"
import { SpanHandles } from "./elements/span-handles.js"
import { SpanList } from "./elements/span-list.js"
import { SpanMinimap } from "./elements/span-minimap.js"
import { SpanProposals } from "./elements/span-proposals.js"

customElements.define("entity-picker", EntityPicker)
customElements.define("reading-options", ReadingOptions)
customElements.define("relation-wires", RelationWires)
customElements.define("span-handles", SpanHandles)
customElements.define("span-list", SpanList)
customElements.define("span-minimap", SpanMinimap)
customElements.define("span-proposals", SpanProposals)

/** What nobody needs to begin to work at the desk; `desk/fetching.js` brings it a moment later. */
export const LATER = {
  Assisting,
  chooseRelation,
  chooseVersion,
  labelByQuote,
  offerWork,
  refusalWords,
  showHelp,
  showPast,
  showRepeats,
  signIn,
  submitLayer,
}
