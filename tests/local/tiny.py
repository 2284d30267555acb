"""A Kutip of a few lines: the real supervisor and servers, with children that load in no time.

`python -m tests.local.tiny PORT`; TINY_WEB=dies makes a web child that ends as soon as it serves,
TINY_WEB=unprepared one that fails at its chores.
"""

import json
import os
import signal
import socket
import sys
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer

from workbench.local import children, paths, processes, supervisor
from workbench.local.programs import Program


class Healthy(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = str(os.getpid()).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def web(line: str, *sockets: str) -> None:
    """The web child: takes its chores as done, then answers everything with its pid."""
    manner = os.environ.get("TINY_WEB")
    with socket.socket(fileno=int(line)) as talk:
        chores = json.loads(talk.recv(1000))
        if chores and manner == "unprepared":
            sys.exit("the tables are upside down")
        talk.sendall(b"{}")
    if manner == "dies":
        sys.exit(3)
    for number in sockets:
        server = HTTPServer(("", 0), Healthy, bind_and_activate=False)
        server.socket = socket.socket(fileno=int(number))
        threading.Thread(target=server.serve_forever).start()


def idler(name: str, ties: children.Ties) -> Program:
    """A child that does nothing, for ever, with a grandchild that does the same."""
    command = ["sh", "-c", f"sleep 600 & exec sleep 601 # {name}"]
    launch = partial(
        processes.spawn,
        command,
        log=paths.log_file(name),
        cwd=paths.CHECKOUT,
        death=signal.SIGTERM,
        env=ties.environment,
        at_birth=ties.guard,
    )
    return Program(f"The {name}", paths.log_file(name), launch, ((signal.SIGTERM, 2.0),))


CREW = children.Crew(
    web=partial(children.web, module="tests.local.tiny"),
    worker=partial(idler, "worker"),
    sweeper=partial(idler, "sweeper"),
)

if __name__ == "__main__":
    if len(sys.argv) > 2 and sys.argv[1].isdigit() and sys.argv[2] != "--with-parent":
        web(*sys.argv[1:])
    else:
        with_parent = "--with-parent" in sys.argv
        port = int(sys.argv[1])
        sys.exit(supervisor.run(port, demo=False, with_parent=with_parent, crew=CREW))
