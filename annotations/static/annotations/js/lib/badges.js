const SIGNS = { favor: "+", against: "−", neutral: "○", mixed: "±" }

/** The small letters at the beginning of a span: its label's, and the sign of its stance. */
export function badgeOf(span, label) {
  return (label?.letter ?? "?") + (SIGNS[span.attributes.polarity] ?? "")
}
