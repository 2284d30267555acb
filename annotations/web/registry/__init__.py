"""Registries: who and what spans are linked to, under which names, and where they are mentioned."""
