"""Campaigns: who labels what, how far they are, and what needs the manager."""
