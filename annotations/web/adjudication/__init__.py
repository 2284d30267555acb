"""Adjudication outside the desk: what stands where, whose it is, and what became of the differences."""
