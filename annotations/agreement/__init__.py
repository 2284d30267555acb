"""How far annotators agree: measures, the tallies they are summed from, and the runs that keep them.

Owns `AgreementRun` (one record: figures, what they were computed from, how) and `AgreementTally`
(what one pair of layers of one article adds to the sums, at the revisions it was counted at).
`measures/` is pure numbers; `gather` decides which layers count and reads their spans; `services`
computes a run, counting only pairs whose layers changed; `methods` says in words how.

Layers are compared as they were submitted: an open or reopened layer does not count unless asked
for, the gold layer never does. Nothing of this room may reach an annotator of the campaign; the
doors enforce it (policy.SEE_AGREEMENT). May call assignments, spans, corpora, schema, jobs.
"""
