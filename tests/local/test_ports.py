"""The port of the web server is claimed once, by one."""

import socket
from collections.abc import Iterator

import pytest

from workbench.env import Refusal
from workbench.local import ports


@pytest.fixture
def claimed(port: int) -> Iterator[list[socket.socket]]:
    sockets = ports.claim("127.0.0.1", port, 2)
    yield sockets
    for each in sockets:
        each.close()


def test_all_workers_listen_on_one_port(claimed: list[socket.socket]) -> None:
    assert len({ports.port_of(each) for each in claimed}) == 1
    assert len(claimed) == 2


def test_a_port_that_is_claimed_is_claimed_by_nobody_else(claimed: list[socket.socket]) -> None:
    port = ports.port_of(claimed[0])

    others = ports.claim("127.0.0.1", port, 2)

    assert ports.port_of(others[0]) != port
    for each in others:
        each.close()


def test_who_connects_before_anybody_serves_waits(claimed: list[socket.socket]) -> None:
    with socket.create_connection(claimed[0].getsockname(), timeout=1) as client:
        client.sendall(b"patience")


def test_an_address_that_is_not_ours_is_refused() -> None:
    with pytest.raises(Refusal, match=r"Nothing can listen at 192\.0\.2\.1"):
        ports.claim("192.0.2.1", 8000, 1)
