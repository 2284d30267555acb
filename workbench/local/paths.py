"""Where Kutip keeps its state, its sockets and its logs on this machine."""

import hashlib
import os
import stat
from pathlib import Path

from workbench import env

CHECKOUT = Path(__file__).resolve().parents[2]
# Never TMPDIR or XDG_RUNTIME_DIR: every process of one state must find the same sockets, whatever
# its own environment says, and the path must stay far under the 104 bytes a socket's name may have.
SOCKETS_BASE = Path("/", "tmp")


def state_dir() -> Path:
    """The state folder, absolute: KUTIP_STATE, or `.local` in the checkout. Not created here."""
    return Path(env.text("KUTIP_STATE") or CHECKOUT / ".local").resolve()


def run_dir() -> Path:
    """The private folder of our sockets: one for each user and state folder. Not created here."""
    tag = hashlib.sha256(os.fsencode(state_dir())).hexdigest()[:12]
    return SOCKETS_BASE / f"kutip-{os.geteuid()}-{tag}"


def postgres_socket_dir() -> Path:
    """The folder of PostgreSQL's socket: apart, because another account owns it under root."""
    return run_dir().with_name(f"{run_dir().name}-pg")


def log_file(name: str) -> Path:
    """The log of one part (`web`, `worker`, `postgresql`, ...)."""
    return state_dir() / "logs" / f"{name}.log"


def make_state_dir() -> Path:
    """The state folder exists with its `logs`; nobody else can list it.

    Under root others may pass through it (0711), for PostgreSQL runs under another account.
    Raises `Refusal` when it cannot be made or belongs to somebody else.
    """
    state = state_dir()
    try:
        state.mkdir(parents=True, exist_ok=True)
        if state.stat().st_uid == os.geteuid():
            state.chmod(0o711 if os.geteuid() == 0 else 0o700)
        (state / "logs").mkdir(mode=0o700, exist_ok=True)
        why = "" if os.access(state, os.W_OK) else "no permission to write"
    except OSError as error:
        why = str(error.strerror)
    if why:
        raise env.Refusal(
            f"The state folder {state} cannot be used ({why}): "
            "run as its owner, or name another one in KUTIP_STATE."
        )
    return state


def make_private_dir(path: Path, owner: int | None = None) -> Path:
    """`path` is a folder of mode 0700 that belongs to `owner` (by default to us).

    A link or a folder of somebody else in its place is a `Refusal`: the parent is open to all.
    """
    owner = os.geteuid() if owner is None else owner
    try:
        path.mkdir(mode=0o700)
        os.chown(path, owner, -1)
    except FileExistsError:
        pass
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
        raise env.Refusal(f"{path} is not a private folder of ours; remove it.")
    return path


def write_private(path: Path, content: str, owner: int | None = None) -> None:
    """`path` holds all of `content`, mode 0600, even after a crash; it belongs to `owner` (by
    default to us). Its folder may be open to others: no link in it is followed.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(content)
        if owner is not None:
            os.fchown(descriptor, owner, -1)
        file.flush()
        os.fsync(descriptor)
    part.replace(path)
