"""As which account PostgreSQL runs: as ourselves, but never as root, which it refuses."""

import os
import pwd
from pathlib import Path

from workbench.env import Refusal
from workbench.local.processes import Account

CANDIDATES = ("postgres", "nobody")


def our_name() -> str:
    """The name of our account. PostgreSQL needs one; a bare number is a `Refusal`."""
    return _named(os.geteuid()).pw_name


def server_account(data: Path) -> Account | None:
    """None: PostgreSQL runs as ourselves. As root: as the owner of `data`, else as `postgres`
    or `nobody`, whichever exists first. Data of somebody else is a `Refusal`.
    """
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() != 0:
        _refuse_foreign(data, owner)
        return None
    return _account(_named(owner) if owner else _unprivileged())


def _refuse_foreign(data: Path, owner: int | None) -> None:
    if owner not in (None, os.geteuid()):
        raise Refusal(
            f"The database in {data} belongs to another user (uid {owner}): "
            "run as that user, or name another state folder in KUTIP_STATE."
        )


def _unprivileged() -> pwd.struct_passwd:
    for name in CANDIDATES:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Refusal("PostgreSQL cannot run as root, and there is no account `postgres` or `nobody`.")


def _named(uid: int) -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        raise Refusal(f"User id {uid} has no name in /etc/passwd; PostgreSQL needs one.") from None


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def can_reach(account: Account, path: Path) -> bool:
    """The account may pass every folder above `path`, by the mode bits of owner, group and all."""
    return all(_may_pass(account, folder) for folder in path.resolve().parents if folder.exists())


def _may_pass(account: Account, folder: Path) -> bool:
    status = folder.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & 0o100)
    if status.st_gid == account.gid:
        return bool(status.st_mode & 0o010)
    return bool(status.st_mode & 0o001)
