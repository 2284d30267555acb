"""`make run`, with tiny children: what it starts, says, restarts and leaves behind."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.local.conftest import Start, Started, eventually, processes_of, the

linux = pytest.mark.skipif(sys.platform != "linux", reason="needs PR_SET_PDEATHSIG and /proc")
WEB = "tests.local.tiny"


def health(port: int) -> int:
    """The status of /healthz; 0 when nobody answers."""
    web = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        web.request("GET", "/healthz")
        return web.getresponse().status
    except OSError:
        return 0
    finally:
        web.close()


def web_of(state: Path, supervisor: Started) -> int:
    """The process of the web child: the other one of the same module."""
    found = [pid for pid, words in processes_of(state).items() if WEB in words]
    return next(pid for pid in sorted(found) if pid != supervisor.process.pid)


def _found(state: Path, part: str) -> set[int]:
    return {pid for pid, words in processes_of(state).items() if part in words}


def run(start: Start, port: int, *arguments: str, **environment: str) -> Started:
    kutip = start("tiny", str(port), *arguments, **environment)
    kutip.says("Ctrl-C stops everything.")
    state = Path(os.environ["KUTIP_STATE"])
    assert eventually(lambda: len(_found(state, "sleep 601")) == 2)  # the sweeper comes last
    return kutip


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_serves_until_a_signal_and_leaves_nothing(
    start: Start, state: Path, port: int, number: signal.Signals
) -> None:
    kutip = run(start, port)
    assert f"http://127.0.0.1:{port}/" in "".join(kutip.said)
    assert health(port) == 200

    assert kutip.gets(number) == 0

    assert processes_of(state) == {}
    assert not (state / "running.json").exists()


@linux
def test_a_killed_supervisor_leaves_nothing(start: Start, state: Path, port: int) -> None:
    kutip = run(start, port)

    kutip.gets(signal.SIGKILL)

    assert eventually(lambda: not processes_of(state))
    assert run(start, port).gets(signal.SIGINT) == 0


@linux
def test_killed_together_with_its_web_child_it_leaves_nothing(
    start: Start, state: Path, port: int
) -> None:
    kutip = run(start, port)
    web = web_of(state, kutip)

    kutip.process.kill()
    os.kill(web, signal.SIGKILL)

    assert eventually(lambda: not processes_of(state))


def test_a_second_start_is_refused_with_the_address_of_the_first(
    start: Start, state: Path, port: int
) -> None:
    first = run(start, port)

    second = start("tiny", str(port))

    second.says(f"Kutip runs already: http://127.0.0.1:{port} ")
    assert second.ends() != 0
    assert health(port) == 200
    assert first.gets(signal.SIGINT) == 0


def test_a_taken_port_is_named_and_the_next_one_used(start: Start, state: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        kutip = start("tiny", str(port))
        kutip.says(f"Port {port} is taken; using ")
        kutip.says("Ctrl-C stops everything.")

        recorded = json.loads((state / "running.json").read_text())["url"]
        assert recorded != f"http://127.0.0.1:{port}"
        assert health(int(recorded.rpartition(":")[2])) == 200
        assert kutip.gets(signal.SIGINT) == 0


def test_a_killed_child_is_back_and_nobody_was_refused(
    start: Start, state: Path, port: int
) -> None:
    kutip = run(start, port)
    before = web_of(state, kutip)

    os.kill(before, signal.SIGKILL)

    assert health(port) == 200
    kutip.says("The web server died (signal SIGKILL); starting it.")
    assert web_of(state, kutip) != before
    assert kutip.gets(signal.SIGINT) == 0


def test_what_a_dead_child_had_started_is_ended(start: Start, state: Path, port: int) -> None:
    kutip = run(start, port)
    leader = the(state, "sleep 601")
    grandchild = next(
        pid for pid, words in processes_of(state).items() if "sleep 600" in words and pid != leader
    )

    os.kill(leader, signal.SIGKILL)

    kutip.says("starting it")
    assert eventually(lambda: grandchild not in processes_of(state))
    assert kutip.gets(signal.SIGINT) == 0


def test_five_deaths_in_a_minute_stop_everything(start: Start, state: Path, port: int) -> None:
    kutip = start("tiny", str(port), TINY_WEB="dies")

    kutip.says("The web server died five times in a minute.")

    assert kutip.ends() == 1
    assert processes_of(state) == {}


def test_a_start_that_cannot_be_prepared_shows_why(start: Start, state: Path, port: int) -> None:
    kutip = start("tiny", str(port), TINY_WEB="unprepared")

    kutip.says("The web server could not prepare this start.")
    kutip.says("the tables are upside down")

    assert kutip.ends() == 1
    assert processes_of(state) == {}


@linux
def test_interrupted_while_the_servers_come_back_it_leaves_nothing(
    start: Start, state: Path, port: int
) -> None:
    kutip = run(start, port)

    os.kill(the(state, "workbench.local.keeper"), signal.SIGKILL)
    kutip.says("The servers lost their keeper")

    assert kutip.gets(signal.SIGINT) == 0
    assert eventually(lambda: not processes_of(state), 3)


@linux
def test_killed_servers_and_a_killed_keeper_are_replaced(
    start: Start, state: Path, port: int
) -> None:
    kutip = run(start, port)

    before = the(state, "/postgres -D")

    os.kill(the(state, "workbench.local.keeper"), signal.SIGKILL)
    kutip.says("The servers lost their keeper")

    assert eventually(lambda: _found(state, "/postgres -D") - {before})
    assert kutip.gets(signal.SIGINT) == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://h/news"),
        ("CELERY_BROKER_URL", "http://h"),
        ("KUTIP_SECRET_KEY", "short"),
        ("KUTIP_HOST", "192.0.2.1"),
    ],
)
def test_nonsense_in_the_environment_is_one_line(
    start: Start, state: Path, port: int, name: str, value: str
) -> None:
    kutip = start("tiny", str(port), **{name: value})

    assert kutip.ends() == 1
    assert len(kutip.said) == 2
    assert processes_of(state) == {}


def test_it_ends_with_make(start: Start, state: Path, port: int) -> None:
    command = f"{sys.executable} -m tests.local.tiny {port} --with-parent; true"
    make = subprocess.Popen(["sh", "-c", command], stdout=subprocess.PIPE, text=True)
    try:
        assert make.stdout
        assert any("Ctrl-C stops everything" in line for line in make.stdout)

        make.kill()

        assert eventually(lambda: not processes_of(state))
    finally:
        make.communicate()
