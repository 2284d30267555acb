"""Corpora and their articles: making, reading, searching, loading."""
