"""kill -9 of every part in the middle of the work: no acknowledged operation and no job is lost.

The product runs as a person would start it. Annotators' programs send operations through the API
and write down what was acknowledged; the ledger is then compared with the layers.
"""

import http.client
import json
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.product import Product
from tests.product import product as running_product

ANNOTATORS = ("satu", "dua", "tiga")
TEXT = "Menteri Laras menolak usul itu. Warga pesisir bersorak di dermaga. " * 20
ROUND_SECONDS = 2.5


@dataclass
class Ledger(threading.Thread):
    """One annotator's program: it repeats an operation until it is acknowledged."""

    port: int
    token: str
    campaign: str
    acknowledged: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    assignment: int = 0
    revision: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def claim(self) -> None:
        status, answer = self.ask("POST", "/api/v1/assignments/next", {"campaign": self.campaign})
        assert status == 200, answer
        self.assignment, self.revision = int(answer["id"]), int(answer["revision"])

    def run(self) -> None:
        while not self.stop.is_set():
            start = len(self.sent) * 5 % (len(TEXT) - 10)
            span = {
                "id": str(uuid.uuid4()),
                "label": "ACTOR",
                "fragments": [[start, start + 7]],
                "text": [TEXT[start : start + 7]],
            }
            self._until_acknowledged({"id": str(uuid.uuid4()), "op": "place", "span": span})

    def _until_acknowledged(self, operation: dict[str, object]) -> None:
        self.sent.append(str(operation["id"]))
        while True:
            body = {"base": self.revision, "operations": [operation]}
            path = f"/api/v1/assignments/{self.assignment}/operations"
            try:
                status, answer = self.ask("POST", path, body)
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(0.05)
                continue
            if status == 200:
                self.revision = int(answer["revision"])
                self.acknowledged.append(str(operation["id"]))
                return
            if status < 500:
                self.faults.append(f"{status} {answer}")
                return
            time.sleep(0.05)

    def ask(self, method: str, path: str, body: object) -> tuple[int, dict[str, object]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
            connection.request(method, path, json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    with running_product("--no-demo") as running:
        yield running


@pytest.fixture(scope="module")
def ledgers(product: Product) -> list[Ledger]:
    for name in ANNOTATORS:
        product.manage("create_user", name, "--role", "annotator")
    article = product.state / "laras.txt"
    article.write_text(TEXT, encoding="utf-8")
    product.manage("load_articles", "chaos", str(article), "--create")
    names = ",".join(ANNOTATORS)
    product.manage(
        "create_campaign", "chaos", "--corpus", "chaos", "--annotators", names, "--overlap", "3"
    )
    tokens = [product.manage("create_token", name).split()[-1] for name in ANNOTATORS]
    return [Ledger(product.port, token, "chaos") for token in tokens]


def test_no_acknowledged_operation_is_lost(product: Product, ledgers: list[Ledger]) -> None:
    for ledger in ledgers:
        ledger.claim()
        ledger.start()
    killed = []
    for part in ("web", "postgres", "valkey", "worker"):
        time.sleep(ROUND_SECONDS / 2)
        killed.append(product.kill(part))
        time.sleep(ROUND_SECONDS / 2)
    product.wait_until_healthy()
    for ledger in ledgers:
        ledger.stop.set()
    for ledger in ledgers:
        ledger.join(30)
    assert all(killed), "every part was there to be killed"
    assert [ledger.faults for ledger in ledgers] == [[], [], []]
    for ledger in ledgers:
        stored = product.operations(ledger.assignment)
        assert len(ledger.acknowledged) > 20
        assert set(ledger.acknowledged) - set(stored) == set()
        assert set(stored) - set(ledger.sent) == set()
        assert len(stored) == len(set(stored)) == product.revision(ledger.assignment)


def test_a_job_survives_the_broker_and_the_worker(product: Product) -> None:
    product.wait_until_healthy()
    product.kill("valkey")
    job = product.query(
        """INSERT INTO job (id, kind, args, state, attempts, max_attempts, run_after, worker, done,
                  message, checkpoint, cancel_requested, error, created_at)
           SELECT gen_random_uuid(), 'agreement', jsonb_build_object('campaign', id), 'queued', 0, 3,
                  now(), '', 0, '', '{}', false, '', now() FROM campaign RETURNING id"""
    )[0][0]
    product.kill("worker")
    deadline = time.monotonic() + 60
    state = ""
    while time.monotonic() < deadline and state not in ("done", "failed"):
        state = str(product.query("SELECT state FROM job WHERE id = %s", job)[0][0])
        time.sleep(0.3)
    assert state in ("done", "failed"), "the job ended, so it was not lost"
    assert product.query("SELECT attempts FROM job WHERE id = %s", job)[0][0] >= 1
