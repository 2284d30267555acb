"""Gamma: agreement that finds out by itself which unit is which, overlap and nesting kept.

Mathet, Widloecher and Metivier 2015, "The unified and holistic method gamma for inter-annotator
agreement measure and alignment", Computational Linguistics 41(3), 437-479; gamma-cat and gamma-k:
Mathet 2017, "The agreement measure gamma-cat: a complement to gamma focused on categorization of
a continuum", Computational Linguistics 43(3), 661-681.

`units` holds a continuum and how unlike two units are, `aligning` finds the best alignment,
`chance` draws continua at random, `measure` puts them together. Not additive: each article has a
best alignment and a chance of its own, and `measure.over_articles` weighs their disorders.
"""
