"""The article that Kutip was conceived from, labelled by keyboard alone: all nine worked cases.

The article stays where it is: spans are known by their offsets, and the names that are written by
the offsets of their words. No case has a quote of several fragments, so nothing is added with +.
"""

import logging
import os
import re
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from django.db.models import QuerySet
from playwright.sync_api import Page

from annotations.accounts.models import User
from annotations.assignments.models import Assignment
from annotations.registry.models import Entity
from annotations.spans.models import Relation, Remark, Span
from tests import factories
from tests.e2e import desk
from tests.e2e.keyboard import Analyst

HERE = Path(os.environ.get("KUTIP_DATA", "/nowhere")) / "data" / "seed-article.txt"

KEYS_A_SECOND = 3.0
"""Slow, for it is to hold the thinking, too: a typist who copies forty words a minute presses 3.3
keys a second."""
TEN_MINUTES = 600

log = logging.getLogger(__name__)

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
    pytest.mark.skipif(
        not HERE.is_file(), reason="KUTIP_DATA does not lead to data/seed-article.txt"
    ),
]

# --- what has to be there in the end

SPANS = """
ACTOR   14-33      form=name                                                @14-25
TARGET  34-93      target_type=action                                       pengiriman pasukan
# 7: one phrase for two chiefs, what they demand, and of whom
ACTOR   176-196    form=name                                                @176-191
ACTOR   201-223    form=name                                                @201-214
CUE     224-234    verb_class=say                                           -
QUOTE   235-277    speech_act=demand type=reported                          -
ACTOR   242-247    form=name                                                @14-25
STANCE  248-277    intensity=3 polarity=against                             -
# 4: relayed by an agency, which holds no stance
CUE     279-286    verb_class=according_to                                  -
ACTOR   287-290    form=name                                                @287-290
QUOTE   312-579    type=reported                                            -
# 7: who is quoted reports his own words, to whom nobody can tell; no actor at 693
QUOTE   581-649    type=direct                                              -
ACTOR   582-586    form=pronoun                                             @677-689
CUE     587-597    verb_class=say                                           -
ACTOR   601-607    form=pronoun                                             -
QUOTE   608-647    speech_act=demand type=indirect                          -
CUE     650-654    verb_class=say                                           -
ACTOR   655-689    form=name                                                @677-689
# 3: what he believes within what he says
ACTOR   929-932    form=name                                                @741-754
CUE     933-944    verb_class=say                                           -
QUOTE   945-1055   medium=speech type=indirect                              -
ACTOR   945-947    form=pronoun                                             @741-754
CUE     948-955    verb_class=believe                                       -
QUOTE   956-1055   medium=thought type=mixed                                -
TARGET  956-986    target_type=action                                       pengiriman pasukan
STANCE  987-1055   intensity=2 polarity=against                             -
# 2: partial quotes around a paraphrase, a clitic speaks
QUOTE   1071-1303  type=mixed                                               -
CUE     1304-1308  verb_class=say                                           -
ACTOR   1308-1311  form=clitic                                              @741-754
# 8: not said; whose policy it is (5); what others did against it; an answer that is neutral
ACTOR   1320-1322  form=pronoun                                             @741-754
CUE     1323-1336  negated=true verb_class=say                              -
QUOTE   1337-1372  factuality=not_said type=indirect                        -
TARGET  1352-1372  target_type=policy                                       -
ACTOR   1367-1372  form=name metonymy=place_for_institution                 @201-214
ACTOR   1462-1464  form=name                                                @176-191
ACTOR   1469-1476  form=name                                                @127-134
STANCE  1485-1525  basis=action polarity=against                            -
QUOTE   1527-1564  speech_act=answer type=direct                            -
STANCE  1542-1562  polarity=neutral                                         -
CUE     1565-1569  verb_class=say                                           -
ACTOR   1570-1573  form=name                                                @741-754
ACTOR   1579-1589  form=description                                         penanya
TARGET  1631-1679  target_type=action                                       -
# 5: places that speak for institutions
ACTOR   1681-1689  form=name metonymy=place_for_institution                 kementerian pertahanan
CUE     1690-1701  verb_class=say                                           -
QUOTE   1718-1869  type=mixed                                               -
ACTOR   1871-1883  form=name metonymy=place_for_institution                 @1871-1883
CUE     1884-1895  verb_class=say                                           -
QUOTE   1896-2000  type=mixed                                               -
# 1: over two paragraphs, with a condition; the ellipsis stays inside
QUOTE   2002-2157  condition=if type=mixed                                  -
STANCE  2127-2155  conditional=true intensity=2 polarity=favor              -
TARGET  2136-2155  target_type=issue                                        -
CUE     2158-2162  verb_class=say                                           -
ACTOR   2163-2169  form=name                                                @677-689
QUOTE   2171-2323  type=mixed                                               -
CUE     2324-2331  verb_class=say                                           -
ACTOR   2331-2334  form=clitic                                              @677-689
# 6: a denial, which is no stance, and another source's defence
ACTOR   2336-2345  form=name metonymy=place_for_institution                 @14-25
CUE     2346-2355  verb_class=deny                                          -
QUOTE   2356-2388  factuality=denied type=indirect                          -
ACTOR   2395-2423  form=role                                                (its words)
CUE     2424-2435  verb_class=say                                           -
QUOTE   2436-2514  condition=if type=indirect                               -
TARGET  2441-2463  target_type=action                                       pengiriman pasukan
STANCE  2477-2514  conditional=true intensity=1 polarity=favor              -
# 9: a scare quote, with neither speaker nor stance
QUOTE   2795-2802  scare=true type=mixed                                    -
"""

RELATIONS = """
# 7
SPEAKER    QUOTE 235    ACTOR 176
SPEAKER    QUOTE 235    ACTOR 201
ADDRESSEE  QUOTE 235    ACTOR 242
CUED_BY    QUOTE 235    CUE 224
HOLDER     STANCE 248   ACTOR 176
HOLDER     STANCE 248   ACTOR 201
TOWARD     STANCE 248   TARGET 34
SPEAKER    QUOTE 581    ACTOR 655
CUED_BY    QUOTE 581    CUE 650
NESTED_IN  QUOTE 608    QUOTE 581
SPEAKER    QUOTE 608    ACTOR 582
ADDRESSEE  QUOTE 608    ACTOR 601
CUED_BY    QUOTE 608    CUE 587
# 4
VIA        ARTICLE      ACTOR 287
VIA        QUOTE 312    ACTOR 287
CUED_BY    QUOTE 312    CUE 279
# 3
SPEAKER    QUOTE 945    ACTOR 929
CUED_BY    QUOTE 945    CUE 933
NESTED_IN  QUOTE 956    QUOTE 945
SPEAKER    QUOTE 956    ACTOR 945
CUED_BY    QUOTE 956    CUE 948
HOLDER     STANCE 987   ACTOR 929
TOWARD     STANCE 987   TARGET 956
# 2
SPEAKER    QUOTE 1071   ACTOR 1308
CUED_BY    QUOTE 1071   CUE 1304
# 8
SPEAKER    QUOTE 1337   ACTOR 1320
CUED_BY    QUOTE 1337   CUE 1323
HOLDER     STANCE 1485  ACTOR 1462
HOLDER     STANCE 1485  ACTOR 1469
TOWARD     STANCE 1485  TARGET 1352
SPEAKER    QUOTE 1527   ACTOR 1570
ADDRESSEE  QUOTE 1527   ACTOR 1579
CUED_BY    QUOTE 1527   CUE 1565
HOLDER     STANCE 1542  ACTOR 1570
TOWARD     STANCE 1542  TARGET 1631
# 5
SPEAKER    QUOTE 1718   ACTOR 1681
CUED_BY    QUOTE 1718   CUE 1690
SPEAKER    QUOTE 1896   ACTOR 1871
CUED_BY    QUOTE 1896   CUE 1884
# 1
SPEAKER    QUOTE 2002   ACTOR 2163
CUED_BY    QUOTE 2002   CUE 2158
HOLDER     STANCE 2127  ACTOR 2163
TOWARD     STANCE 2127  TARGET 2136
SPEAKER    QUOTE 2171   ACTOR 2331
CUED_BY    QUOTE 2171   CUE 2324
# 6
SPEAKER    QUOTE 2356   ACTOR 2336
CUED_BY    QUOTE 2356   CUE 2346
SPEAKER    QUOTE 2436   ACTOR 2395
CUED_BY    QUOTE 2436   CUE 2424
PART_OF    ACTOR 2395   ACTOR 2336
HOLDER     STANCE 2477  ACTOR 2395
TOWARD     STANCE 2477  TARGET 2441
"""

ENTITIES = """
country     @176-191            @193-195=abbreviation
country     @201-214              @216-222=abbreviation
country     @14-25                @27-32=abbreviation
country     @127-134                    -
media       @287-290                        -
person      @677-689               -
person      @741-754              -
government  kementerian pertahanan   @693-701=metonym
government  @1871-1883               -
unnamed     penanya                    -
unnamed     (its words)                -
concept     pengiriman pasukan         -
"""

REMARKS = """
flag  ACTOR 601  unsure
note  ACTOR 601  siapa?
"""

# --- the story, in the order of the article


class Story:
    """Who labels the article, and the names that it holds."""

    def __init__(self, analyst: Analyst, text: str) -> None:
        self.analyst = analyst
        self.secretary = text[677:689]
        self.minister = text[741:754]
        self.country = {"north": text[14:25], "south": text[201:214], "west": text[176:191]}

    def who_sent_troops(self) -> None:
        """The sentence that all the rest is about."""
        it = self.analyst
        it.accept("ACTOR", 14)
        it.means_new("Country")
        it.mark("TARGET", 34, 93)
        it.set(target_type="action")
        it.means_new("Concept", name="pengiriman pasukan")

    def one_phrase_for_two_chiefs(self) -> None:
        it = self.analyst
        it.accept("ACTOR", 176)
        it.means_new("Country")
        it.accept("ACTOR", 201)
        it.means_new("Country")
        it.accept("QUOTE", 235)  # with its cue, and the second of the two as its speaker
        it.set(type="reported", speech_act="demand")
        it.link("ACTOR", 176, "speaker")
        it.select("CUE", 224)
        it.mark("ACTOR", 242, 247)
        it.set(form="name")
        it.means(self.country["north"])
        it.link("QUOTE", 235, "addressee")

    def both_are_against_it(self) -> None:
        it = self.analyst
        it.mark("STANCE", 248, 277)
        it.lean("against")
        it.set(intensity="3")
        it.link("TARGET", 34)
        it.link("ACTOR", 201, "holder")
        it.link("ACTOR", 176, "holder")

    def an_agency_relays(self) -> None:
        it = self.analyst
        it.mark("CUE", 279, 286)
        it.set(verb_class="according_to")
        it.mark("ACTOR", 287, 290)
        it.set(form="name")
        it.means_new("Media")
        full_stop_left_out = "Alt+Shift+ArrowLeft"
        it.mark("QUOTE", 312, 579, to=("Shift+End*2", full_stop_left_out))
        it.set(type="reported")
        it.link("ACTOR", 287, "via")
        it.link("CUE", 279)
        it.relay_article_by(287)

    def he_reports_his_own_words(self) -> None:
        it = self.analyst
        it.accept("QUOTE", 581)
        it.select("ACTOR", 655)
        it.means_new("Person", name=self.secretary)
        it.select("QUOTE", 312)
        it.mark("ACTOR", 582, 586)
        it.set(form="pronoun")
        it.means(self.secretary, written=self.secretary[6:9].lower())
        it.mark("CUE", 587, 597)
        it.set(verb_class="say")
        it.mark("ACTOR", 601, 607)
        it.set(form="pronoun")
        it.flag_with_note("siapa?")
        it.mark("QUOTE", 608, 647)
        it.set(type="indirect", speech_act="demand")
        it.link("QUOTE", 581)
        it.link("ACTOR", 601, "addressee")
        it.link("CUE", 587)
        it.link("ACTOR", 582, "speaker")

    def what_he_believes_within_what_he_says(self) -> None:
        it = self.analyst
        it.accept("QUOTE", 945)
        it.set(type="indirect", medium="speech")
        it.select("ACTOR", 929)
        it.means_new("Person", name=self.minister)
        it.select("CUE", 933)
        it.mark("ACTOR", 945, 947)
        it.set(form="pronoun")
        it.means(self.minister, written=self.minister[:3].lower())
        it.mark("CUE", 948, 955)
        it.set(verb_class="believe")
        it.mark("QUOTE", 956, 1055, to=("Shift+End",))
        it.set(type="mixed", medium="thought")
        it.link("QUOTE", 945)
        it.link("CUE", 948)
        it.link("ACTOR", 945, "speaker")

    def he_fears_it(self) -> None:
        it = self.analyst
        it.select("CUE", 948)
        it.mark("TARGET", 956, 986)
        it.set(target_type="action")
        it.means("pengiriman pasukan", written="peng")
        it.mark("STANCE", 987, 1055, begin=("Alt+ArrowDown",))
        it.lean("against")
        it.set(intensity="2")
        it.link("TARGET", 956)
        it.link("ACTOR", 929, "holder")

    def a_clitic_speaks(self) -> None:
        it = self.analyst
        it.accept("QUOTE", 1071)
        it.select("ACTOR", 1308)
        it.means(self.minister, written=self.minister[:3].lower())

    def what_he_does_not_say(self) -> None:
        it = self.analyst
        it.mark("ACTOR", 1320, 1322)
        it.set(form="pronoun")
        it.means(self.minister, written=self.minister[:3].lower())
        it.mark("CUE", 1323, 1336)
        it.set(verb_class="say", negated="true")
        it.mark("QUOTE", 1337, 1372)
        it.set(type="indirect", factuality="not_said")
        it.link("CUE", 1323)
        it.link("ACTOR", 1320, "speaker")
        it.select("CUE", 1323)
        it.mark("TARGET", 1352, 1372)
        it.set(target_type="policy")

    def whose_policy_it_is(self) -> None:
        it = self.analyst
        it.mark("ACTOR", 1367, 1372)
        it.set(form="name", metonymy="place_for_institution")
        it.means(self.country["south"], written=self.country["south"][6:9].lower())

    def others_asked_them_to_change_it(self) -> None:
        it = self.analyst
        it.mark("ACTOR", 1462, 1464, begin=("w", "Control+ArrowRight", "Home"))
        it.set(form="name")
        it.means(self.country["west"])
        it.mark("ACTOR", 1469, 1476)
        it.set(form="name")
        it.means_new("Country")
        it.mark("STANCE", 1485, 1525)
        it.lean("against")
        it.set(basis="action")
        it.link("ACTOR", 1469, "holder")
        it.link("ACTOR", 1462, "holder")
        it.link("TARGET", 1352)

    def an_answer_that_is_neutral(self) -> None:
        it = self.analyst
        it.accept("QUOTE", 1527)
        it.set(speech_act="answer")
        it.mark("STANCE", 1542, 1562)
        it.lean("neutral")
        it.select("ACTOR", 1570)
        it.means(self.minister)
        it.link("STANCE", 1542, "holder")
        it.mark("ACTOR", 1579, 1589)  # the verb that hides who asked
        it.set(form="description")
        it.means_new("Unnamed", name="penanya")
        it.link("QUOTE", 1527, "addressee")
        it.mark("TARGET", 1631, 1679, begin=("w", "End"))
        it.set(target_type="action")
        it.link("STANCE", 1542)

    def places_speak_for_institutions(self) -> None:
        it = self.analyst
        it.accept("QUOTE", 1702)
        it.trim_start(1718)
        it.select("ACTOR", 1681)
        it.set(metonymy="place_for_institution")
        it.means_new("Government", name="kementerian pertahanan", remember=True)
        it.accept("QUOTE", 1896)
        it.select("ACTOR", 1871)
        it.set(metonymy="place_for_institution")
        it.means_new("Government")

    def a_quote_goes_on_in_the_next_paragraph(self) -> None:
        it = self.analyst
        it.accept("QUOTE", 2002)
        it.set(condition="if")
        it.mark("STANCE", 2127, 2155)
        it.lean("favor")
        it.set(intensity="2", conditional="true")
        it.mark("TARGET", 2136, 2155)
        it.set(target_type="issue")
        it.link("STANCE", 2127)
        it.select("ACTOR", 2163)
        it.means(self.secretary)
        it.link("STANCE", 2127, "holder")
        it.accept("QUOTE", 2171)
        it.select("ACTOR", 2331)
        it.means(self.secretary, written=self.secretary[6:9].lower())

    def a_denial_is_no_stance(self) -> None:
        it = self.analyst
        it.mark("ACTOR", 2336, 2345)
        it.set(form="name", metonymy="place_for_institution")
        it.means(self.country["north"], written=self.country["north"][-5:].lower())
        it.mark("CUE", 2346, 2355)
        it.set(verb_class="deny")
        it.mark("QUOTE", 2356, 2388)
        it.set(type="indirect", factuality="denied")
        it.link("CUE", 2346)
        it.link("ACTOR", 2336, "speaker")

    def another_source_defends_it(self) -> None:
        it = self.analyst
        it.accept("QUOTE", 2436)
        it.set(condition="if")
        it.mark("STANCE", 2477, 2514)
        it.lean("favor")
        it.set(intensity="1", conditional="true")
        it.select("CUE", 2424)
        it.mark("TARGET", 2441, 2463)
        it.set(target_type="action")
        it.means("pengiriman pasukan", written="peng")
        it.link("STANCE", 2477)
        it.select("ACTOR", 2395)
        it.set(form="role")
        it.means_new("Unnamed")
        it.link("ACTOR", 2336, "part of")  # this way, not the other
        it.link("STANCE", 2477, "holder")

    def a_word_in_marks_says_nothing(self) -> None:
        self.analyst.accept("QUOTE", 2795)


CASES: tuple[tuple[str, Callable[[Story], None]], ...] = (
    ("7", Story.who_sent_troops),
    ("7", Story.one_phrase_for_two_chiefs),
    ("7", Story.both_are_against_it),
    ("4", Story.an_agency_relays),
    ("7", Story.he_reports_his_own_words),
    ("3", Story.what_he_believes_within_what_he_says),
    ("3", Story.he_fears_it),
    ("2", Story.a_clitic_speaks),
    ("8", Story.what_he_does_not_say),
    ("5", Story.whose_policy_it_is),
    ("8", Story.others_asked_them_to_change_it),
    ("8", Story.an_answer_that_is_neutral),
    ("5", Story.places_speak_for_institutions),
    ("1", Story.a_quote_goes_on_in_the_next_paragraph),
    ("6", Story.a_denial_is_no_stance),
    ("6", Story.another_source_defends_it),
    ("9", Story.a_word_in_marks_says_nothing),
)

# --- what is there in the end


def rows(table: str) -> list[tuple[str, ...]]:
    """The rows of a table whose cells stand two blanks or more apart; # begins a remark."""
    lines = [line for line in table.strip().splitlines() if not line.startswith("#")]
    return sorted(tuple(re.split(r"\s{2,}", line)) for line in lines)


def spans_of(assignment: Assignment) -> list[tuple[str, ...]]:
    found = labelled(assignment).select_related("label", "entity")
    return sorted(
        (span.label.key, fragments(span), attributes(span), entity_of(span)) for span in found
    )


def relations_of(assignment: Assignment) -> list[tuple[str, ...]]:
    place = places(assignment)
    found = Relation.objects.filter(assignment=assignment, removed=False, to_entity=None)
    return sorted(
        (one.type.key, place[one.from_id] if one.from_id else "ARTICLE", place[one.to_id])
        for one in found.select_related("type")
    )


def entities_of(assignment: Assignment) -> list[tuple[str, ...]]:
    """Those that the annotator proposed, with the aliases that are remembered of them."""
    words = {span.entity_id: entity_of(span) for span in labelled(assignment).exclude(entity=None)}
    found = Entity.objects.filter(created_by=assignment.annotator, proposed=True)
    return sorted(
        (
            entity.type,
            words[entity.pk],
            " ".join(
                sorted(f"{at_its_words(alias.text)}={alias.kind}" for alias in entity.aliases.all())
            )
            or "-",
        )
        for entity in found
    )


def remarks_of(assignment: Assignment) -> list[tuple[str, ...]]:
    place = places(assignment)
    found = Remark.objects.filter(assignment=assignment, removed=False)
    return sorted(
        (one.kind, place[one.span_id], one.body.get("text") or " ".join(one.body["flags"]))
        for one in found
    )


def labelled(assignment: Assignment) -> QuerySet[Span]:
    return Span.objects.filter(assignment=assignment, removed=False)


def places(assignment: Assignment) -> dict[UUID | None, str]:
    """Each span by its id, as the tables name it."""
    found = labelled(assignment).select_related("label")
    return {span.id: f"{span.label.key} {span.fragments[0]}" for span in found}


def fragments(span: Span) -> str:
    starts, ends = span.fragments[::2], span.fragments[1::2]
    return " ".join(f"{start}-{end}" for start, end in zip(starts, ends, strict=True))


def attributes(span: Span) -> str:
    """In the order of their names; "-" for none."""
    values = {key: str(value).lower() for key, value in span.attributes.items()}
    return " ".join(f"{key}={values[key]}" for key in sorted(values)) or "-"


def entity_of(span: Span) -> str:
    if span.entity is None:
        return "-"
    by_its_words = span.entity.type == "unnamed" and span.entity.name == span.text[0]
    return "(its words)" if by_its_words else at_its_words(span.entity.name)


def at_its_words(name: str) -> str:
    """Where the article first says this name; the name itself where it does not."""
    start = HERE.read_text("utf-8").find(name)
    return f"@{start}-{start + len(name)}" if start >= 0 else name


# --- the proof


@pytest.fixture
def assignment(annotator: User) -> Assignment:
    """The article, in a corpus whose registry knows a namesake of the minister: the wrong one."""
    text, corpus = HERE.read_text("utf-8"), factories.corpus()
    factories.entity(corpus, f"{text[741:744]} Bo-ra")
    return factories.assignment(annotator, text, corpus)


@pytest.fixture
def analyst(page_of: Callable[..., Page], assignment: Assignment) -> Analyst:
    return Analyst(desk.ready(page_of(assignment.annotator, desk.url(assignment))))


def test_all_nine_cases_are_labelled_by_keys_alone_in_far_less_than_ten_minutes(
    analyst: Analyst, assignment: Assignment
) -> None:
    label_and_submit(analyst, assignment.article.body.text)
    assignment.refresh_from_db()
    assert assignment.status == "submitted"
    assert spans_of(assignment) == rows(SPANS)
    assert relations_of(assignment) == rows(RELATIONS)
    assert entities_of(assignment) == rows(ENTITIES)
    assert remarks_of(assignment) == rows(REMARKS)
    assert analyst.keys.count / KEYS_A_SECOND < TEN_MINUTES, analyst.keys_of


def label_and_submit(analyst: Analyst, text: str) -> None:
    """Do all cases, as a person goes through the article; what each takes is logged."""
    story = Story(analyst, text)
    with analyst.at_work_on("before and after"):
        analyst.come_to_the_article()
    for case, act in CASES:
        with analyst.at_work_on(case):
            act(story)
    with analyst.at_work_on("before and after"):
        analyst.submit()
    for case, keys in sorted(analyst.keys_of.items()):
        log.info("case %s: %s keys, %.0f s", case, keys, keys / KEYS_A_SECOND)
    log.info("all: %s keys, %.0f s", analyst.keys.count, analyst.keys.count / KEYS_A_SECOND)
