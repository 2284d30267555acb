"""Our own scripts for those who only read them: read as a browser reads them, linked into few
files, and written as short as they can be without meaning anything else.

Names that no other file sees become a letter or two, comments and needless signs go. It knows the
forms we write (`grammar.py`) and refuses every other one with a ValueError that says where.
"""

from workbench.scripts.linking import bundled_scripts
from workbench.scripts.writing import shortened

__all__ = ["bundled_scripts", "shortened"]
