"""Suggestions: what a machine would label, and why. They wait for a person; nothing counts before.

PURE: a text, its language and the names of a registry go in, suggestions come out; no Django, no
database. `proposing.suggestions` is the whole door. Nothing here knows a layer: everybody who may
see the registry's names is offered the same (blindness).

- `words/` holds the cue lexicons and the small words around cues, one pair of files a language;
  `lexicon` reads them. A language without a lexicon gets quotation marks and names only.
- `tokens` cuts a text into words; `names` finds the registry's names in them, `runs` names that no
  registry knows; `mentions` joins both to who may speak.
- `cues` finds cues, `speakers` who stands by one; `reading` holds all that was found in a text.
- `marked` proposes what stands between quotation marks beside a cue, `around` what a speaking clause
  interrupts, `following` what follows a cue (`clauses`: how far), `leftover` all other marks.

Refuses nothing: hostile text costs time in proportion to its length, and at most
`LIMITS.suggestion_code_points` of it are looked at.
"""
