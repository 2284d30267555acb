"""The embedded Valkey: queue and cache, on a socket only, with its log on disk."""

import contextlib
import signal
import socket
from pathlib import Path

from workbench.local import binaries, paths, processes
from workbench.local.processes import wait_until
from workbench.local.programs import Process, Program

# A full queue refuses; it never drops a key to make room.
SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "save": "",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "maxmemory-policy": "noeviction",
    "daemonize": "no",
}
PATIENCE = 10.0


def program() -> Program:
    """Valkey with the data of this state folder."""
    return Program(
        name="Valkey",
        log=paths.log_file("valkey"),
        launch=_launch,
        ending=((signal.SIGTERM, 15),),
    )


def is_ready(_pid: int) -> bool:
    """The server on our socket has loaded its data and takes commands."""
    return _ask(b"PING\r\n").startswith(b"+PONG")


def socket_path() -> Path:
    """The socket of this state folder's Valkey."""
    return paths.run_dir() / "valkey.sock"


def _launch() -> Process:
    paths.make_private_dir(paths.run_dir())
    data = paths.state_dir() / "valkey"
    data.mkdir(mode=0o700, exist_ok=True)
    _end_leftover()
    options = [word for name, value in SETTINGS.items() for word in (f"--{name}", value)]
    return processes.spawn(
        [binaries.valkey_server(), *options, "--unixsocket", socket_path()],
        log=paths.log_file("valkey"),
        cwd=data,
        death=signal.SIGTERM,
    )


def _end_leftover() -> None:
    """No server answers on our socket: two on the same data would spoil it."""
    if not wait_until(lambda: not _ask(b"PING\r\n"), 2):
        _ask(b"SHUTDOWN\r\n")
        wait_until(lambda: not _ask(b"PING\r\n"), PATIENCE)
    socket_path().unlink(missing_ok=True)


def _ask(command: bytes) -> bytes:
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        connection.connect(str(socket_path()))
        connection.sendall(command)
        return connection.recv(64)
    return b""
