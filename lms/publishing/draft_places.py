"""Where a file that was handed over without its folder would be published: by its name and what it says of itself."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lms.content.claimed_ids import said
from lms.content.errors import Finding
from lms.content.load import place_of
from lms.content.text import Text
from lms.publishing.current_content import library

COURSE_FILE = "course.yaml"
MODULE_FILE = re.compile(r"(?P<stem>[\w-]+)\.(?P<language>hy|en)\.md")
PLAIN = re.compile(r"[a-z0-9][a-z0-9_/-]*")  # folders and names that content files have
NO_COURSE = Text(
    en="no published course has the id {id}: choose its course.yaml as well",
    hy="{id} նույնացուցիչով հրապարակված դասընթաց չկա. ընտրեք նաև դրա course.yaml ֆայլը",
)
NO_PLACE = Text(
    en="this is neither course.yaml nor a module (01-name.hy.md, with `id:`) nor a bank (.md, with `bank:`)",
    hy="սա ո՛չ course.yaml է, ո՛չ մոդուլ (01-name.hy.md, որի մեջ կա id), ո՛չ էլ հարցաշար (.md, որի մեջ կա bank)",
)


def placed(named: Mapping[str, bytes]) -> tuple[dict[str, bytes], list[Finding]]:
    """Each file at the path where it would be published, and what is said of those without one."""
    slugs = {said(data, "id"): said(data, "slug") for name, data in named.items() if name == COURSE_FILE}
    files: dict[str, bytes] = {}
    strays: list[Finding] = []
    for name, data in named.items():
        path = _path(name, data, slugs)
        if isinstance(path, Text):
            strays.append(Finding.bilingual(name, 1, "place", path))
        else:
            files[path] = data
    return files, strays


def _path(name: str, data: bytes, slugs: Mapping[str, str]) -> str | Text:
    """`slugs`: folders of the courses whose course.yaml is among the files, by id."""
    if name == COURSE_FILE:
        folder = _folder(said(data, "id"), slugs)
        return f"{folder}/{COURSE_FILE}" if folder else NO_PLACE
    if match := MODULE_FILE.fullmatch(name):
        key = said(data, "id")
        module = library().modules.get(key)
        if module:
            return f"{place_of(next(iter(module.languages.values())).path)}.{match['language']}.md"
        course = key.partition(".")[0]
        folder = _folder(course, slugs)
        return f"{folder}/{name}" if folder else NO_COURSE.filled(id=course) if course else NO_PLACE
    bank = said(data, "bank")
    return f"quizzes/{bank}.md" if name.endswith(".md") and PLAIN.fullmatch(bank) else NO_PLACE


def _folder(course: str, slugs: Mapping[str, str]) -> str:
    """Of a published course its own, else that of its course.yaml's slug."""
    if current := library().courses.get(course):
        return current.path.rpartition("/")[0]
    slug = slugs.get(course, "")
    return f"courses/{slug}" if PLAIN.fullmatch(slug) and "/" not in slug else ""
