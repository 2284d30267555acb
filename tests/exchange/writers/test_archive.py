"""The ZIP that is written as it comes: the bytes are those of `zipfile`, at any size."""

import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO, RawIOBase
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from annotations.exchange.writers import archive
from annotations.exchange.writers.packages import Piece, streamed, zipped

Files = Mapping[str, Sequence[bytes]]

NAMES = st.text("ab./é🚢", min_size=1, max_size=9)
FILES = st.dictionaries(NAMES, st.lists(st.binary(max_size=300), max_size=3), max_size=6)


class Stream(RawIOBase):
    """Cannot be sought, as an answer that is being sent."""

    def __init__(self) -> None:
        self.held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.held += data
        return len(data)


def by_zipfile(files: Files) -> bytes:
    out = Stream()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as whole:
        for name, parts in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 3
            info.external_attr, info._compresslevel = 0o644 << 16, 1  # type: ignore[attr-defined]
            with whole.open(info, "w", force_zip64=True) as member:
                member.write(b"".join(parts))
    return bytes(out.held)


def by_us(files: Files) -> bytes:
    pieces = [Piece(name, part) for name, parts in files.items() for part in parts or [b""]]
    return b"".join(streamed(pieces))


@settings(deadline=None)
@given(FILES)
def test_the_bytes_are_those_of_zipfile(files: Files) -> None:
    whole = by_us(files)
    assert whole == by_zipfile(files)
    assert whole == b"".join(zipped((name, b"".join(parts)) for name, parts in files.items()))


@settings(deadline=None)
@given(FILES, st.integers(0, 900), st.integers(0, 4))
@example({"a": [b"x" * 90_000], "b": [b"y"]}, 50_000, 9)
def test_what_32_bits_do_not_hold_stands_in_64(files: Files, most: int, most_files: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(archive, "MOST", most)
        patched.setattr(archive, "MOST_FILES", most_files)
        patched.setattr(zipfile, "ZIP64_LIMIT", most)
        patched.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", most_files)
        whole = by_us(files)
        assert whole == by_zipfile(files)
    with zipfile.ZipFile(BytesIO(whole)) as read:
        assert {name: read.read(name) for name in files} == {
            name: b"".join(parts) for name, parts in files.items()
        }


def test_more_files_than_16_bits_count() -> None:
    """As `zipfile` reads them."""
    whole = b"".join(zipped((f"{number}", b"") for number in range(65_537)))
    with zipfile.ZipFile(BytesIO(whole)) as read:
        assert len(read.namelist()) == 65_537
