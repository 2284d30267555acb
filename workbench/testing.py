"""The pytest plugin that gives every test run real servers, before the settings are read.

They have a state folder of their own (`test` within the usual one), so a test run never meets the
data of `make run`. Their cluster does not wait for the disk: a crash of the machine may damage it
(then remove the folder), a kill of anything may not. The controller of a parallel run starts them
for its workers; they end with it, even if it is killed.
"""

import contextlib
import os
import sys
from collections.abc import Iterator

import pytest

from workbench.env import Refusal
from workbench.local import connections, paths, servers


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """The servers are up before pytest-django (whose hook this one wraps) asks for settings."""
    _remember_what_was_compiled()
    if "PYTEST_XDIST_WORKER" not in os.environ:
        os.environ["KUTIP_STATE"] = str(paths.state_dir() / "test")
        _stay_up(early_config)
    else:
        _keep_apart(os.environ["PYTEST_XDIST_WORKER"])
    yield


def _remember_what_was_compiled() -> None:
    """Containers often tell Python to write no bytecode. Then every worker, and every process that
    a test starts, compiles all our modules anew, and pytest rewrites all its asserts."""
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def _keep_apart(worker: str) -> None:
    """Each worker of a parallel run has a cache of its own, as it has a database: one may clear it."""
    shared = connections.cache_url()
    if shared and shared.startswith("unix://"):
        number = 2 + int(worker.removeprefix("gw"))
        os.environ["KUTIP_CACHE_URL"] = f"{shared.rpartition('=')[0]}={number}"


def _stay_up(config: pytest.Config) -> None:
    stack = contextlib.ExitStack()
    try:
        stack.enter_context(servers.ensure(durable=False))
    except Refusal as refusal:
        raise pytest.UsageError(str(refusal)) from refusal
    config.add_cleanup(stack.close)
