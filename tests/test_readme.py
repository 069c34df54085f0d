"""README says what is so: commands exist, files exist, and its table of permissions is the application's own."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskCliRunner

from lms.config import ROOT
from lms.identity.models import ROLES

README = (ROOT / "README.md").read_text("utf-8")
NAMES = {("public",): "anybody", ROLES: "every signed-in person"}


def permissions(app: Flask) -> str:
    """Rows `| who | what |`, from the marks of the routes."""
    groups: dict[str, list[str]] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        access = app.view_functions[rule.endpoint].access  # type: ignore[attr-defined]
        path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
        verbs = "" if "GET" in rule.methods else " (POST)"
        groups.setdefault(NAMES.get(access, ", ".join(access)), []).append(f"`{path}`{verbs}")
    return "\n".join(f"| {who} | {' '.join(paths)} |" for who, paths in sorted(groups.items()))


def test_the_table_of_permissions_is_the_applications_own(app: Flask) -> None:
    assert permissions(app) in README, f"put this into README:\n{permissions(app)}"


def test_every_file_that_readme_names_is_there() -> None:
    for path in re.findall(r"`((?:lms|tests|quizzes|courses|templates)/[\w./-]+)`", README):
        assert (ROOT / path).exists(), path


def test_every_command_that_readme_names_is_there(app: Flask) -> None:
    runner: FlaskCliRunner = app.test_cli_runner()
    found = set(re.findall(r"flask (?:--app wsgi )?((?:[a-z]+ ?){1,2})", README))
    assert len(found) > 8
    for words in found:
        command = runner.app.cli.get_command(None, words.split()[0])  # type: ignore[arg-type]
        assert command or words.split()[0] in ("db", "run"), words


def test_every_setting_that_the_program_reads_is_in_readme() -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "lms").rglob("*.py"))
    for name in set(re.findall(r"environment\.get\(\"(\w+)\"", source)):
        assert f"`{name}`" in README, name
