"""Watching background work: its page, its progress as a fragment, and stopping it."""
