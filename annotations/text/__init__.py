"""Pure code about text: strings in, offsets out. Offsets are code points, ends are excluded.

Knows no Django and no database; every other room may import it, it imports none of them.
"""
