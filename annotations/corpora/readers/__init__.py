"""Bytes in, article drafts out: pure, streaming, in constant memory.

`kinds.read` picks the reader by the file's name. Each reader yields an `ArticleDraft` or a
`LineRefusal` for every article of the file, in order; none of them stops at a bad line unless what
follows could no longer be trusted. A file's name is only ever shown, never used as a path.
"""
