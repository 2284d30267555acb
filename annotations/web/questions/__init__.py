"""Questions about annotators' layers, and the answers: for the annotator of a layer and for those who
adjudicate it (policy.DISCUSS), each under their own words for the other."""
