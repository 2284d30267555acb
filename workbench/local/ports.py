"""Claiming the port of the web server, once and for as long as the supervisor lives.

The supervisor listens itself and hands the sockets to the web child. So nobody can take the port
between the look and the claim, and while a killed web child starts anew, browsers wait instead of
being refused.
"""

import errno
import socket
from collections.abc import Iterator

from workbench.env import Refusal

BACKLOG = 1024
TRIES = 50  # ports to try, counted from the wanted one


def claim(host: str, wanted: int, workers: int) -> list[socket.socket]:
    """Listening sockets, one for each worker, all on one port: `wanted`, or the next free one.

    Connections are spread over them by the kernel (where it cannot, they are one socket).
    `Refusal` when the host is no address of ours, or no port near the wanted one is free.
    """
    for port in range(wanted, min(wanted + TRIES, 65_536)):
        first = _listen(host, port)
        if first:
            return [first, *_siblings(first, workers - 1)]
    raise Refusal(f"No port from {wanted} to {wanted + TRIES - 1} is free on {host}.")


def _listen(host: str, port: int) -> socket.socket | None:
    try:
        return _listener(*_address(host, port), shared=False)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return None
        raise Refusal(f"Nothing can listen at {host}, port {port}: {error.strerror}.") from error


def _address(host: str, port: int) -> tuple[socket.AddressFamily, tuple[object, ...]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise Refusal(f"KUTIP_HOST names no address: {host}.") from error
    return found[0][0], found[0][4]


def _listener(
    family: socket.AddressFamily, address: tuple[object, ...], *, shared: bool
) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Connections inherit it. Without it an answer in two packets waits 40 ms for a delayed
        # acknowledgement of the first.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if shared:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _siblings(first: socket.socket, count: int) -> Iterator[socket.socket]:
    # The first claimed the port without SO_REUSEPORT, so that of two claimants one is refused;
    # only then is it opened to its siblings.
    try:
        first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        yield from [_listener(first.family, first.getsockname(), shared=True) for _ in range(count)]
    except OSError:
        yield from [first] * count


def port_of(listener: socket.socket) -> int:
    """The port that the socket listens on."""
    return int(listener.getsockname()[1])
