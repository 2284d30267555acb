"""Exports: what leaves a campaign, and the layers that come into it from files."""
