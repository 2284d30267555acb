"""Preferences: what a person sets for themselves, as a page and as a door for the desk."""
