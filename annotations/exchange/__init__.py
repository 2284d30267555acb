"""What leaves and comes in: layers as kutip/1 lines.

Owns exports (frozen, checksummed files) and the loading of layers from files. Outgoing: one
snapshot of the database, one line per article, in constant memory. Incoming: a file is checked
whole before anything is written, then written by one or two loaders, and becomes visible in one
statement. Refuses a file at its first bad line, and an export whose offsets do not fit its texts.
May call every room below it; knows no HTTP.
"""
