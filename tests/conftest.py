"""What is done before any test: where databases lie, which tests run and in what order. The fixtures are in
`tests/fixtures.py`: they import the whole product, for which a process that only hands tests to workers need not wait.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.summary import pytest_terminal_summary  # noqa: F401  a hook

WORKBENCH = "HMUT_TESTS_WORKBENCH"
ROOM = 3 << 30  # bytes that the databases of a whole run may take


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "xdist_group(name): tests that one worker runs")
    config.addinivalue_line("markers", "both_engines: PostgreSQL could answer otherwise than SQLite here")
    config.addinivalue_line("markers", "one_engine: no, not in this test of a file marked `both_engines`")
    if not hasattr(config, "workerinput"):
        # Not below pytest's own folder: the database server runs as another user, whom pytest locks out there.
        os.environ[WORKBENCH] = tempfile.mkdtemp(prefix="hmut-tests-", dir=_memory())
    if config.getoption("dist", "no") == "no" or config.option.collectonly:
        config.pluginmanager.import_plugin("tests.fixtures")


def _memory() -> str | None:
    """A folder in memory where there is room: a thousand databases are copied, written to and thrown away."""
    shared = Path("/dev/shm")
    roomy = os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > ROOM
    return str(shared) if roomy else None


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(WORKBENCH), ignore_errors=True)


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """PostgreSQL only where a mark asks for it. Browser tests of a file and language share a worker, hence a server.
    Storms come first, so that no worker is left alone with one at the end."""
    items.sort(key=lambda item: item.path.parent.name != "storm")
    for item in items:
        if {"browser", "live_server"} & _fixtures(item):
            item.add_marker(
                pytest.mark.xdist_group(f"{item.path.stem} of {item.path.parent.name} {_param(item, 'language')}")
            )
        if "brought_up" in _fixtures(item):  # the database of a release, made by one worker
            item.add_marker(pytest.mark.xdist_group(f"release {_param(item, 'release')}"))
    left_out = {item for item in items if _engine(item) == "postgresql" and not _wants_both(item)}
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]


def _fixtures(item: pytest.Item) -> set[str]:
    return set(getattr(item, "fixturenames", ()))


def _wants_both(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("both_engines")) and not item.get_closest_marker("one_engine")


def _param(item: pytest.Item, name: str) -> str:
    spec = getattr(item, "callspec", None)
    return "" if spec is None else str(spec.params.get(name, ""))


def _engine(item: pytest.Item) -> str:
    """The engine that a test is drawn for by the fixture; one that names its engine itself keeps it."""
    named = any(mark.args[0] == "engine_name" for mark in item.iter_markers("parametrize"))
    return "" if named else _param(item, "engine_name")
