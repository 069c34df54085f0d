"""Whom to invite, read from what was pasted: addresses, "Name <address>" or rows of a table, one person a line."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from lms.identity.membership import ADDRESS, LONGEST_NAME
from lms.web.visible_line import visible_line

MOST = 300  # people in one act
HEADINGS = {"e-mail", "email", "mail", "էլ. փոստ", "էլ․ փոստ", "էլփոստ", "հասցե"}


@dataclass(frozen=True)
class Invitee:
    """One line that could be read: the address in small letters, and the name that stands beside it, if any."""

    line: int
    email: str
    name: str = ""


@dataclass(frozen=True)
class Unread:
    """A line that invites nobody. fault: "" where no address was found, "again" where the address stood in an earlier
    line, "long" where the name beside it is too long to keep."""

    line: int
    text: str
    fault: str = ""


def reason(line: Unread) -> str:
    """Why a line invites nobody, in the reader's language."""
    if line.fault == "long":
        return str(_("the name is longer than %(count)s characters", count=LONGEST_NAME))
    return str(_("this address stands in an earlier line") if line.fault else _("no e-mail address"))


def read(text: str) -> tuple[list[Invitee], list[Unread]]:
    """The people and the lines that name nobody, in order. A heading of a table is neither."""
    people: dict[str, Invitee] = {}
    unread: list[Unread] = []
    for number, line in _lines(text):
        invitee = _invitee(number, line)
        if invitee is None:
            unread.append(Unread(number, line.strip()[:120]))
        elif invitee.email in people:
            unread.append(Unread(number, invitee.email, "again"))
        elif len(invitee.name) > LONGEST_NAME:
            unread.append(Unread(number, invitee.email, "long"))
        else:
            people[invitee.email] = invitee
    return list(people.values()), unread


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Numbered lines with something in them. Addresses side by side, parted by commas or semicolons, are lines too."""
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        cells = [cell.strip() for cell in re.split(r"[,;]", line) if cell.strip()]
        if len(cells) > 1 and all(ADDRESS.fullmatch(cell) or _named(cell) for cell in cells):
            yield from ((number, cell) for cell in cells)
        elif line.strip() and not {cell.lower() for cell in _cells(line)} & HEADINGS:
            yield number, line


def _invitee(number: int, line: str) -> Invitee | None:
    if (named := _named(line)) and ADDRESS.fullmatch(named[1]):
        return Invitee(number, named[1].lower(), visible_line(named[0]))
    cells = _cells(line)
    addresses = [cell for cell in cells if ADDRESS.fullmatch(cell)]
    if len(addresses) != 1:
        return None
    names = [cell for cell in cells if cell != addresses[0]]
    return Invitee(number, addresses[0].lower(), visible_line(" ".join(names)))


def _named(text: str) -> tuple[str, str] | None:
    """The parts of `Name <address>`, the name in quotes or not. By hand: a pattern would try every space of a long run
    against every other."""
    name, opening, rest = text.strip().partition("<")
    name, address = name.strip().removeprefix('"').removesuffix('"').strip(), rest.removesuffix(">").strip()
    if not opening or not rest.endswith(">") or not address or set('"<>') & set(name + address):
        return None
    return name, address


def _cells(line: str) -> list[str]:
    """The cells of one row, whichever of tab, semicolon and comma parts them."""
    mark = next((mark for mark in "\t;," if mark in line), ",")
    return [cell.strip() for cell in next(csv.reader([line], delimiter=mark), []) if cell.strip()]
