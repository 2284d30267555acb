"""What goes into an export: one record says it, pure functions do it to each line.

`record` is what may be chosen, `selecting` does it, with `merging` (majority and union),
`splitting` (train, dev, test), `hiding` (pseudonyms) and `units` (other offsets). All of these are
pure. `asking` knows the database: it refuses what a campaign does not have.
"""
