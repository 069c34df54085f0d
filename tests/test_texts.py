"""Every visible text exists in both languages and keeps its placeholders and its script's signs."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest
import wtforms
from babel.messages.extract import extract_from_dir

from lms.config import ROOT
from lms.web.i18n import merged_catalogue
from tests.source import nodes

pytestmark = pytest.mark.xdist_group("house")  # one worker takes the files apart


def test_findings_are_told_in_both_languages() -> None:
    """Nothing of content or framework is told by a text of one language."""
    # the place of the message
    places = {"Finding": 3, "Problem": 2, "bilingual": 3, "ContentError": 2, "_wrong": 2, "_problem": 2}
    for path in (*(ROOT / "lms/content").rglob("*.py"), *(ROOT / "lms/competency").rglob("*.py")):
        for call in (node for node in nodes(path) if isinstance(node, ast.Call)):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            message = next(iter(call.args[places.get(name, len(call.args)) :]), None)
            assert not isinstance(message, ast.Constant | ast.JoinedStr), f"{path.relative_to(ROOT)}:{call.lineno}"


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


# One is a programmer's mistake; the other is said by the base of a field that says its own.
NEVER_SHOWN = {"Choices cannot be None.", "Not a valid datetime value."}


def test_what_wtforms_says_of_our_fields_is_translated() -> None:
    """Every message of the fields and validators that our forms name, and of what these are made from."""
    imports = (
        node for path in (ROOT / "lms").rglob("*.py") for node in nodes(path) if isinstance(node, ast.ImportFrom)
    )
    names = {name.name for node in imports if (node.module or "").startswith("wtforms") for name in node.names}
    kinds = [getattr(module, name, None) for module in (wtforms, wtforms.validators) for name in names]
    bases = {base for kind in kinds if isinstance(kind, type) for base in kind.__mro__ if base is not object}
    sources = "".join(inspect.getsource(base) for base in bases if base.__module__.startswith("wtforms"))
    messages = set(re.findall(r'gettext\(\s*"([^"]+)"', sources)) - NEVER_SHOWN
    catalogue = merged_catalogue("hy")
    assert len(messages) > 12 and not {message for message in messages if message not in catalogue}


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


def test_style_sheets_never_upper_case_armenian() -> None:
    for path in (ROOT / "lms" / "static").glob("*.css"):
        assert not re.search(r"text-transform:\s*(uppercase|capitalize)|small-caps", path.read_text("utf-8")), path
