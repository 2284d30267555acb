"""When a dead program is started again, and when it is given up."""

from workbench.local.deaths import Deaths


def test_the_first_death_costs_no_time() -> None:
    deaths = Deaths()
    deaths.count(100.0)

    assert deaths.due == 100.0


def test_each_further_death_costs_more() -> None:
    deaths = Deaths()
    pauses = []
    for now in (0.0, 10.0, 20.0, 30.0):
        deaths.count(now)
        pauses.append(deaths.due - now)

    assert pauses == sorted(set(pauses))


def test_the_fifth_death_in_a_minute_is_too_many() -> None:
    deaths = Deaths()
    for now in (0.0, 10.0, 20.0, 30.0):
        deaths.count(now)
    assert not deaths.too_many

    deaths.count(59.0)

    assert deaths.too_many


def test_deaths_of_more_than_a_minute_ago_are_forgiven() -> None:
    deaths = Deaths()
    for now in (0.0, 10.0, 20.0, 30.0, 61.0):
        deaths.count(now)

    assert not deaths.too_many
