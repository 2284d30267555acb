import { ReadingOptions } from "../elements/reading-options.js"
import { KeySettings } from "./key-settings.js"

customElements.define("reading-options", ReadingOptions)
customElements.define("key-settings", KeySettings)
