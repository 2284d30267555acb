"""What the annotator of a layer and those who adjudicate write to one another about it."""
