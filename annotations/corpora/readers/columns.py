"""Which field of an article a column of a table, or a key of an object, holds.

People call the same thing by many names. A heading means a field when it is the field's own name or
one of the words below, whatever its case, blanks and signs. Where several mean the same field, the
field's own name comes first, then the others in the order of the words, then in that of the file;
the rest are kept in the metadata under their headings, and a note says so.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from annotations.corpora.readers.dates import Order
from annotations.corpora.readers.drafts import Reason, shown
from annotations.corpora.readers.fields import NAMES

KEPT = "+"
"""What a column becomes that is no field: it stands in the metadata under its heading."""
DROPPED = "-"
"""What a column becomes that is left out."""

_WORDS: Mapping[str, str] = {
    "text": "body content fulltext articletext articlebody bodytext maintext article story isi teks"
    " konten isiberita isiartikel teksberita teksartikel tekslengkap naskah artikel berita",
    "external_id": "id guid uid uuid articleid docid documentid idartikel idberita",
    "title": "headline judul judulberita judulartikel articletitle newstitle heading tajuk",
    "source": "outlet publisher publication newspaper sourcename sitename media sumber"
    " sumberberita koran suratkabar namamedia portal penerbit",
    "author": "authors byline authorname writer journalist reporter creator penulis wartawan"
    " jurnalis pengarang",
    "url": "link href permalink articleurl sourceurl weburl tautan linkberita urlberita",
    "published": "publishedat publishedon publisheddate publishdate datepublished publicationdate"
    " pubdate published_time date datetime timestamp tanggal tanggalterbit tanggalpublikasi"
    " tanggalberita tgl tglterbit waktuterbit waktu terbit",
    "language": "lang languagecode langcode bahasa kodebahasa",
    "metadata": "",
}


def folded(heading: str) -> str:
    """Return the letters and digits of a heading, in small letters: what it is compared by."""
    return "".join(filter(str.isalnum, heading.casefold()))


# what a heading means, and how far from the field's own name it stands
_MEANT = {
    folded(word): (name, rank)
    for name in NAMES
    for rank, word in enumerate((name, *_WORDS[name].split()))
}
_NUMBER = re.compile(r"( \(\d+\))+$", re.ASCII)
_FAR = 1_000  # farther than any heading is from a field's name


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody said of files: `columns` says of headings which field, KEPT or DROPPED they
    become (of others, what they mean), `order` how numeric dates are written (None: as the file
    tells).

    It holds for tables with just these `names` of columns, where they are () for objects, and where
    they are None for every file: its headings are then `folded`.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    order: Order | None = None
    names: tuple[str, ...] | None = None


NO_WISH = Wish()


def wish_for(wishes: Sequence[Wish], names: tuple[str, ...]) -> Wish:
    """Return the wish that holds for files with these names of columns, else one for every file."""
    own = next((wish for wish in wishes if wish.names == names), None)
    return own or next((wish for wish in wishes if wish.names is None), NO_WISH)


def names_of(header: Sequence[str]) -> list[str]:
    """Return a name for each column, no two alike: its heading without blanks around it, with its
    number where another stands before it, or its number alone where it has none."""
    names: dict[str, None] = {}
    for number, cell in enumerate(header, 1):
        name = cell.strip().strip("\ufeff").strip() or f"column {number}"
        while name in names:
            name = f"{name} ({number})"
        names[name] = None
    return list(names)


def targets(
    names: Sequence[str],
    wish: Wish = NO_WISH,
    note: Callable[[Reason], None] = lambda reason: None,
) -> list[str]:
    """Return what each of these columns becomes: a field, KEPT or DROPPED; each field once.

    `note` is told of every column that means a field and is kept in the metadata, as another comes
    before it.
    """
    claims: dict[str, list[tuple[int, int]]] = {}
    found: list[str] = []
    for at, name in enumerate(names):
        target, rank = _claim(name, wish)
        found.append(target)
        if target not in (KEPT, DROPPED):
            claims.setdefault(target, []).append((rank, at))
    for target, claimants in claims.items():
        (_, first), *others = sorted(claimants)
        for _, at in others:
            found[at] = KEPT
            values = {"field": target, "name": _short(names[first]), "other": _short(names[at])}
            note(Reason("columns_shared", values))
    return found


def _claim(name: str, wish: Wish) -> tuple[str, int]:
    """Return what a column becomes if no other comes before it, and its rank: wishes come before
    meanings, and both in the order in which headings stand for the field."""
    meant, rank = meaning(name)
    target = becoming(name, wish)
    if target is None:
        return meant, rank
    return target, (rank if target == meant else _FAR) - _FAR - 1


def meaning(name: str) -> tuple[str, int]:
    """Return the field that a heading means, or KEPT, and how far the heading is from its name. A
    number that tells it from others (`names_of`) changes nothing."""
    return _MEANT.get(folded(_NUMBER.sub("", name)), (KEPT, 0))


def becoming(name: str, wish: Wish) -> str | None:
    """Return what it was said that a column of this name becomes, or None. What was said of every
    file was said of headings as they are compared."""
    said = wish.columns.get(name)
    return wish.columns.get(folded(name)) if said is None and wish.names is None else said


def _short(name: str) -> str:
    return shown(name[:40])
