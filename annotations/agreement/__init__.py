"""How far annotators agree: measures, the counts they are summed from, and the runs that keep them.

Owns `AgreementRun` (one record: figures, what they were computed from, how), `AgreementPair` (what
one pair of layers of one article adds to the sums, at the revisions it was counted at; one without
counts waits to be counted), `AgreementKey` (what is counted, numbered), `AgreementState` (under
which identities entities were counted), `AgreementSum` (what some pairs add up to, in every
resample), `AgreementColumns` (what pages read of some pairs) and `AgreementArticle` (what all
layers of an article give together). `measures/` is pure numbers; `counted` says which layers count,
`layers` reads them, `pairs` and `working` count them on any number of workers; `standing` says
which counts can be summed, `kept` sums them and keeps the sums; `pieces` keeps the counts as
columns, `columns` gives them to pages; `together` counts all layers of an article at once,
`aligning` shares that among workers, `depth` and `clusters` compute what needs that; `cases` finds
the spans behind a number again, `parts` and `edges` sum parts and boundaries; `services` computes a
run; `methods` says in words how.

Layers are compared as they were submitted: an open or reopened layer does not count unless asked
for, the gold layer never does. Nothing of this room may reach an annotator of the campaign; the
doors enforce it (policy.SEE_AGREEMENT). May call assignments, spans, corpora, schema, jobs.
"""
