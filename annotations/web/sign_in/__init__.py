"""Signing in: allauth's pages in our look, one-time links, and setting a first password."""
