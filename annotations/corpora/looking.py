"""A look into files before they are loaded: what they hold, and what a load would do."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import msgspec

from annotations.corpora.loading import Progress
from annotations.corpora.models import Corpus
from annotations.corpora.readers.columns import Wish
from annotations.corpora.readers.drafts import ArticleDraft, LineRefusal
from annotations.corpora.readers.heads import ROWS, Group, HeadRow, beginning, heads
from annotations.corpora.readers.sources import Source
from annotations.corpora.rehearsing import rehearse
from annotations.corpora.reports import LoadReport, Record
from annotations.jobs.models import Job, State

LOAD, LOOK = "load_articles", "survey_articles"
_LOADS_REMEMBERED = 50

Files = Sequence[Source | LineRefusal]


class Seen(msgspec.Struct):
    """What the files hold at their beginning, and the wishes under which they are read;
    `remembered` counts those that an earlier load had."""

    groups: list[Group] = []
    wishes: list[Wish] = []
    remembered: int = 0


class Look(msgspec.Struct):
    """All that a look found. `documents` are the first articles of files without columns, whose
    values stand under the names of fields."""

    seen: Seen
    documents: list[HeadRow]
    report: LoadReport


def first_sight(
    corpus: Corpus, files: Files, told: Sequence[Wish], tick: Callable[[], None]
) -> Seen:
    """Return how the files begin. Where nobody told what becomes of the columns of a group, they
    become what they did when files with the same were last loaded into the corpus."""
    groups = heads([file for file in files if isinstance(file, Source)], tick)
    names = {wish.names for wish in told}
    asked = [group for group in groups if group.wish_names not in names]
    before = remembered(corpus, asked)
    return Seen(groups, [*told, *before], len(before))


def look(corpus: Corpus, files: Files, seen: Seen, *, progress: Progress, journal: Record) -> Look:
    """Return what a load of the files would do, read as `seen` wishes. Nothing is written."""
    documents: list[HeadRow] = []
    tables = {row.file for group in seen.groups for row in group.rows}

    def see(draft: ArticleDraft) -> None:
        if len(documents) < ROWS and draft.place.file not in tables:
            documents.append(_document(draft))

    wished = [
        replace(file, wishes=tuple(seen.wishes)) if isinstance(file, Source) else file
        for file in files
    ]
    report = rehearse(corpus, wished, progress=progress, journal=journal, see=see)
    return Look(seen, documents, report)


def _document(draft: ArticleDraft) -> HeadRow:
    published = draft.published.isoformat() if draft.published else ""
    told = {"title": draft.title, "author": draft.author, "source": draft.source}
    values = {**told, "text": draft.text, "published": published}
    return HeadRow(
        draft.place.file,
        draft.place.line,
        {name: beginning(value) for name, value in values.items() if value},
        {"text": len(draft.text)},
    )


def remembered(corpus: Corpus, groups: Sequence[Group]) -> list[Wish]:
    """Return the wishes under which files with the same columns were last loaded, those that are
    known. One query."""
    loads = Job.objects.filter(kind=LOAD, args__corpus=corpus.pk, state=State.DONE)
    newest = loads.filter(args__has_key="wishes").order_by("-finished_at")[:_LOADS_REMEMBERED]
    past = [
        wish
        for wishes in newest.values_list("args__wishes", flat=True)
        for wish in msgspec.convert(wishes, list[Wish])
    ]
    found = (next((wish for wish in past if _is_for(wish, group)), None) for group in groups)
    return [wish for wish in found if wish is not None]


def _is_for(wish: Wish, group: Group) -> bool:
    """Whether the files had the same columns; objects, whose keys differ, all those it names."""
    same = wish.names == group.wish_names
    return same and bool(wish.columns) and wish.columns.keys() <= set(group.names)
