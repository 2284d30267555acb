"""Measures of agreement: pure numbers, no database, no Django.

Conventions of every module here: offsets are code points, half open; a figure that cannot be
computed is a `Score` without a value that says why, never 0, 1 or NaN; matching is one-to-one and
never drops a nested or repeated span; corpus figures are sums of per-article tallies, so that an
interval (resampling articles) is a weighted sum of the same tallies.
"""
