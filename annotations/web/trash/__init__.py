"""The trash: corpora and campaigns deleted, and restored as they were."""
