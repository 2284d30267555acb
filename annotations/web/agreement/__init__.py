"""How far the annotators of a campaign agree: the newest run, what is behind it, a new one.

Never for who labels in the campaign (policy.SEE_AGREEMENT): everything here answers them 404, but
their own layers against gold, where the campaign lets them see that (`gold`).
"""
