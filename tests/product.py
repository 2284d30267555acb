"""The whole product, started as a person starts it, in a state folder of its own."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
import psycopg

ROOT = Path(__file__).resolve().parents[1]
PARTS = {
    "web": r"workbench\.local\.web",
    "worker": r"celery",
    "postgres": r"/postgres -D|postgres.* -D",
    "valkey": r"valkey-server|redis-server",
}


@dataclass
class Product:
    state: Path
    port: int
    process: "subprocess.Popen[bytes]"

    @classmethod
    @contextmanager
    def started(cls, state: Path, *options: str, port: int = 8950) -> "Iterator[Product]":
        """It runs, healthy, until the block ends. `options` are those of the supervisor."""
        command = [sys.executable, "-m", "workbench.local", "run", "--port", str(port), *options]
        said = state / "said.log"
        with said.open("w") as output:
            process = subprocess.Popen(command, cwd=ROOT, env=environment(state), stdout=output)
        try:
            product = cls(state, _port(said), process)
            product.wait_until_healthy()
            yield product
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)

    def manage(self, *arguments: str) -> str:
        """What a management command printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment(self.state),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def kill(self, part: str) -> bool:
        """kill -9 of the first process of a part (and of a server's children with it)."""
        pattern = re.compile(PARTS[part])
        for child in self._family():
            if pattern.search(" ".join(child.cmdline())):
                os.kill(child.pid, signal.SIGKILL)
                return True
        return False

    def _family(self) -> list[psutil.Process]:
        marked = []
        for process in psutil.process_iter():
            try:
                told = process.environ().get("KUTIP_STATE") == str(self.state)
                # Valkey writes its title over its environment, but it stands in the folder.
                if told or Path(process.cwd()).is_relative_to(self.state):
                    marked.append(process)
            except psutil.Error:
                continue
        return sorted(marked, key=lambda process: process.create_time())

    def wait_until_healthy(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        said = ""
        while time.monotonic() < deadline:
            try:
                status, said = self._health()
                if status == 200:
                    return
            except (OSError, http.client.HTTPException) as error:
                said = str(error)
            time.sleep(0.2)
        raise AssertionError(f"not healthy after {seconds} s: {said}")

    def _health(self) -> tuple[int, str]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
            connection.request("GET", "/healthz")
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def query(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Rows of a query, as the owner of the tables."""
        where = _conninfo(self.state)
        with psycopg.connect(**where, autocommit=True) as connection:
            return connection.execute(query, parameters).fetchall()  # type: ignore[arg-type]

    def operations(self, assignment: int) -> list[str]:
        found = self.query("SELECT id FROM operation WHERE assignment_id = %s", assignment)
        return [str(row[0]) for row in found]

    def revision(self, assignment: int) -> int:
        return int(self.query("SELECT revision FROM assignment WHERE id = %s", assignment)[0][0])


@contextmanager
def product(*options: str, port: int = 8950) -> Iterator[Product]:
    """The product in a temporary folder. Not pytest's: each pytest that starts closes that to
    other accounts, PostgreSQL's too."""
    with TemporaryDirectory(prefix="kutip-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with Product.started(Path(folder), *options, port=port) as running:
            yield running


def environment(state: Path) -> dict[str, str]:
    keep = {
        k: v for k, v in os.environ.items() if not k.startswith(("KUTIP_", "PYTEST_", "DJANGO_"))
    }
    for name in ("DATABASE_URL", "CELERY_BROKER_URL"):
        keep.pop(name, None)
    return keep | {"KUTIP_STATE": str(state)}


def _port(said: Path) -> int:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if found := re.search(r"http://[^:]+:(\d+)/", said.read_text()):
            return int(found.group(1))
        time.sleep(0.1)
    raise AssertionError(f"the product did not start: {said.read_text()}")


WHERE = """
import json
from workbench.local import connections
print(json.dumps(connections.database_settings()["owner"]))
"""


def _conninfo(state: Path) -> dict[str, Any]:
    """Where the product's database is, asked of the code that runs it."""
    command = [sys.executable, "-c", WHERE]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(state), capture_output=True, text=True, check=True
    )
    row = json.loads(done.stdout)
    return {"dbname": row["NAME"], "user": row["USER"], "host": row["HOST"], "port": row["PORT"]}
