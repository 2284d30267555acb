"""Why an export cannot be had in a format: the sentence, and what the page and the API tell programs."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from annotations.exchange.converting import NoSpace, NoTexts, NotInstalled, Unreadable, Untrue
from annotations.exchange.handing_out import Expired
from annotations.exchange.writers.options import BadOption, Wrong
from annotations.networks.counting import TooMany, What
from annotations.spans.protocol import Answer

REFUSED = (BadOption, Expired, NoSpace, NotInstalled, NoTexts, TooMany, Unreadable, Untrue)


def answer_to(error: Exception) -> Answer:
    """What a program is told of one of REFUSED."""
    status, word, message = _told(error)
    return Answer(status, {"error": word, "message": message})


def message_of(error: Exception) -> str:
    """What people are told of one of REFUSED."""
    _status, _word, message = _told(error)
    return message


def no_space() -> str:
    return _("There is not enough space on the disk.")


def _told(error: Exception) -> tuple[int, str, str]:
    match error:
        case BadOption():
            return 400, "option", refusal_of(error)
        case TooMany():
            return 422, "too_many", refusal_of(error)
        case Expired():
            return 410, "expired", str(error)
        case NotInstalled():
            return 501, "not_installed", str(error)
        case NoTexts():
            return 409, "no_texts", str(error)
        case NoSpace():
            return 507, "no_space", no_space()
        case _:
            return 409, "damaged", str(error)


def refusal_of(error: BadOption | TooMany) -> str:
    """Why there is no such file, and what could be done, in the language now active."""
    if isinstance(error, TooMany):
        return _TOO_MANY[error.what]() % {"most": f"{error.most:,}"}
    return _WRONG[error.wrong](error) % {
        "key": error.key,
        "given": error.given[:_SHOWN],
        "known": ", ".join(error.known),
    }


_SHOWN = 100


def _unknown(error: BadOption) -> str:
    if error.known:
        return _("This format has no choice “%(key)s”. It has: %(known)s.")
    return _("In this format there is nothing to choose, so not “%(key)s” either.")


_WRONG: Mapping[Wrong, Callable[[BadOption], str]] = {
    Wrong.UNKNOWN: _unknown,
    Wrong.VALUE: lambda _e: _("“%(key)s” cannot be “%(given)s”. It is one of: %(known)s."),
    Wrong.NUMBER: lambda _e: _(
        "“%(key)s” cannot be “%(given)s”. It is a whole number between these two: %(known)s."
    ),
    Wrong.DAY: lambda _e: _(
        "“%(key)s” cannot be “%(given)s”. It is a day, written like 2024-10-31, or empty."
    ),
    Wrong.ONE_MODE: lambda _e: _(
        "“%(given)s” ties what is alike: it needs a network of actors alone, or of concepts alone."
    ),
    Wrong.TWO_MODE: lambda _e: _("“%(given)s” needs a network of actors and concepts."),
    Wrong.COMBINED: lambda _e: _(
        "Weights that are combined are names of what was said. Divided, they would mean nothing."
    ),
    Wrong.KERNEL: lambda _e: _(
        "A kernel needs windows of days, weeks, months or years, and ties that are neither divided nor"
        " combined nor made of polarity."
    ),
    Wrong.TIME: lambda _e: _("The last day is before the first."),
}

_TOO_MANY: Mapping[What, Callable[[], str]] = {
    What.STATEMENTS: lambda: _(
        "There are more than %(most)s different statements. Choose a shorter time, or fewer layers."
    ),
    What.NODES: lambda: _(
        "There are more than %(most)s actors or concepts. Leave out what is not linked to an entity, or"
        " choose a shorter time."
    ),
    What.WINDOWS: lambda: _(
        "There are more than %(most)s windows. Choose a longer unit, or a shorter time."
    ),
    What.STEPS: lambda: _(
        "This network takes more than %(most)s steps. Choose a shorter time, longer units, or leave out"
        " what is not linked to an entity."
    ),
    What.TIES: lambda: _(
        "More than %(most)s ties change with time. Choose a longer unit, a shorter time, or another"
        " format."
    ),
}
