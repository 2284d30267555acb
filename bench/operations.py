"""Saving one operation: how long alone, and how many a second with 16 clients.

Everything is on: session, CSRF, policy, every constraint of the database. Client, web server and
database share the machine. Run: `.venv/bin/python -m bench operations`
"""

import http.client
import json
import statistics
import threading
import time
import uuid
from pathlib import Path

from bench.serving import Site, session_cookies, set_up_django, site

CLIENTS = 16
SECONDS = 6.0
ROUNDS = 3
WORDS = "Menteri menolak usul itu karena warga pesisir belum diajak bicara sama sekali. "
PEERS = json.loads((Path(__file__).parent / "peers.json").read_text(encoding="utf-8"))


class Person(threading.Thread):
    """One annotator at one layer, saving one span after another."""

    def __init__(self, where: Site, assignment: int, cookie: str, text: str) -> None:
        super().__init__()
        self._where, self._assignment, self._cookie, self._text = where, assignment, cookie, text
        self._revision = 0
        self.times: list[float] = []
        self.until = 0.0

    def run(self) -> None:
        connection = http.client.HTTPConnection(self._where.host, self._where.port)
        while time.perf_counter() < self.until:
            self.times.append(self._save(connection))
        connection.close()

    def _save(self, connection: http.client.HTTPConnection) -> float:
        start = (len(self.times) * 7) % (len(self._text) - 20)
        span = {
            "id": str(uuid.uuid4()),
            "label": "ACTOR",
            "fragments": [[start, start + 12]],
            "text": [self._text[start : start + 12]],
        }
        operation = {"id": str(uuid.uuid4()), "op": "place", "span": span}
        body = json.dumps({"base": self._revision, "operations": [operation]})
        headers = {
            "Cookie": self._cookie,
            "X-CSRFToken": "a" * 32,
            "Content-Type": "application/json",
        }
        begun = time.perf_counter()
        connection.request("POST", f"/desk/{self._assignment}/operations", body, headers)
        answer = connection.getresponse()
        payload = json.loads(answer.read())
        took = time.perf_counter() - begun
        if answer.status != 200:
            raise SystemExit(f"{answer.status}: {payload}")
        self._revision = payload["revision"]
        return took


def main() -> None:
    with site() as where:
        set_up_django()
        layers, cookies, text = _layers()
        alone = Person(where, layers[-1], cookies[-1], text)
        alone.until = time.perf_counter() + SECONDS / 2
        alone.run()
        _say("one client", alone.times[20:], 1)
        rates = []
        people = [
            Person(where, layer, cookie, text)
            for layer, cookie in zip(layers[:CLIENTS], cookies[:CLIENTS], strict=True)
        ]
        for _ in range(ROUNDS):
            rates.append(_together(people))
            people = [_again(person) for person in people]
        rate = statistics.median(rates)
        best = PEERS["save_per_second_16_clients"]
        print(f"{CLIENTS} clients, median of {ROUNDS}: {rate:.0f} operations/s", end="; ")
        print(", ".join(f"{rate / figure:.1f}x {name}" for name, figure in best.items()))


def _together(people: list[Person]) -> float:
    begun = time.perf_counter()
    for person in people:
        person.until = begun + SECONDS
        person.start()
    for person in people:
        person.join()
    took = time.perf_counter() - begun
    times = [t for person in people for t in person.times]
    _say(f"{len(people)} clients", times, took)
    return len(times) / took


def _again(person: Person) -> Person:
    fresh = Person(person._where, person._assignment, person._cookie, person._text)
    fresh._revision = person._revision
    return fresh


def _say(who: str, times: list[float], took: float) -> None:
    cuts = statistics.quantiles(times, n=100)
    rate = f", {len(times) / took:.0f}/s" if took != 1 else ""
    print(f"{who}: p50 {cuts[49] * 1e3:.1f} ms, p95 {cuts[94] * 1e3:.1f} ms{rate}", flush=True)


def _layers() -> tuple[list[int], list[str], str]:
    """A running campaign in which 17 people each have the same article open."""
    from annotations.accounts.models import User
    from annotations.assignments import services as assignments
    from annotations.schema.services import find
    from tests import factories

    people: list[User] = [factories.user(f"bench{n}") for n in range(CLIENTS + 1)]
    corpus = factories.corpus("bench")
    text = (WORDS * 40)[:3000]
    factories.article(corpus, text)
    find("atribusi@1.0")
    campaign = factories.campaign(corpus, people)
    opened = [assignments.claim_next(campaign, person) for person in people]
    return [row.pk for row in opened if row], session_cookies(list(people)), text


if __name__ == "__main__":
    main()
