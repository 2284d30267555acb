"""What PostgreSQL is started with."""

from pathlib import Path

import pytest

from workbench.local import binaries, postgres


@pytest.mark.parametrize(("major", "reads_itself"), [(15, False), (17, False), (18, True)])
def test_only_a_server_that_knows_a_setting_is_told_it(
    monkeypatch: pytest.MonkeyPatch, major: int, reads_itself: bool
) -> None:
    monkeypatch.setattr(binaries, "postgres_major", lambda programs: major)
    told = postgres._options(True, Path("bin"))
    assert ("io_method=sync" in told) is reads_itself
    assert "fsync=on" in told
