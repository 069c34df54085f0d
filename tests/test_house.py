"""The map of the house holds: rooms import only what they may, every route says who may open it."""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Mapping
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TypeGuard

import pytest
import wtforms
from babel.messages.extract import extract_from_dir
from flask import Flask

from lms.app import create_app
from lms.config import ROOT
from lms.content.questions import TYPES
from lms.identity.access import require_marks
from lms.web.i18n import merged_catalogue
from tests.bench.size import FORMATTER_OFF, size_of

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


IMPORTS, FUNCTIONS = (ast.Import, ast.ImportFrom), (ast.FunctionDef, ast.AsyncFunctionDef)
NO_NOUNS = {"found", "told", "seen", "known", "own", "one"}
COLUMNS = {"models.py": {"told"}, "attempt.py": {"known"}}  # databases out there have these names


def is_no_noun(node: ast.AST) -> TypeGuard[ast.Name | ast.arg]:
    """A variable or an argument whose name says nothing of what it holds."""
    if isinstance(node, ast.Name):
        return isinstance(node.ctx, ast.Store) and node.id in NO_NOUNS
    return isinstance(node, ast.arg) and node.arg in NO_NOUNS


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """What the tests ask of a file of ours, which is taken apart once for them all."""
    kinds = (*IMPORTS, *FUNCTIONS, ast.Constant, ast.Call, ast.ClassDef)
    tree = ast.walk(ast.parse(path.read_text("utf-8")))
    return tuple(node for node in tree if isinstance(node, kinds) or is_no_noun(node))


def constants(path: Path) -> set[object]:
    return {node.value for node in nodes(path) if isinstance(node, ast.Constant)}


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


def test_findings_are_told_in_both_languages() -> None:
    """Nothing of content or framework is told by a text of one language."""
    # the place of the message
    places = {"Finding": 3, "Problem": 2, "bilingual": 3, "ContentError": 2, "_wrong": 2, "_problem": 2}
    for path in (*(ROOT / "lms/content").rglob("*.py"), *(ROOT / "lms/competency").rglob("*.py")):
        for call in (node for node in nodes(path) if isinstance(node, ast.Call)):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            message = next(iter(call.args[places.get(name, len(call.args)) :]), None)
            assert not isinstance(message, ast.Constant | ast.JoinedStr), f"{path.relative_to(ROOT)}:{call.lineno}"


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


TEMPLATE_METHODS = [("**.html", "jinja2.ext.babel_extract"), ("**.txt", "jinja2.ext.babel_extract")]
KEYWORDS = {"_": None, "N_": None, "gettext": None, "lazy_gettext": None, "_l": None, "ngettext": (1, 2)}


def texts_in(path: Path) -> set[str]:
    """What a file of Python shows; one text may stand inside another's call, which Babel's own reader passes over."""
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call) and node.args]
    texts = [call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id in KEYWORDS]
    return {text.value for text in texts if isinstance(text, ast.Constant)}


def visible_texts() -> dict[str, str]:
    """Every text the program can show: text -> the file it stands in."""
    found = {text: str(path.relative_to(ROOT)) for path in (ROOT / "lms").rglob("*.py") for text in texts_in(path)}
    for path, _line, message, *_ in extract_from_dir(str(ROOT / "templates"), TEMPLATE_METHODS, keywords=KEYWORDS):
        for text in (message,) if isinstance(message, str) else message[:1]:
            found.setdefault(text, f"templates/{path}")
    return found


def test_every_visible_text_is_translated() -> None:
    catalogue = merged_catalogue("hy")
    known = {message.id if isinstance(message.id, str) else message.id[0] for message in catalogue}
    shown = visible_texts()
    assert not {text: path for text, path in shown.items() if text not in known}
    forms = "".join(path.read_text("utf-8") for path in Path(wtforms.__file__).parent.rglob("*.py"))
    assert not {text for text in known - shown.keys() if text not in forms}, "nothing shows these any more"


def test_translations_keep_their_placeholders_and_armenian_its_signs() -> None:
    names = re.compile(r"%\(\w+\)s|%\(\w+\)d|\{\w*\}")
    for message in merged_catalogue("hy"):
        if not message.id:
            continue
        source = message.id if isinstance(message.id, str) else message.id[0]
        for text in (message.string,) if isinstance(message.string, str) else message.string:
            assert sorted(names.findall(source)) == sorted(names.findall(text)), source
            assert not re.search(r"[ա-և][:?!`']", text), f"an ASCII sign after an Armenian letter: {text}"
            assert not re.search(r"(%\(\w+\)[sd]|\})-?[ա-և]", text), f"an ending glued to a placeholder: {text}"
            assert "եւ" not in text, text


def test_templates_trust_only_what_the_library_has_cleaned() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        for expression in re.findall(r"\{\{(.*?)\}\}", path.read_text("utf-8"), re.DOTALL):
            if re.search(r"\|\s*safe\b", expression):
                trusted = re.findall(r"([\w.]+)\s*\|\s*safe\b", expression)
                assert all(name.endswith(("html", "label")) for name in trusted), f"{path.name}: {expression.strip()}"


def test_style_sheets_never_upper_case_armenian() -> None:
    for path in (ROOT / "lms" / "static").glob("*.css"):
        assert not re.search(r"text-transform:\s*(uppercase|capitalize)|small-caps", path.read_text("utf-8")), path


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


def test_variables_are_named_by_what_they_hold() -> None:
    for path in sorted((ROOT / "lms").rglob("*.py")):
        named = {node.id if isinstance(node, ast.Name) else node.arg for node in nodes(path) if is_no_noun(node)}
        assert named <= COLUMNS.get(path.name, set()), f"{path.relative_to(ROOT)}: {named} may be anything"


def test_what_a_server_remembers_hangs_on_its_application() -> None:
    """Two in one process are two then, so that a test of several servers sees what one of them alone was told. What is
    kept of files follows from the files."""
    memory = re.compile(r"^\w+(: .+)? = (\{\}|\[\]|(set|dict|list)\(\)|(defaultdict|OrderedDict)\()", re.MULTILINE)
    kept = {path.name for path in (ROOT / "lms").rglob("*.py") if memory.search(path.read_text("utf-8"))}
    assert kept == {"reading_cache.py"}


def test_no_two_classes_have_one_name() -> None:
    """Who reads `Step` must not have to look up whose."""
    files = (ROOT / "lms").rglob("*.py")
    names = Counter(node.name for path in files for node in nodes(path) if isinstance(node, ast.ClassDef))
    assert [name for name, count in names.items() if count > 1] == ["Meta"]  # wtforms' and marshmallow's own


def test_the_formatter_is_never_switched_off() -> None:
    """The first release did so in fifty places; code gets a shape that formats well."""
    places = [path for path in (ROOT / "lms").rglob("*.py") if FORMATTER_OFF in path.read_text("utf-8")]
    assert not places


def test_size_counts_code_and_neither_docstrings_nor_comments(tmp_path: Path) -> None:
    path = tmp_path / "one.py"
    path.write_text(
        '"""Prose."""\n\n\ndef double(x):\n    """More\n    prose."""\n    return 2 * x  # twice\n', "utf-8"
    )
    size = size_of([path])
    assert (size.files, size.functions, size.lines, size.tokens) == (1, 1, 2, 10)


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
