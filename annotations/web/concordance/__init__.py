"""Places under one another: the spans of a campaign, for whoever may see its results; and an
annotator's own places, to be labelled in a batch."""
