"""`flask content new course|module|item` and `flask content ids`: an author's help with files, without the database."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from lms import clock
from lms import content as pure
from lms.content.model import Library
from lms.content.new_content import course_files, item_text, module_files, next_number, with_module
from lms.content.questions import TYPES
from lms.content.text import LANGUAGES

new = AppGroup("new", help="Write a frame that can be read at once and only has to be filled in.")
root = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where courses/ and quizzes/ stand; the program's folder when left out.",
)
KINDS = ("sub", "fact", "metric", "claim", "course", "module", "item")


@new.command("course")
@click.argument("course", metavar="ID")
@click.argument("slug")
@root
def new_course(course: str, slug: str, root: Path | None) -> None:
    """A course with its first module: ID like C20, SLUG in small letters with hyphens."""
    folder = _root(root)
    if course in pure.load(folder).courses:
        raise click.ClickException(f"the id {course} is taken; see `flask content ids course`")
    _write(folder, course_files(course, slug, clock.now().date().isoformat()))


@new.command("module")
@click.argument("course", metavar="COURSE")
@click.argument("slug")
@root
def new_module(course: str, slug: str, root: Path | None) -> None:
    """The next module of the course with the id COURSE, in both languages, with its bank."""
    folder = _root(root)
    library = pure.load(folder)
    if course not in library.courses:
        raise click.ClickException(f"there is no course {course}; see `flask content ids course`")
    target = library.courses[course]
    stem = f"{next_number(target.stems, ''):02d}-{slug}"
    name = f"{course}.{next_number(target.modules, f'{course}.')}"
    try:
        listed = with_module(target.source, stem)
    except ValueError as error:
        raise click.ClickException(f"{target.path}: {error}") from None
    _write(folder, module_files(name, target.slug, stem, clock.now().date().isoformat()))
    (folder / target.path).write_bytes(listed.encode())
    click.echo(f"{target.path}: names {stem}")


@new.command("item")
@click.argument("kind", metavar="TYPE", type=click.Choice(tuple(TYPES)))
@click.argument("name", metavar="ID")
@click.option("--bank", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Append it to this file.")
def new_item(kind: str, name: str, bank: Path | None) -> None:
    """An item of the type, printed or appended to a bank."""
    text = item_text(kind, name)
    if bank is None:
        click.echo(text, nl=False)
        return
    with bank.open("a", encoding="utf-8", newline="") as file:
        file.write(f"\n{text}")
    click.echo(f"{bank}: has {name}")


@click.command("ids")
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@root
def ids(kind: str, language: str, root: Path | None) -> None:
    """What may stand where an id is asked for, one a line with its words."""
    for name, words in _named(pure.load(_root(root)), kind, language).items():
        click.echo(f"{name}  {words}".rstrip())


def _named(library: Library, kind: str, language: str) -> Mapping[str, str]:
    reference = library.reference
    if kind == "sub":
        return {name: item.name.get(language) for name, item in reference.framework.sub_competencies.items()}
    if kind == "fact":
        return {name: f"{item.text.get(language)}, until {item.valid_until}" for name, item in reference.facts.items()}
    if kind == "metric":
        return {name: str(entry["name"].get(language) or name) for name, entry in reference.metrics.items()}
    if kind == "claim":
        return {name: item.summary for name, item in reference.seed.items()}
    if kind == "course":
        return {name: item.title.get(language) for name, item in library.courses.items()}
    if kind == "module":
        return {name: item.text(language).title for name, item in library.modules.items()}
    return {name: f"{item.path}:{item.line}" for name, item in library.items.items()}


def _write(folder: Path, files: Mapping[str, str]) -> None:
    if there := [path for path in files if (folder / path).exists()]:
        raise click.ClickException(f"{', '.join(there)}: there already; nothing was written")
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())
        click.echo(path)


def _root(folder: Path | None) -> Path:
    return folder or Path(current_app.config["HMUT_CONTENT"])
