/** The events that our scripts send to each other over the document. */
interface DocumentEventMap {
  "preferences-changed": CustomEvent<Record<string, any>>
  "preferences-chosen": CustomEvent<Record<string, any>>
  "theme-chosen": CustomEvent<string>
}
