"""The door to the embedded servers: inside `ensure()` the database and the queue answer."""

import contextlib
import fcntl
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from workbench.env import Refusal, secret
from workbench.local import connections, paths, preparation, processes

PATIENCE = 120.0  # seconds to wait while another keeper stops its servers


def to_stderr(sentence: str) -> None:
    """The person at the terminal reads the sentence."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


@dataclass(slots=True)
class Use:
    """Our place among the users of the servers, from `join` to `leave`."""

    connection: socket.socket
    keeper: subprocess.Popen[bytes] | None
    heard: bytes = b""

    def tell(self, **message: object) -> None:
        """The keeper gets the line, if there still is one."""
        with contextlib.suppress(OSError):
            self.connection.sendall(json.dumps(message).encode() + b"\n")

    def listen(self) -> dict[str, object]:
        """The keeper's next line, waiting for it; {} when the keeper has gone."""
        while b"\n" not in self.heard:
            try:
                said = self.connection.recv(65536)
            except OSError:
                return {}
            if not said:
                return {}
            self.heard += said
        line, _, self.heard = self.heard.partition(b"\n")
        message: dict[str, object] = json.loads(line)
        return message

    def leave(self) -> None:
        """We count no more. If we were the last, the servers are down."""
        self.tell(bye=1)
        while (message := self.listen()) and "others" not in message:
            continue
        self.connection.close()
        if not message:
            self.bury()

    def bury(self) -> None:
        """The keeper has gone; if we had started it, it leaves no process entry either."""
        self.connection.close()
        if self.keeper:
            self.keeper.wait()


@contextlib.contextmanager
def ensure(*, durable: bool = True) -> Iterator[None]:
    """Inside, every server that the settings name answers, and both roles exist.

    What no URL replaces is started, unless another process of this state folder has done so; it
    stops when the last user has left. A server that cannot be had is a `Refusal`. `durable=False`
    is for the databases of tests: a crash of the machine may damage a cluster started so.
    """
    with contextlib.ExitStack() as stack:
        if connections.embedded():
            use = join(connections.embedded(), durable=durable)
            stack.callback(use.leave)
        prepare()
        yield


def prepare() -> None:
    """Under a DATABASE_URL: the server is new enough, and the app role exists if it may."""
    url = secret("DATABASE_URL")
    if url:
        preparation.prepare(url)


def join(
    needed: Iterable[str], *, durable: bool = True, say: Callable[[str], None] = to_stderr
) -> Use:
    """We are a user of the servers, and those `needed` answer; a keeper was started if none ran.

    `Refusal`, with the end of the log, when a server cannot be had.
    """
    paths.make_state_dir()
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        use = _connect(durable)
        if use and _obtain(use, needed, say):
            return use
    raise Refusal(f"The servers of {paths.state_dir()} are neither up nor down; try again.")


def _connect(durable: bool) -> Use | None:
    connection = _call()
    if connection:
        return Use(connection, None)
    keeper = _start_keeper(durable)
    if keeper is None:
        time.sleep(0.01)  # somebody else's is starting or stopping
        return None
    return _first_call(keeper)


def _call() -> socket.socket | None:
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(paths.run_dir() / "keeper.sock"))
    except OSError:
        connection.close()
        return None
    return connection


def _start_keeper(durable: bool) -> subprocess.Popen[bytes] | None:
    """A new keeper that holds the lock file, or None while another process holds it."""
    lock = os.open(paths.state_dir() / "servers.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        log = paths.log_file("keeper")
        processes.trim_log(log)
        arguments = [str(lock), str(os.getpid()), str(int(durable))]
        with log.open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "workbench.local.keeper", *arguments],
                cwd=paths.CHECKOUT,
                env={**os.environ, "KUTIP_STATE": str(paths.state_dir())},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                pass_fds=(lock,),
            )
    except BlockingIOError:
        return None
    finally:
        os.close(lock)


def _first_call(keeper: subprocess.Popen[bytes]) -> Use:
    try:
        while keeper.poll() is None:
            connection = _call()
            if connection:
                return Use(connection, keeper)
            time.sleep(0.005)
    except BaseException:  # an interrupt: it would wait for us
        keeper.terminate()
        raise
    log = paths.log_file("keeper")
    raise Refusal(f"The keeper did not start; {log} ends:\n{processes.last_lines(log)}".rstrip())


def _obtain(use: Use, needed: Iterable[str], say: Callable[[str], None]) -> bool:
    """Whether the servers answer; False when this keeper ended meanwhile."""
    use.tell(need=sorted(needed))
    try:
        while message := use.listen():
            match message:
                case {"ready": _}:
                    return True
                case {"note": str(note)}:
                    say(note)
                case {"failed": str(why)}:
                    raise Refusal(why)
    except BaseException:  # an interrupt too: what was begun for us must not stay
        use.leave()
        raise
    use.bury()
    return False
