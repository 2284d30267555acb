"""Measures of agreement: pure numbers, no database, no Django.

Conventions of every module here: offsets are code points, half open; a figure that cannot be
computed is a `Score` without a value that says why, never 0, 1 or NaN; matching is one-to-one and
never drops a nested or repeated span. Where a measure adds up, one function counts an article and
another computes the figure from summed counts, so that an interval (resampling articles) is a
weighted sum of the same counts.

| question | modules | adds up |
|---|---|---|
| which span is which | `spans`, `alignment`, `assignment` | |
| are they the same spans | `fscore`; counts in `tally` | yes |
| and where not, why | `funnel`, `boundaries` | yes |
| which spans a count is of | `behind` | |
| is the same text marked, beyond chance | `unitizing`, `stretches` | yes |
| the same by the formula of 1995 (legacy) | `unitizing_1995` | no |
| the same with overlap and nesting kept | `gamma` | by article |
| are the values the same | `coding`, `alpha`, `kappa`, `gwet`, `confusions` | yes |
| are the links the same | `relations`, `entities` | yes |
| which weeks, sources, languages are unlike | `groups` | yes |
| who is unlike the others | `annotators`; `dawid_skene`, `mace` | yes; no |
| all layers of an article at once | `together`; figures in `depth`, models in `trust` | yes |
| how sure is it | `bootstrap`, `doubts` | |
| is a difference more than chance | `permutation` (parts), `passes` (the same articles twice) | |
| all counts of an article | `tally`, `counting` | yes |
| all figures of a campaign | `questions`, `summing`, `study`, `estimates`, `values`, `links`, `figures` | |
"""
