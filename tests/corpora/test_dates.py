"""When an article was published, in every form that people and programs write."""

from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from annotations.corpora.readers.dates import Dates, Order, moment, order_of
from annotations.corpora.readers.drafts import ArticleDraft, Place, Reason, UnfitError
from annotations.corpora.readers.gleaned import gleaned
from tests.corpora.reading import articles, read, source

# a deadline would measure the machine, which others use too
unhurried = settings(deadline=None)

MAY = datetime(2024, 5, 3, tzinfo=UTC)
NOON = MAY + timedelta(hours=14, minutes=2)
EXACT = NOON + timedelta(seconds=11)
WEST, MIDDLE, EAST = (timedelta(hours=hours) for hours in (7, 8, 9))

FORMS = {
    "2024-05-03": MAY,
    "2024-05-03T14:02:11": EXACT,
    "2024-05-03T14:02:11Z": EXACT,
    "2024-05-03T14:02:11+07:00": EXACT - WEST,
    "2024-05-03 14:02:11": EXACT,
    "2024-05-03 14:02:11 +0700": EXACT - WEST,
    "2024-05-03 14:02 WIB": NOON - WEST,
    "2024/05/03 14:02": NOON,
    "2024.5.3": MAY,
    "3 Mei 2024": MAY,
    "03-Mei-2024": MAY,
    "3 MEI 2024, 14.02": NOON,
    "Jumat, 3 Mei 2024 14:02 WIB": NOON - WEST,
    "Jumat, 03 Mei 2024 | 14:02 WIB": NOON - WEST,
    "Jum'at, 3 Mei 2024 pukul 14.02 WITA": NOON - MIDDLE,
    "Jum’at 3 Mei 2024 - 14:02 WIT": NOON - EAST,
    "3 Mei 2024 14:02 (WIB)": NOON - WEST,
    "May 3, 2024": MAY,
    "May 3rd, 2024 at 2:02 p.m.": NOON,
    "May 3, 2024, 2:02:11\u202fPM": EXACT,
    "3 May 2024": MAY,
    "3rd May 2024 14:02": NOON,
    "Fri, 03 May 2024 14:02:11 +0700": EXACT - WEST,
    "Fri, 3 May 2024 14:02:11 GMT": EXACT,
    "Fri, 3 May 2024 14:02:11 EST": EXACT + timedelta(hours=5),
    "Fri May 03 2024 14:02:11 GMT+0700 (Western Indonesia Time)": EXACT - WEST,
    "1714744931": EXACT,
    "1714744931.25": EXACT + timedelta(milliseconds=250),
    "1714744931.2500002": EXACT + timedelta(milliseconds=250),
    "1714744931000": EXACT,
    "20240503": MAY,
    "20240503T140211Z": EXACT,
    "20240503T1402+0700": NOON - WEST,
    "20240503140211": EXACT,
    "  3\u00a0 Mei\t2024 ": MAY,
}
NONE = (
    *("31/02/2024", "13/13/2024", "00/05/2024", "2024-02-30", "30 Februari 2024", "20240230"),
    *("2024", "Mei 2024", "45415", "171474493112", "31/10/24", "besok", "Senin", "14:02"),
    *("3 Mei 2024 25:00", "3 Mei 2024 13:02 PM", "3 Mei 2024 0:02 AM", "3 Mei 2024 14:02 +07:60"),
    *(
        "2024-05-03T14:02:11.0000001",
        "3 Mai 2024",
        "1/1/0000",
        "3 Mei 2024 14:02 XYZ",
        "٣ Mei 2024",
    ),
    *("99999999999999", "x" * 10_000, "2024-05-03T14:02:61Z", "1-2/2024", "0001-01-01T00:00+12:00"),
)
MONTHS = (
    *("Januari Jan January Jan.", "Februari Feb Pebruari February", "Maret Mar March"),
    *("April Apr", "Mei May", "Juni Jun June", "Juli Jul July", "Agustus Agu Ags August Aug"),
    *("September Sep Sept", "Oktober Okt October Oct", "November Nov Nopember Nop"),
    "Desember Des December Dec",
)


@pytest.mark.parametrize("written", FORMS)
def test_a_date_is_read_in_every_form(written: str) -> None:
    assert moment(written) == FORMS[written]


@pytest.mark.parametrize("written", NONE)
@pytest.mark.parametrize("order", [None, *Order])
def test_what_is_no_date_is_refused_in_a_sentence(written: str, order: Order | None) -> None:
    with pytest.raises(UnfitError) as refused:
        moment(written, order)
    assert refused.value.reason.code.startswith("published")


@pytest.mark.parametrize("month", range(1, 13))
def test_months_have_their_names_in_both_languages_and_short_ones(month: int) -> None:
    for name in MONTHS[month - 1].split():
        for written in (name, name.upper(), name.lower()):
            assert moment(f"3 {written} 2024") == datetime(2024, month, 3, tzinfo=UTC)
            assert moment(f"{written} 3, 2024") == datetime(2024, month, 3, tzinfo=UTC)


# seconds of 1971 to 2199
moments = st.integers(31_536_000, 7_258_118_399).map(lambda at: datetime.fromtimestamp(at, UTC))
zones = st.integers(-23 * 60, 23 * 60).map(lambda m: timezone(timedelta(minutes=m)))


@unhurried
@given(at=moments, zone=zones)
def test_what_programs_write_is_read_to_the_second(at: datetime, zone: timezone) -> None:
    there = at.astimezone(zone)
    assert moment(there.isoformat()) == at
    assert moment(there.strftime("%Y%m%dT%H%M%S%z")) == at
    assert moment(format_datetime(there)) == at
    assert moment(there.strftime("%a %b %d %Y %H:%M:%S GMT%z")) == at


@unhurried
@given(at=moments)
def test_seconds_since_1970_are_read(at: datetime) -> None:
    seconds = int(at.timestamp())
    assume(10**8 <= seconds < 10**10)
    assert moment(str(seconds)) == at
    assume(seconds >= 10**9)
    assert moment(str(seconds * 1000)) == at


@unhurried
@given(at=moments, mark=st.sampled_from("/.-"))
def test_a_numeric_date_is_read_in_the_order_that_is_said(at: datetime, mark: str) -> None:
    day = at.replace(hour=0, minute=0, second=0)
    assert moment(at.strftime(f"%d{mark}%m{mark}%Y"), Order.DAY) == day
    assert moment(at.strftime(f"%m{mark}%d{mark}%Y"), Order.MONTH) == day


@unhurried
@given(at=moments)
def test_one_order_alone_tells_itself(at: datetime) -> None:
    written = at.strftime("%d/%m/%Y")
    if at.day > 12:
        assert order_of(written) is Order.DAY
        assert moment(written).day == at.day
        with pytest.raises(UnfitError, match="month_first"):
            moment(written, Order.MONTH)
    elif at.day != at.month:
        assert order_of(written) is None
        with pytest.raises(UnfitError, match="unclear"):
            moment(written)
    else:
        assert moment(written).day == at.day


@unhurried
@given(written=st.text(st.sampled_from("0123456789 /.-:+TZWIBapmMei,|()\u202f"), max_size=60))
def test_nothing_that_looks_like_a_date_breaks_the_reader(written: str) -> None:
    try:
        assert moment(written, Order.DAY).tzinfo is UTC
    except UnfitError:
        assert order_of(written) in (None, *Order)


def dates(*written: str, otherwise: Order = Order.DAY) -> tuple[list[str], list[Reason]]:
    """The dates of one file in ISO, and what is noted of them."""
    notes: list[Reason] = []
    reader = Dates(None, otherwise, lambda: written, notes.append)
    return [reader.moment(one).date().isoformat() for one in written], notes


@pytest.mark.parametrize(
    ("written", "read_as", "noted"),
    [
        (("03/05/2024", "13/05/2024"), ["2024-05-03", "2024-05-13"], "dates_found_day"),
        (("03/05/2024", "05/13/2024"), ["2024-03-05", "2024-05-13"], "dates_found_month"),
        (("03/05/2024", "05/05/2024"), ["2024-05-03", "2024-05-05"], "dates_assumed_day"),
        (
            ("03/05/2024", "13/05/2024", "05/13/2024"),
            *(["2024-05-03", "2024-05-13", "2024-05-13"], "dates_mixed_day"),
        ),
        (
            ("13/05/2024", "05/05/2024", "2024-05-03"),
            ["2024-05-13", "2024-05-05", "2024-05-03"],
            "",
        ),
    ],
)
def test_what_one_date_does_not_tell_the_file_tells(
    written: tuple[str, ...], read_as: list[str], noted: str
) -> None:
    found, notes = dates(*written)
    assert found == read_as
    assert [note.code for note in notes] == [noted] * bool(noted)


def test_a_date_to_come_is_read_and_said_once() -> None:
    found, notes = dates("2024-05-03", "2099-01-01", "9999-12-31")
    assert found == ["2024-05-03", "2099-01-01", "9999-12-31"]
    assert [(note.code, note.values["value"]) for note in notes] == [("future_dates", "2099-01-01")]


def test_where_nothing_tells_the_order_is_the_one_of_the_corpus() -> None:
    assert dates("03/05/2024", otherwise=Order.MONTH)[0] == ["2024-03-05"]


@unhurried
@given(st.lists(st.dates(date(1900, 1, 1), date(2100, 1, 1)), min_size=1))
def test_a_file_with_one_late_day_is_read_as_it_was_written(days: list[date]) -> None:
    late = date(2024, 5, 31)
    for form in ("%d/%m/%Y", "%m/%d/%Y"):
        written = [f"{day:{form}}" for day in (*days, late)]
        assert dates(*written)[0] == [str(day) for day in (*days, late)]


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.json"])
def test_a_later_row_decides_the_dates_before_it(name: str) -> None:
    rows = ["05/03/2024", "05/13/2024", "06/07/2024"]
    if name == "a.csv":
        data = "isi;tanggal\n" + "".join(f"a{n};{day}\n" for n, day in enumerate(rows))
    else:
        data = "".join(f'{{"isi": "a{n}", "tanggal": "{day}"}}\n' for n, day in enumerate(rows))
    found = articles(name, data.encode())
    assert [str(one.published.date()) for one in found if one.published] == [
        *("2024-05-03", "2024-05-13", "2024-06-07")
    ]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b'isi,tanggal\na,05/03/2024\nb\n"c"d,x\ne,05/13/2024\n'),
        (
            "a.jsonl",
            (
                b'{"isi": "a", "tanggal": "05/03/2024"}\n{"isi": "b", "tanggal": 1714744931}\n[]\n{\n'
                b'{"isi": "c"}\n{"isi": "d", "tanggal": "05/13/2024"}\n'
            ),
        ),
    ],
)
def test_rows_that_are_none_decide_nothing(name: str, data: bytes) -> None:
    first = next(iter(read(name, data)))
    assert isinstance(first, ArticleDraft)
    assert first.published == datetime(2024, 5, 3, tzinfo=UTC)


def test_numbers_are_moments_in_json() -> None:
    lines = b'{"text": "a", "published": 1714744931}\n{"text": "b", "waktu": 1714744931000}\n'
    assert [one.published for one in articles("a.jsonl", lines)] == [EXACT, EXACT]


def test_a_date_in_a_document_that_tells_no_order_stays_in_its_metadata() -> None:
    unclear, clear = (
        gleaned("Sari.", {"published": written}, Place("a.html", 1, 0), "utf-8")
        for written in ("03/05/2024", "13/05/2024")
    )
    assert (unclear.published, unclear.metadata) == (None, {"published": "03/05/2024"})
    assert clear.published == datetime(2024, 5, 13, tzinfo=UTC)


def test_a_source_keeps_few_notes() -> None:
    one = source("a.csv", b"")
    for number in range(100):
        one.note(Reason("columns_shared", {"field": str(number)}))
    assert len(one.notes) == 20
