"""The keeper: a small process that owns the embedded servers of one state folder.

Its users (`make run`, every `manage.py` that needs a database, a test run) are connections to its
socket, so the kernel counts them: one that is killed counts as gone. When the last has gone the
servers are stopped and the keeper ends. It holds the lock file of the state folder all its life,
so there is one keeper at a time. A server that dies is started again; one that dies five times in
a minute ends the keeper, and with it every user's connection.

A user may name process groups. When it vanishes without a farewell the keeper ends them: what a
killed supervisor leaves behind does not stay (on Linux most of it has gone by itself by then).

A user's lines, each a JSON object:  {"need": [server, ...]} {"guard": n} {"release": n} {"bye": 1}
The keeper's lines:  {"ready": 1} {"failed": why} {"note": sentence} {"others": n}
"""

import contextlib
import json
import os
import selectors
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from workbench.env import Refusal
from workbench.local import paths, postgres, processes, valkey
from workbench.local.alarm import Alarm
from workbench.local.programs import GivenUp, Kept, Program, end_all

NOTE_AFTER = 3.0  # seconds of starting after which the users are told why they wait
READY_LIMIT = 900.0  # recovery after a crash of the machine may take minutes
GRACE = 3.0  # seconds that the process groups of a vanished user get to end by themselves


@dataclass(slots=True)
class User:
    """One connection: what it has half said, and the process groups it answers for."""

    connection: socket.socket
    heard: bytes = b""
    groups: set[int] = field(default_factory=set)

    def tell(self, **message: object) -> None:
        """The user gets the line; that one has gone is noticed when it is next read from."""
        try:
            self.connection.sendall(json.dumps(message).encode() + b"\n")
        except OSError:
            return


@dataclass(frozen=True, slots=True)
class Offer:
    """A server that users may ask for; `is_ready` is asked with its process id."""

    program: Program
    is_ready: Callable[[int], bool]


class Keeper:
    """All users and servers of one state folder. `run` returns when nothing is left to keep."""

    def __init__(self, *, starter: int, durable: bool) -> None:
        self._offered = {
            "valkey": Offer(valkey.program(), valkey.is_ready),
            "postgresql": Offer(postgres.program(durable=durable), postgres.is_ready),
        }
        self._users: dict[socket.socket, User] = {}
        self._kept: dict[str, Kept] = {}
        self._alarm = Alarm()
        self._farewells = False
        self._had_users = False
        self._starter = starter
        self._selector = selectors.DefaultSelector()
        self._listener = self._listen()
        self._selector.register(self._alarm, selectors.EVENT_READ)

    def _listen(self) -> socket.socket:
        path = paths.make_private_dir(paths.run_dir()) / "keeper.sock"
        path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.listen(64)
        listener.setblocking(False)
        self._selector.register(listener, selectors.EVENT_READ)
        return listener

    def run(self) -> None:
        """Serve until the last user has gone, a server is past saving, or a signal says stop."""
        try:
            while not self._is_stopping() and (self._users or self._is_awaited()):
                self._hear(self._selector.select(self._patience()))
                self._revive()
        except (GivenUp, Refusal) as why:
            self._tell_all(failed=str(why))
        finally:
            self._close()

    def _is_stopping(self) -> bool:
        return self._farewells or self._alarm.stops > 0

    def _is_awaited(self) -> bool:
        """The first user has not come yet, but the process that started us for it still lives."""
        return not self._had_users and os.getppid() == self._starter

    def _patience(self) -> float:
        return min((kept.patience() for kept in self._kept.values()), default=1.0)

    def _hear(self, events: list[tuple[selectors.SelectorKey, int]]) -> None:
        ready = [key.fileobj for key, _ in events]
        if self._alarm in ready:
            self._alarm.calm()
        # Those who left come before those who come: a new supervisor finds its predecessor's
        # children gone.
        for user in [user for user in self._users.values() if user.connection in ready]:
            self._read(user)
        if self._listener in ready:
            connection, _ = self._listener.accept()
            self._users[connection] = User(connection)
            self._had_users = True
            self._selector.register(connection, selectors.EVENT_READ)

    def _read(self, user: User) -> None:
        try:
            said = user.connection.recv(65536)
        except OSError:
            said = b""
        if not said:
            self._vanished(user)
            return
        *lines, user.heard = (user.heard + said).split(b"\n")
        for line in lines:
            self._obey(user, json.loads(line))

    def _obey(self, user: User, message: dict[str, object]) -> None:
        match message:
            case {"need": list(names)}:
                self._provide(user, names)
            case {"guard": int(group)}:
                user.groups.add(group)
            case {"release": int(group)}:
                user.groups.discard(group)
            case {"bye": _}:
                self._farewell(user)

    def _vanished(self, user: User) -> None:
        self._forget(user)
        processes.end_groups(user.groups, grace=GRACE)

    def _farewell(self, user: User) -> None:
        # The last one's connection stays open until we end: so it sees when all is down.
        if len(self._users) > 1:
            user.tell(others=len(self._users) - 1)
            self._forget(user)
            user.connection.close()
        else:
            self._farewells = True

    def _forget(self, user: User) -> None:
        self._selector.unregister(user.connection)
        del self._users[user.connection]

    def _provide(self, user: User, names: Sequence[str]) -> None:
        # In the order of the offer: Valkey, which takes no time, does not wait for PostgreSQL.
        wanted = [name for name in self._offered if name in names and name not in self._kept]
        try:
            for name in wanted:
                self._kept[name] = Kept.start(self._offered[name].program)
            for name in wanted:
                self._await(name)
        except (GivenUp, Refusal) as why:
            end_all([self._kept.pop(name) for name in wanted if name in self._kept])
            user.tell(failed=str(why))
        else:
            user.tell(ready=1)

    def _await(self, name: str) -> None:
        kept, begin, noted = self._kept[name], time.monotonic(), False
        while not self._offered[name].is_ready(kept.process.pid):
            waited = time.monotonic() - begin
            if kept.process.poll() is not None or waited > READY_LIMIT or self._is_stopping():
                raise GivenUp(kept.program, "did not start")
            if waited > NOTE_AFTER and not noted:
                self._tell_all(note=f"{kept.program.name} is recovering its data.")
                noted = True
            time.sleep(0.005)

    def _revive(self) -> None:
        for name, kept in self._kept.items():
            kept.has_died()
            if kept.is_due():
                kept.restart()
                # One that dies at its start is counted, and waited for, like any other.
                with contextlib.suppress(GivenUp):
                    self._await(name)

    def _tell_all(self, **message: object) -> None:
        for user in self._users.values():
            user.tell(**message)

    def _close(self) -> None:
        # Whoever connects from now on is turned away, and starts the next keeper when we are gone.
        (paths.run_dir() / "keeper.sock").unlink(missing_ok=True)
        self._listener.close()
        end_all(list(self._kept.values()))
        for folder in (paths.run_dir(), paths.postgres_socket_dir()):
            with contextlib.suppress(OSError):
                folder.rmdir()


def main() -> None:
    """Keep the servers of this state folder.

    Arguments: the lock's descriptor, the process that starts us (it may have gone by now), and 1
    or 0 for whether the data must survive a crash of the machine.
    """
    lock, starter, durable = map(int, sys.argv[1:])
    os.set_inheritable(lock, False)  # else the servers would hold the lock as well
    os.chdir("/")
    Keeper(starter=starter, durable=bool(durable)).run()


if __name__ == "__main__":
    main()
