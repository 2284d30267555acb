"""Watching background work: its list, its page, its progress and log as fragments; stopping it and
trying it again."""
