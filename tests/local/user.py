"""A user of the servers: says "in" when they are up, and leaves when its input ends."""

import sys

from workbench.env import Refusal
from workbench.local import servers

if __name__ == "__main__":
    try:
        with servers.ensure():
            sys.stdout.write("in\n")
            sys.stdout.flush()
            sys.stdin.read()
    except Refusal as refusal:
        sys.exit(str(refusal))
