"""The full report of a load on disk: one JSON object for every line that was not loaded."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from annotations.limits import LIMITS


class Journal:
    """Writes JSONL beside `path`, which appears whole when the journal is published."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_suffix(".part")
        self._left = LIMITS.refusals_kept

    def __enter__(self) -> Self:
        self._part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # a file name may hold what no UTF-8 can
        self._file = self._part.open("w", encoding="utf-8", errors="backslashreplace", newline="\n")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._file.close()
        self._part.unlink(missing_ok=True)

    def record(self, row: Mapping[str, object]) -> None:
        """Add one line, up to the limit of lines kept."""
        if self._left > 0:
            self._left -= 1
            self._file.write(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n")

    def publish(self) -> None:
        """What was recorded is at `path`; nothing can be recorded any more."""
        self._file.close()
        self._part.replace(self._path)
