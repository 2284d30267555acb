"""Networks of statements: who says what, and who agrees with whom. PURE: numbers in, numbers out.

A *statement* ties a row (an actor) to a column (a concept) with a *level* (for or against, how
strongly, or nothing). The measures are those of discourse network analysis: Leifeld, P. (2017),
"Discourse Network Analysis: Policy Debates as Dynamic Networks", Oxford Handbook of Political
Networks; as the program DNA 3 computes them, where that is no mistake. `design/dna.md` has the
formulas that the docstrings here name by its sections.

- `counting` takes statements one by one and keeps counts: never a text, never a statement.
- `duplicates` says what repeats what.
- `levels` is the scale of a qualifier; `cubes` the array X[row, column, level], as far as it is not 0.
- `two_mode` and `one_mode` make ties of a cube; `windows` and `kernels` are about time.

Names are whole numbers here: whoever calls knows what they stand for. Memory is bounded by the
number of *different* statements (`counting.Counted.most`); ties are made one row at a time.
"""
