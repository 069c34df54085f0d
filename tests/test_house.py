"""The map of the house holds: rooms import only what they may, every route says who may open it."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Mapping
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from flask import Flask

from lms.app import create_app
from lms.config import ROOT
from lms.content.questions import TYPES
from lms.identity.access import require_marks
from tests.source import FUNCTIONS, IMPORTS, constants, nodes

pytestmark = pytest.mark.xdist_group("house")  # one worker takes the files apart

PURE = {"numpy"}
LEAVES = {"formats", "lazy_modules", "config", "clock", "database", "web", "background", "report"}
# "table" is an HTML tag in the one and a kind of alembic's in the other: no question type.
NOT_OF_TYPES = {"markup_blocks.py", "document_reader.py", "env.py", "expression.py"}
WEB = {"flask", "flask_sqlalchemy", "sqlalchemy", "flask_login", "flask_babel", "flask_wtf", "wtforms", "flask_migrate"}
MAY_IMPORT = {
    "psychometrics": set(),
    "competency": {"psychometrics"},  # it hands the scorer its rules, and states what the scorer found
    "content": {"psychometrics", "competency", "formats"},  # an item's level is one of the framework's
    # charts draw what competency states
    "report": {"psychometrics", "competency", "content", "config", "formats", "lazy_modules"},
    "identity": LEAVES,
    "publishing": {"content", "identity"} | LEAVES,
    "evidence": {"competency", "psychometrics", "content", "publishing", "identity"} | LEAVES,
    "assess": {"evidence", "publishing", "content", "psychometrics", "identity"} | LEAVES,
    "worklog": {"identity"} | LEAVES,  # the one promise of everything that keeps a log of a person's work
    "lab": {"worklog", "evidence", "publishing", "content", "psychometrics", "identity"} | LEAVES,
    "rating": {"worklog", "lab", "evidence", "publishing", "content", "psychometrics", "identity"} | LEAVES,
    "learn": {"rating", "lab", "competency", "assess", "evidence", "publishing", "content", "psychometrics", "identity"}
    | LEAVES,
    "hiring": {"competency", "assess", "evidence", "publishing", "content", "psychometrics", "identity"} | LEAVES,
    "campaigns": {
        "lab",
        "hiring",
        "competency",
        "assess",
        "evidence",
        "publishing",
        "content",
        "psychometrics",
        "identity",
    }
    | LEAVES,
    "candidates": {
        "privacy",  # a candidate has their own data erased on their way
        "campaigns",
        "rating",  # work samples that people rate
        "worklog",
        "lab",
        "competency",
        "assess",
        "evidence",
        "publishing",
        "content",
        "psychometrics",
        "identity",
    }
    | LEAVES,
    "selection": {
        "candidates",
        "privacy",
        "campaigns",
        "hiring",
        "lab",
        "competency",
        "assess",
        "evidence",
        "publishing",
        "content",
        "psychometrics",
        "identity",
    }
    | LEAVES,
    "panels": {  # dates of forms are said as campaigns say them
        "campaigns",
        "competency",
        "assess",
        "evidence",
        "publishing",
        "content",
        "psychometrics",
        "report",
        "identity",
    }
    | LEAVES,
    "api": {"campaigns", "selection", "competency", "psychometrics", "identity"} | LEAVES,
    "voiding": {
        "hiring",
        "learn",
        "evidence",
        "assess",
        "publishing",
        "content",
        "competency",
        "psychometrics",
        "identity",
    }
    | LEAVES,  # whom a wrong question touched, everywhere
    "privacy": {"campaigns", "learn", "rating", "lab", "evidence", "assess", "publishing", "content", "identity"}
    | LEAVES,  # all that a person has
    "author": {"lab", "competency", "assess", "evidence", "publishing", "content", "psychometrics", "identity"}
    | LEAVES,
}


@cache
def imports(path: Path) -> frozenset[str]:
    """Full names of the modules that a file imports, also inside functions and under TYPE_CHECKING."""
    found: set[str] = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def rooms_of(names: frozenset[str]) -> set[str]:
    return {name.split(".")[1] for name in names if name.startswith("lms.")}


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_rooms_import_only_what_they_may(room: str) -> None:
    for path in (ROOT / "lms" / room).rglob("*.py"):
        extra = rooms_of(imports(path)) - MAY_IMPORT[room] - {room}
        assert not extra, f"{path.relative_to(ROOT)} imports {sorted(extra)}"


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_rooms_name_no_page_of_a_room_above(app: Flask, room: str) -> None:
    """An address is told by the room that it belongs to, not known by its endpoint's name further down."""
    others = set(app.blueprints) & set(MAY_IMPORT) - MAY_IMPORT[room] - {room}
    for path in (ROOT / "lms" / room).rglob("*.py"):
        named = {text for text in constants(path) & set(app.view_functions) if str(text).partition(".")[0] in others}
        assert not named, f"{path.relative_to(ROOT)} names {sorted(named)}"
    for path in (ROOT / "templates" / room).rglob("*.html"):
        named = set(re.findall(r"""url_for\(\s*['"]([\w.]+)""", path.read_text("utf-8")))
        assert not {name for name in named if name.partition(".")[0] in others}, path.name


@pytest.mark.parametrize("room", ["psychometrics", "competency", "content", "report", "lab/model"])
def test_pure_rooms_know_no_web_no_database_no_clock(room: str) -> None:
    for path in (ROOT / "lms" / room).rglob("*.py"):
        if path.name == "__main__.py":  # the edge: it may ask what day it is
            continue
        roots = {name.split(".")[0] for name in imports(path)}
        assert not roots & WEB, path
        assert not re.search(
            r"\b(datetime|date|dt\.date|dt\.datetime)\.(now|today|utcnow)\(|time\.time\(", path.read_text()
        ), path


def test_psychometrics_needs_nothing_but_numpy_and_scipy() -> None:
    for path in (ROOT / "lms" / "psychometrics").glob("*.py"):
        roots = {name.split(".")[0] for name in imports(path)} - {"lms", "__future__"}
        assert roots <= PURE | sys.stdlib_module_names, path


def test_no_import_hides_in_a_function() -> None:
    for path in (ROOT / "lms").rglob("*.py"):
        places = [(node.lineno, node.end_lineno or 0) for node in nodes(path) if isinstance(node, FUNCTIONS)]
        lines = [node.lineno for node in nodes(path) if isinstance(node, IMPORTS)]
        hidden = [line for line in lines if any(first <= line <= last for first, last in places)]
        assert not hidden, f"{path.relative_to(ROOT)}:{hidden}"


def test_views_write_by_the_one_transaction_rule() -> None:
    """Beside it only commands commit, the letters' sender, which must hold no lock while it speaks to a server, and the
    count of tries, which must stand before a try is judged."""
    for room in MAY_IMPORT:
        for path in (ROOT / "lms" / room).rglob("*.py"):
            assert "session.commit" not in path.read_text("utf-8") or path.name.endswith(
                ("commands.py", "throttle.py")
            ), path


def test_a_route_without_a_mark_stops_the_start(tmp_path: Path) -> None:
    app = create_app({"HMUT_DATA": tmp_path, "TESTING": True})
    app.add_url_rule("/bare", "bare", lambda: "open to all by mistake")
    with pytest.raises(RuntimeError, match="bare"):
        require_marks(app)


def test_templates_trust_only_what_the_library_has_cleaned() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        for expression in re.findall(r"\{\{(.*?)\}\}", path.read_text("utf-8"), re.DOTALL):
            if re.search(r"\|\s*safe\b", expression):
                trusted = re.findall(r"([\w.]+)\s*\|\s*safe\b", expression)
                assert all(name.endswith(("html", "label")) for name in trusted), f"{path.name}: {expression.strip()}"


def test_templates_hold_no_inline_style_or_script() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)", text), path.name


def test_app_has_all_rooms(app: Flask) -> None:
    assert {"identity", "assess", "learn", "hiring", "author"} <= set(app.blueprints)


def test_no_files_import_one_another() -> None:
    """Not even for types alone: a circle means that an idea stands on the wrong floor."""
    paths = sorted((ROOT / "lms").rglob("*.py"))
    files = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}
    order = TopologicalSorter({name: homes(imports(path), files) - {name} for name, path in files.items()})
    order.prepare()  # CycleError names the files


DOORS = {"lms.app", "lms.content.__main__", "lms.operations.serve", "lms.report.typeset"}  # begun from outside


def test_every_file_is_imported_by_another() -> None:
    """A page, a rule or a question type whose line elsewhere was forgotten does nothing, and nobody would notice."""
    paths = [path for path in sorted((ROOT / "lms").rglob("*.py")) if "migrations" not in path.parts]
    files = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}
    used = {home for name, path in files.items() for home in homes(imports(path), files) - {name}}
    assert {name for name in files.keys() - used if files[name].name != "__init__.py"} == DOORS


def homes(names: frozenset[str], files: Mapping[str, Path]) -> set[str]:
    """The files that hold the names: the module itself, or the one that a name of it is imported from."""
    return {name if name in files else name.rpartition(".")[0] for name in names} & files.keys()


def test_what_a_question_type_is_stands_in_its_one_file() -> None:
    """No other file asks for a type by its name, in Python or in a template."""
    for path in (ROOT / "lms").rglob("*.py"):
        if path.is_relative_to(ROOT / "lms" / "content" / "questions") or path.name in NOT_OF_TYPES:
            continue
        named = constants(path)
        assert not named & TYPES.keys(), f"{path.relative_to(ROOT)} names {sorted(named & TYPES.keys())}"
    for path in (ROOT / "templates").rglob("*.*"):
        named = set(re.findall(r"""["'](\w+)["']""", path.read_text("utf-8")))
        assert not named & TYPES.keys(), f"{path.name} names {sorted(named & TYPES.keys())}"


def test_what_a_server_remembers_hangs_on_its_application() -> None:
    """Two in one process are two then, so that a test of several servers sees what one of them alone was told. What is
    kept of files follows from the files."""
    memory = re.compile(r"^\w+(: .+)? = (\{\}|\[\]|(set|dict|list)\(\)|(defaultdict|OrderedDict)\()", re.MULTILINE)
    kept = {path.name for path in (ROOT / "lms").rglob("*.py") if memory.search(path.read_text("utf-8"))}
    assert kept == {"reading_cache.py"}


def test_no_server_carries_a_numerics_library_or_a_typesetter() -> None:
    """What weighs a hundred megabytes is either replaced or stands in a process of its own."""
    heavy = {"scipy": set(), "typst": {"lms/report/typeset.py"}}
    heavy |= {"openpyxl": set(), "webauthn": set()}  # read when first asked for: `lms/lazy_modules.py`
    found: dict[str, set[str]] = {name: set() for name in heavy}
    for path in sorted((ROOT / "lms").rglob("*.py")):
        for name in heavy:
            if re.search(rf"^\s*(?:import|from) {name}\b", path.read_text(), re.M):
                found[name].add(str(path.relative_to(ROOT)))
    assert found == heavy
    lock = (ROOT / "requirements.txt").read_text()
    assert not any(re.search(rf"^{name}==", lock, re.M) for name in ("scipy", "typst"))
