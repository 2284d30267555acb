"""The demo corpus: invented news, a registry of its actors, and two annotators' layers.

PURE: text files in this package go in, frozen dataclasses come out; no Django, no database.
`corpus.articles()` and `corpus.entities()` are the whole door. Every id is a uuid5, so the demo
is the same in every database. Refuses a badly spelled file with its name and line (`MisspelledError`).

`articles/NN-name.txt` holds one article: front matter, `---`, the text, and for some of them one
section per annotator, with spans spelled by the words they cover (`places` says how):

```
== siti ==
a1 ACTOR `Menteri Laras` form=name entity=laras
c1 CUE   `[kata] Menteri` verb_class=say
q1 QUOTE `“Kami ... laut,”` | `“dan ... pasar.”` type=direct SPEAKER=a1 CUED_BY=c1
s1 STANCE `antre di laut` polarity=against HOLDER=a1,@penulis TOWARD=t1
article VIA=a9
```

A small word before `=` is an attribute (`entity` links the registry), a capital one a relation to
spans of the same layer, or, with `@`, to an entity. `registry.txt` lists the entities.
"""
