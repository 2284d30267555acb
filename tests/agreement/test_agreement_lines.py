import pytest

from annotations.agreement import queries, services
from annotations.assignments.models import Status
from tests.agreement.layers import mark, set_status

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(study):
    study.lay(0, study.annotator_a, mark("QUOTE", (0, 9), type="direct"), mark("CUE", (9, 12)))
    study.lay(0, study.annotator_b, mark("QUOTE", (0, 9), type="mixed"))
    study.lay(1, study.annotator_a, mark("QUOTE", (0, 9), type="direct"), mark("QUOTE", (20, 25)))
    study.lay(1, study.annotator_b, mark("QUOTE", (0, 8), type="direct"))
    return study.run()


def test_lines_count_what_matched_and_what_one_has_alone(run, study):
    differing, alike = queries.lines(run, ["QUOTE"])
    assert (differing.article, alike.article) == (study.articles[1].pk, study.articles[0].pk)
    assert (differing.spans_of_one, differing.spans_of_other) == (2, 1)
    assert (differing.exact, differing.overlap) == (0, 1)
    assert (differing.only_one, differing.only_other, differing.unlike) == (1, 0, 3)
    assert (differing.one, differing.other) == ("annotator_a", "annotator_b")


def test_lines_leave_out_articles_without_the_label(run, study):
    assert [line.article for line in queries.lines(run, ["CUE"])] == [study.articles[0].pk]
    assert not queries.lines(run, ["ACTOR"])


def test_lines_of_all_labels_add_up(run):
    every = queries.lines(run, ["QUOTE", "CUE", "ACTOR"])
    assert sum(line.spans_of_one for line in every) == 4


def test_lines_of_few_pairs_cost_four_queries(run, django_assert_num_queries):
    with django_assert_num_queries(4):
        queries.lines(run, ["QUOTE"])


def test_a_line_says_when_its_layers_moved_on(run, study):
    layer = study.campaign.assignments.get(article=study.articles[0], annotator=study.annotator_a)
    set_status(layer, Status.REOPENED)
    study.lay(0, study.annotator_a, mark("QUOTE", (30, 33)))
    study.run()
    moved = {line.article: line.moved for line in queries.lines(run, ["QUOTE"])}
    assert moved == {study.articles[0].pk: True, study.articles[1].pk: False}


def test_lines_are_only_of_the_layers_the_run_compared(run, study):
    layer = study.campaign.assignments.get(article=study.articles[0], annotator=study.annotator_a)
    set_status(layer, Status.REOPENED)
    assert len(queries.lines(run, ["QUOTE"])) == 2
    assert len(queries.lines(study.run(), ["QUOTE"])) == 1


def test_values_that_met_are_counted_in_either_order(run):
    met = queries.confusions(run, "QUOTE")
    assert met == {"type": {("direct", "mixed"): 1, ("direct", "direct"): 1}}


def test_the_newest_run_is_the_newest_that_finished(run, study):
    services.begin(study.campaign, include_open=False)
    assert queries.newest(study.campaign) == run
