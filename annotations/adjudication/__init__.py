"""Where layers of an article differ, and how an adjudicator settles it into the gold layer.

Owns no table: a gold layer is an assignment of kind gold, and what was settled is said in it by
settlements (remarks of its layer). Pure: `clustering` finds which spans of different layers are one,
`cases` tells where they differ, `standing` what is settled, open or void by now, `rules` and `planning`
what is settled without anybody looking. `queries` reads the cases of a gold layer and where the
articles of a campaign stand, `articles` the same for lists; `services` hands out gold layers,
`preparing` and `together` settle by rule, `closing` submits. `decisions` reads what was settled, with
`versions` of what it was about. `corrections` tells what gold has otherwise than one layer (pure),
`corrected` reads it for whose layer that is.

Only submitted layers are compared. Nothing of this room may reach an annotator of the campaign but
what they are corrected in themselves, where the campaign shows that; the doors enforce it
(policy.ADJUDICATE, policy.SEE_OWN_AGAINST_GOLD). May call agreement, spans, assignments, registry,
history, jobs.
"""
