"""Whom to invite, read from rows of a table by a mapping of its columns; each line that is wrong is said."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from lms.config import LANGUAGES
from lms.formats import language_name
from lms.identity.invitees import MOST
from lms.identity.membership import ADDRESS, LONGEST_NAME
from lms.web.visible_line import visible_line

Row = list[str]
COLUMNS = ("name", "surname", "email", "language", "external_id", "extra_time", "ignore")
LONGEST, WIDEST = 1_000_000, 40  # characters of a table, columns
WORDS = {  # what headings say, in small letters
    "name": ("name", "first name", "full name", "candidate", "անուն", "անուն ազգանուն", "թեկնածու"),
    "surname": ("surname", "last name", "family name", "ազգանուն"),
    "email": ("e-mail", "email", "mail", "e-mail address", "էլ. փոստ", "էլ․ փոստ", "էլփոստ", "էլ. հասցե", "հասցե"),
    "language": ("language", "lang", "լեզու"),
    "external_id": ("id", "external id", "number", "համար"),
    "extra_time": ("extra time", "time", "լրացուցիչ ժամանակ"),
}
SHORT_WORDS = {"hy": ("arm", "հայ"), "en": ("eng", "անգլ")}
LANGUAGE_WORDS = {  # a language's code, and its name in each of them
    code: {code, *SHORT_WORDS.get(code, ()), *(language_name(code, reader).lower() for reader in LANGUAGES)}
    for code in LANGUAGES
}
TIMES = {"": 1.0, "1": 1.0, "1.25": 1.25, "1.5": 1.5, "2": 2.0}


@dataclass(frozen=True)
class Invited:
    """One person as a line names them; line: from 1."""

    line: int
    name: str
    email: str
    language: str
    external_id: str | None = None
    extra_time: float = 1.0


@dataclass(frozen=True)
class Wrong:
    """A line that could not be taken, and why."""

    line: int
    text: str
    reason: str


def rows_of(text: str) -> list[Row]:
    """The rows of a CSV text, whichever of tab, semicolon and comma parts its cells. ValueError: it is none."""
    if len(text) > LONGEST:
        raise ValueError(_("The table is too long: one million characters at most."))
    text = text.lstrip("\ufeff")
    first = text.splitlines()[0] if text.strip() else ""
    mark = max("\t;,", key=first.count)
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=mark)]
    except csv.Error:
        raise ValueError(_("This is no table of text: a quotation mark may stand open.")) from None
    return checked([row for row in rows if any(row)])


def checked(rows: Sequence[Row]) -> list[Row]:
    """All rows equally wide. ValueError where there are none, too many, or too many columns."""
    width = max(map(len, rows), default=0)
    if not width:
        raise ValueError(_("The table is empty."))
    if width > WIDEST:
        raise ValueError(_("The table has more than %(count)s columns.", count=WIDEST))
    if len(rows) > MOST + 1:
        raise ValueError(_("Invite at most %(count)s people at once.", count=MOST))
    return [[*row, *[""] * (width - len(row))] for row in rows]


def csv_of(rows: Sequence[Row]) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter="\t", lineterminator="\n").writerows(rows)
    return written.getvalue()


def guessed(rows: Sequence[Row]) -> tuple[list[str], bool]:
    """What each column holds, by its heading or by its cells, and whether the first row is a heading."""
    by_heading = [_by_heading(cell) for cell in rows[0]]
    if "email" in by_heading and not any(ADDRESS.fullmatch(cell) for cell in rows[0]):
        return _once(by_heading), True
    kinds = [_by_cells([row[place] for row in rows]) for place in range(len(rows[0]))]
    return _once(kinds), False


def _by_heading(cell: str) -> str:
    word = cell.strip().lower().rstrip(":")
    return next((kind for kind, words in WORDS.items() if word in words), "ignore")


def _by_cells(cells: Sequence[str]) -> str:
    if any(ADDRESS.fullmatch(cell) for cell in cells):
        return "email"
    if all(_language(cell) for cell in cells):
        return "language"
    return "name" if any(" " in cell and cell.replace(" ", "").isalpha() for cell in cells) else "ignore"


def _once(kinds: Sequence[str]) -> list[str]:
    """Each kind for the first column that seems to hold it."""
    return ["ignore" if kind in kinds[:place] else kind for place, kind in enumerate(kinds)]


def read(
    rows: Sequence[Row], mapping: Sequence[str], heading: bool, language: str, languages: Sequence[str]
) -> tuple[list[Invited], list[Wrong]]:
    """The people and the lines that cannot be taken, in order. language: of those whose row names none."""
    people: dict[str, Invited] = {}
    wrong: list[Wrong] = []
    for line, row in list(enumerate(rows, 1))[int(heading) :]:
        cells = {kind: cell for kind, cell in zip(mapping, row, strict=False) if kind != "ignore"}
        person = _person(line, cells, language, languages)
        if isinstance(person, str):
            wrong.append(Wrong(line, ", ".join(filter(None, row))[:120], person))
        elif person.email in people:
            wrong.append(Wrong(line, person.email, _("this address stands in an earlier line")))
        else:
            people[person.email] = person
    return list(people.values()), wrong


def _person(line: int, cells: Mapping[str, str], language: str, languages: Sequence[str]) -> Invited | str:
    """The person of a row, or what is wrong with it."""
    email = cells.get("email", "").lower()
    spoken = _language(cells["language"]) if cells.get("language") else language
    factor = TIMES.get(cells.get("extra_time", "").replace(",", ".").removeprefix("×").removeprefix("x"))
    if not ADDRESS.fullmatch(email):
        return str(_("no e-mail address"))
    if spoken is None or spoken not in languages:
        return str(_("this campaign has no test in that language"))
    if factor is None:
        return str(_("extra time is 1, 1.25, 1.5 or 2"))
    name = visible_line(" ".join(filter(None, (cells.get("name"), cells.get("surname")))))
    number = cells.get("external_id")
    if len(name) > LONGEST_NAME:
        return too_long()
    if number and len(number) > LONGEST_NAME:
        return str(_("its own number is longer than %(count)s letters", count=LONGEST_NAME))
    return Invited(line, name, email, spoken, number or None, factor)


def too_long() -> str:
    return str(_("the name is longer than %(count)s letters", count=LONGEST_NAME))


def _language(cell: str) -> str | None:
    return next((code for code, words in LANGUAGE_WORDS.items() if cell.strip().lower() in words), None)
