"""`make run`: servers, web server, worker and sweeper in one foreground process.

Once, in this order: the state folder is ours alone, the port is claimed, web child and worker load
while the servers start, the web child does what is due (migrations, static files, the demo), and
when /healthz says so the address is shown and the sweeper follows. Whatever dies is started
again. A signal, or the end of the process that started us (`make`), ends everything.
"""

import json
import os
import selectors
import socket
import time
from contextlib import ExitStack, suppress

from workbench.env import Refusal, text
from workbench.local import (
    announcement,
    connections,
    launch,
    paths,
    ports,
    processes,
    running,
    servers,
)
from workbench.local.alarm import Alarm, Stopped
from workbench.local.children import CREW, WORKERS, Crew, Ties
from workbench.local.deaths import Deaths
from workbench.local.programs import GivenUp, Kept, Program, end_all
from workbench.local.welcome import Welcome

GRACE = 2.0  # seconds that what a dead child had started gets to end


def run(port: int, *, demo: bool, with_parent: bool = False, crew: Crew = CREW) -> int:
    """Kutip runs until a signal, or until it cannot go on; the exit status (0 after a signal)."""
    alarm = Alarm(raising=True)
    try:
        with running.alone(), ExitStack() as stack:
            supervisor = Supervisor(alarm, crew, demo=demo, with_parent=with_parent)
            stack.callback(supervisor.stop)
            supervisor.start(port)
            supervisor.keep()
    except Stopped:
        return 0
    except (GivenUp, Refusal) as why:
        servers.to_stderr(str(why))
        return 1
    return 0


class Supervisor:
    """The children of one run, and what has been said of them."""

    def __init__(self, alarm: Alarm, crew: Crew, *, demo: bool, with_parent: bool) -> None:
        self._alarm = alarm
        self._crew = crew
        self._demo = demo
        self._parent = os.getppid() if with_parent else None
        self._begin = time.monotonic()
        self._use: servers.Use | None = None
        self._keeper_deaths = Deaths()
        self._children: list[Kept] = []
        self._begun = False
        self._complete = False
        self._due: list[str] = []
        self._selector = selectors.DefaultSelector()
        self._selector.register(alarm, selectors.EVENT_READ, alarm.calm)

    def start(self, port: int) -> None:
        """All is there but the sweeper, which follows when the rest answers.

        Web and worker load while the servers start; they wait for them where they need them.
        """
        announcement.say(f"Kutip starts. Its state is in {paths.state_dir()}")
        connections.refuse_nonsense()
        self._claim(port)
        servers.prepare()  # before anybody reads which roles there are
        self._add(self._crew.web(self._ties, self._sockets, self._open_line))
        self._add(self._crew.worker(self._ties))
        self._join()
        self._due = launch.chores_due(demo=self._demo)
        self._alarm.raising = False  # from here on nothing may be interrupted half-way
        self._give_orders()

    def _join(self) -> None:
        self._use = servers.join(connections.embedded(), say=announcement.say)
        self._selector.register(self._use.connection, selectors.EVENT_READ, self._hear_keeper)
        for child in self._children:
            self._guard(child.process.pid)

    def _claim(self, port: int) -> None:
        host = text("KUTIP_HOST", default="127.0.0.1")
        self._sockets = ports.claim(host, port, WORKERS)
        claimed = ports.port_of(self._sockets[0])
        if claimed != port:
            announcement.say(f"Port {port} is taken; using {claimed}.")
        url = text("KUTIP_URL") or announcement.local_url(host, claimed)
        running.publish(url)
        self._welcome = Welcome(
            self._selector, self._sockets[0], url, begin=self._begin, demo=self._demo
        )
        own = {"KUTIP_STATE": str(paths.state_dir()), "KUTIP_URL": url, "PYTHONUNBUFFERED": "1"}
        self._ties = Ties({**os.environ, **own}, self._guard)

    def _add(self, program: Program) -> None:
        with self._alarm.held():
            child = Kept.start(program)
            self._children.append(child)

    def _guard(self, group: int) -> None:
        if self._use:
            self._use.tell(guard=group)

    def _open_line(self, line: socket.socket) -> None:
        self._line = line
        self._selector.register(line, selectors.EVENT_READ, lambda: self._hear_web(line))
        if self._begun:
            self._give_orders()

    def _give_orders(self) -> None:
        self._begun = True
        with suppress(OSError):  # it died: the next web child gets the same orders
            self._line.sendall(json.dumps(self._due).encode() + b"\n")

    def _hear_web(self, line: socket.socket) -> None:
        """The web child has done its chores, or died at them (then it says nothing)."""
        self._selector.unregister(line)
        said = b""
        with line, line.makefile("rb") as talk, suppress(OSError):
            said = talk.read()
        if said and self._due:
            self._welcome.first_admin = json.loads(said).get("first_admin_link", "")
            launch.note_done(self._due)
            self._due = []

    def keep(self) -> None:
        """Everything runs, whatever dies, until a signal or until our parent has gone."""
        while not self._alarm.stops and not self._abandoned():
            for key, _ in self._selector.select(self._patience()):
                key.data()
            for child in self._children:
                self._look_after(child)
            if not self._due:
                self._welcome.ask()
            if self._welcome.is_over and not self._complete:
                self._complete = True
                self._add(self._crew.sweeper(self._ties))

    def _abandoned(self) -> bool:
        return self._parent is not None and os.getppid() != self._parent

    def _patience(self) -> float:
        return min([self._welcome.patience(), *(child.patience() for child in self._children)])

    def _look_after(self, child: Kept) -> None:
        if child.has_died():
            self._mourn(child)
        if child.is_due():
            child.restart()

    def _mourn(self, child: Kept) -> None:
        group, status = child.process.pid, child.process.returncode
        processes.end_groups([group], grace=GRACE)
        if self._use:
            self._use.tell(release=group)
        if self._due and status > 0:
            raise GivenUp(child.program, "could not prepare this start")
        announcement.say(f"{child.program.name} died ({announcement.cause(status)}); starting it.")

    def _hear_keeper(self) -> None:
        """The keeper says why it gives up, or has gone: then another one is started."""
        if self._use is None:
            return
        message = self._use.listen()
        if "failed" in message:
            raise Refusal(str(message["failed"]))
        if not message:
            self._selector.unregister(self._use.connection)
            self._use.bury()
            self._keeper_deaths.count(time.monotonic())
            if self._keeper_deaths.too_many:
                raise Refusal("The keeper of the servers died five times in a minute.")
            announcement.say("The servers lost their keeper; starting them again.")
            self._alarm.raising = True
            self._join()
            self._alarm.raising = False

    def stop(self) -> None:
        """Nothing of ours runs any more. A second signal makes it faster."""
        self._alarm.raising = False
        if self._children:
            announcement.say("Stopping ...")
        first = self._alarm.stops
        end_all(self._children, hurried=lambda: self._alarm.stops > first)
        if self._use:
            self._use.leave()
