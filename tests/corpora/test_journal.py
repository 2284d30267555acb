"""The full report of a load: what was marked stays, and another worker goes on behind it."""

import json
from pathlib import Path

import pytest

from annotations.corpora import journal as journals
from annotations.corpora import reports
from annotations.corpora.journal import Journal, JournalLost, Mark
from annotations.corpora.readers.drafts import ArticleDraft, LineRefusal, Place, Reason
from annotations.corpora.reports import LoadReport, Tally, report_from
from annotations.limits import Limits
from tests.corpora.reading import source


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "load.report.jsonl"


def kept(path: Path) -> list[int]:
    return [json.loads(line)["line"] for line in path.read_text().splitlines()]


def files(path: Path) -> list[str]:
    return sorted(file.name for file in path.parent.iterdir())


def marked(path: Path, *numbers: int) -> Mark:
    """A journal that was left after these lines were marked, and one more was written."""
    with Journal(path) as journal:
        for number in numbers:
            journal.record({"line": number})
        mark = journal.mark()
        journal.record({"line": 99})
    return mark


def test_a_journal_that_was_never_marked_leaves_nothing(path: Path) -> None:
    with Journal(path) as journal:
        journal.record({"line": 1})
    assert files(path) == []
    with Journal(path) as journal:
        journal.record({"line": 1})
        journal.publish()
    assert (files(path), kept(path)) == (["load.report.jsonl"], [1])


def test_another_one_goes_on_behind_the_mark(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journals, "_BLOCK", 7)
    mark = marked(path, 1, 2)
    with Journal(path, mark) as journal:
        journal.record({"line": 3})
        journal.publish()
    assert (kept(path), files(path)) == ([1, 2, 3], ["load.report.jsonl"])


def test_it_may_have_been_published_by_one_who_died_before_the_commit(path: Path) -> None:
    mark = marked(path, 1)
    with Journal(path, mark) as journal:
        journal.record({"line": 77})
        journal.publish()
    with Journal(path, mark) as journal:
        journal.record({"line": 2})
        journal.publish()
    assert kept(path) == [1, 2]


@pytest.mark.parametrize("size", [None, 5])
def test_a_journal_that_is_gone_or_cut_is_told_of(path: Path, size: int | None) -> None:
    mark = marked(path, 1)
    part = path.with_suffix(".part")
    if size is None:
        part.unlink()
    else:
        part.write_bytes(part.read_bytes()[:size])
    with pytest.raises(JournalLost), Journal(path, mark):
        pass


def test_one_that_was_thought_dead_neither_writes_into_the_next_nor_removes_it(path: Path) -> None:
    with Journal(path) as dead:
        dead.record({"line": 1})
        with Journal(path) as journal:
            journal.record({"line": 2})
            mark = journal.mark()
            dead.record({"line": 3})
    with Journal(path, mark) as journal:
        journal.publish()
    assert kept(path) == [2]


def test_lines_count_over_all_that_go_on(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journals, "LIMITS", Limits(refusals_kept=3))
    with Journal(path, marked(path, 1, 2)) as journal:
        for number in (3, 4):
            journal.record({"line": number})
        journal.publish()
    assert kept(path) == [1, 2, 3]


# --- the report --------------------------------------------------------------------------------


def draft(name: str) -> ArticleDraft:
    return ArticleDraft(Place(name, 1, 0), "utf-8", "a", b"a")


def refusal(name: str) -> LineRefusal:
    return LineRefusal(Place(name, 0, 0), Reason("zip_link"))


def counted(tally: Tally, *names: str) -> LoadReport:
    for name in names:
        tally.read(draft(name))
        tally.loaded(draft(name))
        tally.already(draft(name), appeared=name == "d.txt")
    return tally.report(kept=True)


def test_files_beyond_the_first_are_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those with articles stand before those that are refused whole, as ever."""
    monkeypatch.setattr(reports, "FILES_SHOWN", 2)
    opened = [refusal("r.txt"), refusal("r.txt"), *(source(f"{name}.txt", b"") for name in "abcd")]
    report = counted(Tally(lambda row: None, opened), "a.txt", "d.txt", "d.txt", "new.txt")
    assert [(file.name, file.loaded) for file in report.files] == [("a.txt", 1), ("b.txt", 0)]
    assert (report.loaded, report.already, report.appearances, report.file_count) == (4, 4, 2, 6)


def test_a_tally_goes_on_where_another_one_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "FILES_SHOWN", 3)
    names = ["a.txt", "b.txt", "c.txt", "d.txt"]

    def begun() -> tuple[Tally, list[Reason]]:
        sources = [source(name, b"") for name in names]
        return Tally(lambda row: None, [*sources, refusal("r.txt")]), sources[0].notes

    whole, notes = begun()
    notes.append(Reason("empty_rows", {"count": 2}))
    whole.refused(refusal("r.txt"))
    stored = report_from(counted(whole, "a.txt", "d.txt").as_json())
    second, notes = begun()
    second.go_on(stored)
    assert second.report(kept=True) == stored
    assert notes == [Reason("empty_rows", {"count": 2})]
    assert counted(second, "b.txt", "d.txt") == counted(whole, "b.txt", "d.txt")
