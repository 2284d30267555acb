"""Writers of the formats of other tools: kutip/1 lines in, bytes out. Pure.

A writer streams article by article in constant memory, so that a snapshot can be converted at any
time, and gives the same bytes every time. What a format cannot hold is counted in a LossReport.
"""
