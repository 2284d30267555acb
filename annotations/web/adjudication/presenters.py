"""The articles of a campaign on their way to gold, as the list shows them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotations.accounts.models import User
from annotations.adjudication.articles import Standing, standings
from annotations.adjudication.counting import counts
from annotations.adjudication.queries import Counts, State, articles
from annotations.assignments.models import Assignment, Campaign, Status
from annotations.web.adjudicating import Doorway, doorway
from annotations.web.shell import way_to

CHIPS = {
    State.READY: "chip-live",
    State.PROGRESS: "chip-warn",
    State.SETTLED: "chip-good",
    State.WAITING: "chip-plain",
}
WORDS: Mapping[State, str | Promise] = {
    State.READY: gettext_lazy("Ready"),
    State.PROGRESS: gettext_lazy("In progress"),
    State.SETTLED: gettext_lazy("Settled"),
    State.WAITING: gettext_lazy("Not ready yet"),
}
_WHY: Mapping[str, str | Promise] = {
    Status.OPEN: gettext_lazy("with %(names)s"),
    Status.REOPENED: gettext_lazy("open again with %(names)s"),
    Status.LOADING: gettext_lazy("layers of %(names)s are being loaded"),
    Status.WAITING: gettext_lazy("waits for %(names)s"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which articles: at one place or at any, only those in one's own hands, which page."""

    state: State | None = None
    mine: bool = False
    after: int | None = None
    before: int | None = None

    @property
    def everything(self) -> bool:
        """Whether somebody just came, and has not looked for anything in the list yet."""
        return self == Wanted()


@dataclass(frozen=True, slots=True)
class Tab:
    """A part of the list with how many articles are in it."""

    words: str | Promise
    key: str
    number: int
    here: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One article. `why` says what it waits for, or what changed since it was settled. `tells_left`:
    it is in progress, and how much is left can be asked; `reopens`: it is settled; `dialog`: the id of what asks before one takes over what another holds, or ""."""

    article: int
    title: str
    url: str
    state: str | Promise
    chip: str
    layers: Sequence[str]
    adjudicator: str
    why: Sequence[str]
    warns: bool
    way: Doorway | None
    tells_left: bool
    reopens: bool
    dialog: str


@dataclass(frozen=True, slots=True)
class ListScreen:
    counts: Counts
    total: int
    tabs: Sequence[Tab]
    rows: Sequence[Row]
    before: int | None
    after: int | None


def screen(campaign: Campaign, wanted: Wanted, user: User) -> ListScreen:
    """Return one page of the list. Three queries, however many articles there are."""
    numbers = counts(campaign)
    tabs = [*_tabs(numbers, wanted)]
    found = articles(
        campaign,
        state=wanted.state,
        adjudicator=user.pk if wanted.mine else None,
        after=wanted.after,
        before=wanted.before,
    )
    return ListScreen(
        counts=numbers,
        total=tabs[0].number,
        tabs=tabs,
        rows=[_row(campaign, each, user) for each in standings(campaign, found.rows)],
        before=found.before,
        after=found.after,
    )


def _tabs(numbers: Counts, wanted: Wanted) -> Iterator[Tab]:
    parts = [Tab(WORDS[at], at, getattr(numbers, at), at is wanted.state) for at in WORDS]
    yield Tab(_("All"), "", sum(part.number for part in parts), wanted.state is None)
    yield from parts


def _row(campaign: Campaign, standing: Standing, user: User) -> Row:
    article = standing.article
    runs = campaign.status == Campaign.Status.RUNNING
    is_held = article.state is State.PROGRESS and article.adjudicator != user.pk
    return Row(
        article=article.key,
        title=article.title,
        url=way_to("article", campaign.corpus.slug, article.key),
        state=WORDS[article.state],
        chip=CHIPS[article.state],
        layers=[str(each.annotator) for each in standing.submitted],
        adjudicator=article.name,
        why=[*_why(standing)],
        warns=article.state is State.SETTLED,
        way=doorway(campaign, article, user),
        tells_left=article.state is State.PROGRESS,
        reopens=article.state is State.SETTLED and runs,
        dialog=f"take-over-{article.key}" if is_held and runs else "",
    )


def _why(standing: Standing) -> Iterator[str]:
    """Yield why it is not ready, or what is no longer as it was when it was settled."""
    if standing.article.state is State.SETTLED:
        if standing.changed:
            yield _("changed since: %(names)s") % {"names": _names(standing.changed)}
        return
    for status, words in _WHY.items():
        some = [layer for layer in standing.unfinished if layer.status == status]
        if some:
            yield str(words) % {"names": _names(some)}
    if standing.article.state is State.WAITING and not standing.unfinished:
        yield _("set aside by everyone")


def _names(layers: Sequence[Assignment]) -> str:
    """Whose layers they are, each person once; of places that nobody took yet, that they are free."""
    names = [str(layer.annotator or _("anyone")) for layer in layers]
    return ", ".join(dict.fromkeys(names))
