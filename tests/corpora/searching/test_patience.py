"""How many texts a page that shall stand soon still looks through."""

from collections.abc import Callable
from math import inf

from annotations.corpora.searching.patience import Patience


def clock(*moments: float) -> Callable[[], float]:
    told = iter(moments)
    return lambda: next(told)


def test_what_there_is_time_for_is_asked_for() -> None:
    waiting = Patience(0.020, clock(7.0, 7.004, 7.012))
    assert waiting.texts(500, looked_at=50) == 200  # 50 took 4 ms, 16 are left
    assert waiting.texts(500, looked_at=150) == 100


def test_never_more_than_is_wanted_and_never_so_few_that_asking_is_the_work() -> None:
    waiting = Patience(0.020, clock(0, 0.001, 0.019, 0.5))
    assert waiting.texts(100, looked_at=50) == 100
    assert waiting.texts(100, looked_at=100) == 25
    assert waiting.texts(100, looked_at=100) == 25


def test_at_first_and_where_time_stood_still_nothing_is_known() -> None:
    waiting = Patience(0.020, clock(0, 0.001, 0))
    assert waiting.texts(100, looked_at=0) == 100
    assert waiting.texts(100, looked_at=10) == 100


def test_who_waits_for_all_gets_all() -> None:
    waiting = Patience(inf, clock(0, 1e9, 2e9))
    assert waiting.texts(1_000, looked_at=1) == 1_000
    assert not waiting.has_ended


def test_it_ends() -> None:
    waiting = Patience(0.020, clock(0, 0.020, 0.021))
    assert not waiting.has_ended
    assert waiting.has_ended
