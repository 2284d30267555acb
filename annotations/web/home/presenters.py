"""Home, put together. How many queries it takes depends on the role alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from annotations import policy
from annotations.accounts.models import Role, User
from annotations.conversation.queries import Waiting, waiting
from annotations.web.home import overview, work
from annotations.web.home.settling import Settling, settling
from annotations.web.shell import way_to


@dataclass(frozen=True, slots=True)
class Overview:
    """The part for those who run or read campaigns."""

    new_corpus_url: str
    campaigns: Sequence[overview.Ongoing]
    shelves: Sequence[overview.Shelf]
    jobs: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class Home:
    """What a page of home shows. `settles_first`: its one key leads into adjudication, as there is
    nothing to label."""

    name: str
    needs_password: bool
    tasks: Sequence[work.Task]
    pieces: Sequence[work.Piece]
    waiting: Waiting
    settling: Sequence[Settling]
    settles_first: bool
    overview: Overview | None

    @property
    def has_key(self) -> bool:
        """Whether its one key leads to work of one's own."""
        return bool(self.settling) or not self.settles_first


def home_of(user: User) -> Home:
    tasks = work.tasks(user)
    return Home(
        name=str(user),
        needs_password=not user.has_usable_password(),
        tasks=tasks,
        pieces=work.pieces(user),
        waiting=waiting(user, policy.layers_discussed_by(user)),
        settling=settling(user),
        settles_first=not any(task.first for task in tasks),
        overview=None if user.role == Role.ANNOTATOR else _overview(user),
    )


def _overview(user: User) -> Overview:
    return Overview(
        new_corpus_url=way_to("corpus_new") if policy.CREATE_CORPUS.allows(user, None) else "",
        campaigns=overview.campaigns(user),
        shelves=overview.shelves(user),
        jobs=overview.jobs(user),
    )
