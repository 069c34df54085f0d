"""README and docs/ say what is so: files, commands, options and settings exist; the permissions are the application's.

`python -m tests.test_docs` writes the table of permissions into docs/operations.md.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask

from lms.app import create_app
from lms.config import ROOT, ROWS
from lms.identity.models import ROLES

PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
OPERATIONS, ARCHITECTURE = ROOT / "docs" / "operations.md", ROOT / "docs" / "architecture.md"
NAMES = {("public",): "anybody", ("token",): "programs that hold a token", ROLES: "every signed-in person"}
PLACE = re.compile(r"`((?:lms|tests|quizzes|courses|templates|docs)/[\w./@-]+)`")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
EXAMPLES = ("courses/tea-house-posts", "courses/my-course")
TABLE = re.compile(r"(?<=\| who \| pages \|\n\| --- \| --- \|\n)(?:\|.*\n)+")


def permissions(app: Flask) -> str:
    """Rows `| who | what |`, from the marks of the routes."""
    groups: dict[str, list[str]] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        access = app.view_functions[rule.endpoint].access  # type: ignore[attr-defined]
        path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
        verbs = "" if "GET" in rule.methods else " (POST)"
        groups.setdefault(NAMES.get(access, ", ".join(access)), []).append(f"`{path}`{verbs}")
    return "".join(f"| {who} | {' '.join(paths)} |\n" for who, paths in sorted(groups.items()))


def commands(text: str) -> Iterator[list[str]]:
    """The words after `flask` of every command in a page, from code alone."""
    fences = re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line for fence in fences for line in fence.splitlines()] + re.findall(r"`([^`\n]+)`", text)
    for line in lines:
        if match := re.search(r"(?:^|/|\s)flask ((?!--)[a-z].*)", line):
            yield shlex.split(match[1], comments=True)


def resolve(app: Flask, words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that the words lead to, and the words left. KeyError for one that is not there."""
    with app.app_context():
        command: click.Command | None = app.cli.get_command(click.Context(app.cli), words[0])
        if command is None:
            raise KeyError(words[0])
        rest = words[1:]
        while isinstance(command, click.Group) and rest:
            command = command.commands[rest[0].strip("…|")]
            rest = rest[1:]
    return command, rest


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    for path in PLACE.findall(text):
        assert path.startswith(EXAMPLES) or (ROOT / path).exists(), path
    for link in LINK.findall(re.sub(r"`[^`\n]+`|^(`{3,}).*?^\1$", "", text, flags=re.MULTILINE | re.DOTALL)):
        assert (page.parent / link).exists(), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_and_option_that_a_page_names_is_there(app: Flask, page: Path) -> None:
    for words in commands(page.read_text("utf-8")):
        if words[0] == "run":  # Flask's own
            continue
        command, rest = resolve(app, words)
        if command.context_settings.get("ignore_unknown_options"):  # handed on to a program of the bench
            continue
        known = {name for parameter in command.params for name in parameter.opts}
        assert {word for word in rest if word.startswith("--")} <= known, words


def test_every_command_is_in_the_docs(app: Flask) -> None:
    text = "".join(page.read_text("utf-8") for page in PAGES)
    with app.app_context():
        for name, command in app.cli.commands.items():
            below = list(command.commands) if isinstance(command, click.Group) else [""]
            for part in below if name not in ("db", "run", "shell", "routes") else ():
                assert re.search(rf"flask {name} ?{part}\b", text), f"flask {name} {part}"


def test_every_setting_that_the_program_reads_is_in_the_docs() -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "lms").rglob("*.py"))
    settings = set(re.findall(r"environment\.get\(\"(\w+)\"", source)) | ROWS.keys()
    assert len(settings) > 7
    for name in settings:
        assert f"`{name}`" in OPERATIONS.read_text("utf-8"), name


def test_the_table_of_permissions_is_the_applications_own(app: Flask) -> None:
    found = TABLE.search(OPERATIONS.read_text("utf-8"))
    assert found and found[0] == permissions(app), "python -m tests.test_docs writes it"


def test_ten_common_changes_name_the_files_that_they_touch() -> None:
    _, _, table = ARCHITECTURE.read_text("utf-8").partition("| change | file |\n| --- | --- |\n")
    rows = table.partition("\n\n")[0].splitlines()
    assert len(rows) == 10
    for row in rows:
        named = PLACE.findall(row.replace("<type>.py", "single.py"))
        assert named and all((ROOT / path).exists() for path in named), row


def test_readme_is_one_page_a_person() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    pages = re.findall(r"^## For (\w+)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert [who for who, _ in pages] == ["trainees", "HR", "instructors", "operators", "developers"]
    assert all(len(page.splitlines()) < 40 for _, page in pages)


def test_architecture_names_every_room() -> None:
    """The table of rooms holds what stands in the tree, and nothing else."""
    table = ARCHITECTURE.read_text("utf-8").partition("| --- | --- |\n")[2].partition("\n\n")[0]
    named = {room for line in table.splitlines() for room in re.findall(r"`(\w+)/`", line.split(" | ")[0])}
    assert named == {path.parent.name for path in (ROOT / "lms").glob("*/__init__.py")}


if __name__ == "__main__":
    written = TABLE.sub(lambda _: permissions(create_app()), OPERATIONS.read_text("utf-8"))
    OPERATIONS.write_text(written, "utf-8")
