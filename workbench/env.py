"""The environment, read with types. A variable that is set but empty counts as not set;
nonsense is refused with one sentence (`Refusal`), which the entry points print without a traceback.
"""

import os
from collections.abc import Sequence
from pathlib import Path

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}


class Refusal(Exception):
    """What keeps Kutip from going on, in one sentence for the person at the terminal."""


def text(name: str, default: str = "") -> str:
    """The value without surrounding white space, or `default`."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    """True for 1, true, yes, on; False for 0, false, no, off. Anything else is a `Refusal`."""
    word = text(name).lower()
    if word and word not in TRUE | FALSE:
        raise Refusal(f"{name} must be 1 or 0, not {word!r}.")
    return word in TRUE if word else default


def integer(name: str, default: int, *, least: int, most: int) -> int:
    """A whole number from `least` to `most`, both included, or `default`."""
    word = text(name)
    if not word:
        return default
    if not (word.isascii() and word.isdigit()) or not least <= int(word) <= most:
        raise Refusal(f"{name} must be a whole number from {least} to {most}, not {word!r}.")
    return int(word)


def words(name: str, default: Sequence[str] = ()) -> list[str]:
    """The values between commas, or a copy of `default`."""
    found = [word.strip() for word in text(name).split(",") if word.strip()]
    return found or list(default)


def secret(name: str) -> str:
    """The value, or the content of the file that NAME_FILE names, or "".

    Both set, or a file that cannot be read, is a `Refusal` (which never shows the value).
    """
    value, file = text(name), text(f"{name}_FILE")
    if value and file:
        raise Refusal(f"{name} and {name}_FILE are both set; keep one of them.")
    if not file:
        return value
    try:
        return Path(file).read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"{name}_FILE names a file that cannot be read: {file}.") from error


def under_ci() -> bool:
    """Whether CI runs us: nothing that tests need may be missing then."""
    return text("CI").lower() not in ("", "0", "false")
