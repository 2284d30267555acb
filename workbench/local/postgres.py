"""The embedded PostgreSQL: on a socket only, for our account only, and safe against kill -9."""

import signal
from functools import cache, partial
from pathlib import Path

from workbench.local import accounts, binaries, cluster, leftovers, paths, processes
from workbench.local.connections import APP, OWNER, POSTGRES_PORT
from workbench.local.processes import Account
from workbench.local.programs import Process, Program

# For two cores and little memory: a cluster of one team, not of a company.
SETTINGS = {
    "listen_addresses": "",
    "port": POSTGRES_PORT,
    "max_connections": "100",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    # pglz takes a quarter off a page that is logged whole, and 90 µs more
    "wal_compression": "off",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "cluster_name": "kutip",
}
# Since version 18 workers of the server read for it, which pays where the disk is what is waited for. Of
# pages that are in memory they are half of the cost, and the disk is told in advance without them.
SINCE_18 = {"io_method": "sync"}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
# For the databases of tests: a crash of the machine (not of the server) may damage them. Nobody
# vacuums and counts behind their backs: a plan that depends on when that was is another each time.
FLEETING = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


def program(*, durable: bool) -> Program:
    """PostgreSQL on the cluster of this state folder, which is made if there is none yet."""
    return Program(
        name="PostgreSQL",
        log=paths.log_file("postgresql"),
        launch=partial(_launch, durable),
        ending=((signal.SIGINT, 60), (signal.SIGQUIT, 10)),
    )


def is_ready(pid: int) -> bool:
    """The server with this process id takes connections (it says so in its lock file)."""
    lock = leftovers.read_lock(_place()[1])
    return lock is not None and lock.pid == pid and lock.status == "ready"


@cache
def _place() -> tuple[Path, Path]:
    programs = binaries.postgres_programs()
    return programs, cluster.place(binaries.postgres_major(programs))


def _launch(durable: bool) -> Process:
    programs, data = _place()
    account = accounts.server_account(data)
    programs = binaries.within_reach(programs, account)
    if not data.exists():
        cluster.create(data, programs, account)
    socket_dir = paths.postgres_socket_dir()
    paths.make_private_dir(socket_dir, account.uid if account else None)
    leftovers.clear(data, socket_dir)
    _let_in_only_us(data, account)
    return processes.spawn(
        [programs / "postgres", "-D", data, "-k", socket_dir, *_options(durable, programs)],
        log=paths.log_file("postgresql"),
        cwd=Path("/"),
        death=signal.SIGINT,
        account=account,
        env=cluster.server_environment(),
    )


def _options(durable: bool, programs: Path) -> list[str]:
    settings = SETTINGS | (DURABLE if durable else FLEETING)
    if binaries.postgres_major(programs) >= 18:
        settings |= SINCE_18
    return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]


def _let_in_only_us(data: Path, account: Account | None) -> None:
    # The kernel says who is at the other end of the socket; the map says which roles that may be.
    # (Plain `peer` would not do: as root the server's account is not the one that connects.)
    name = accounts.our_name().replace('"', '""')
    roles = (cluster.SUPERUSER, OWNER, APP)
    owner = account.uid if account else None
    map_lines = "".join(f'kutip "{name}" {role}\n' for role in roles)
    paths.write_private(data / "pg_hba.conf", "local all all peer map=kutip\n", owner=owner)
    paths.write_private(data / "pg_ident.conf", map_lines, owner=owner)
