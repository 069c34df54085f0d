"""Rules of courses and modules: ids known, prerequisites without a circle, files named as their content."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from lms.content.errors import Finding, no_such
from lms.content.model import Course, Library, Module
from lms.content.rules.module_pairs import pair_findings
from lms.content.rules.module_texts import text_findings
from lms.content.text import LANGUAGES, Text, lack

WRONG_FOLDER = Text(
    en="slug: still {slug}, but the folder is {folder}; moved or renamed? put `slug: {folder}` (the old address "
    "leads to it, progress stays)",
    hy="slug. դեռ {slug} է, իսկ պանակը՝ {folder}. տեղափոխե՞լ կամ վերանվանե՞լ եք. գրեք `slug: {folder}` (հին հասցեն "
    "կտանի նորը, առաջընթացը մնում է)",
)
NO_TEXT = Text(en="{name}: no text in {languages}", hy="{name}. տեքստ չկա ({languages})")
NO_COURSE = Text(en="prerequisite {name} is no course", hy="prerequisites. {name} դասընթաց չկա")
CYCLE = Text(
    en="the prerequisites of {name} lead back to {name}", hy="{name} դասընթացի նախապայմանները հետ են բերում իրեն"
)
FOREIGN = Text(
    en="module {name} does not belong to course {course}: the ids of its modules begin with {course}. Put the file "
    "back into its own course; or give it a new id here: then progress stays with {name}",
    hy="{name} մոդուլը {course} դասընթացինը չէ. նրա մոդուլների id-ները սկսվում են {course}-ով։ Ֆայլը հետ դրեք իր "
    "դասընթացի պանակը. եթե այստեղ նոր id տաք, առաջընթացը կմնա {name} մոդուլին",
)
NO_SUB = Text(en="there is no sub-competency {name}", hy="{name} ենթակարողություն չկա")
NO_CLAIM = Text(en="there is no seed claim {name}", hy="{name} պնդում չկա")
FUTURE = Text(en="updated: {day} has not come yet", hy="updated. {day} օրը դեռ չի եկել")
WRONG_FILE = Text(
    en="slug: {slug}, but the file is {stem}; renamed? put `slug: {named}` in both languages (the old address "
    "leads to it, progress stays), or call the file {number}-{slug}",
    hy="slug. {slug}, իսկ ֆայլը {stem} է. վերանվանե՞լ եք. երկու լեզվում էլ գրեք `slug: {named}` (հին հասցեն "
    "կտանի նորը, առաջընթացը մնում է) կամ ֆայլը կոչեք {number}-{slug}",
)


def module_findings(library: Library, today: dt.date, paths: Collection[str] | None = None) -> Iterator[Finding]:
    """All findings about courses and modules (in `paths`)."""
    for course in library.courses.values():
        if paths is None or course.path in paths:
            yield from _course(library, course)
    for module in library.modules.values():
        if paths is not None and not any(text.path in paths for text in module.languages.values()):
            continue
        yield from _shared(library, module, today)
        for text in module.languages.values():
            yield from text_findings(library, module.course, text, today)


def _course(library: Library, course: Course) -> Iterator[Finding]:
    if course.path != f"courses/{course.slug}/course.yaml":
        yield Finding.bilingual(
            course.path, 1, "schema", WRONG_FOLDER.filled(slug=course.slug, folder=course.path.split("/")[-2])
        )
    for name in ("title", "about"):
        text: Text = getattr(course, name)
        if empty := [language for language in LANGUAGES if not text.get(language).strip()]:
            message = NO_TEXT.filled(name=name, languages=", ".join(empty))
            yield Finding.bilingual(course.path, 1, "missing-language", message, lack(*empty))
    planned = {entry["id"] for entry in library.reference.catalogue.get("courses", ())}
    for name in course.prerequisites:
        if name not in library.courses and name not in planned:
            yield Finding.bilingual(course.path, 1, "unknown-id", NO_COURSE.filled(name=name))
    if course.id in _ancestors(library, course.id):
        yield Finding.bilingual(course.path, 1, "cycle", CYCLE.filled(name=course.id))
    for name in course.modules:
        if not name.startswith(f"{course.id}."):
            yield Finding.bilingual(course.path, 1, "unknown-id", FOREIGN.filled(name=name, course=course.id))


def _ancestors(library: Library, start: str) -> set[str]:
    ancestors: set[str] = set()
    waiting = [start]
    while waiting:
        course = library.courses.get(waiting.pop())
        new = [name for name in course.prerequisites if name not in ancestors] if course else []
        ancestors.update(new)
        waiting.extend(new)
    return ancestors


def _shared(library: Library, module: Module, today: dt.date) -> Iterator[Finding]:
    path = module.text().path
    matrix, seed = library.reference.framework.sub_competencies, library.reference.seed
    for name in module.sub_competencies:
        if name not in matrix:
            yield Finding.bilingual(path, 1, "unknown-id", no_such(NO_SUB, name, matrix))
    for name in module.seed:
        if name not in seed:
            yield Finding.bilingual(path, 1, "unknown-id", no_such(NO_CLAIM, name, seed))
    if module.updated > today:
        yield Finding.bilingual(path, 1, "schema", FUTURE.filled(day=str(module.updated)), "warning")
    if not module.stem.endswith(f"-{module.slug}"):
        number, _, named = module.stem.partition("-")
        names = {"slug": module.slug, "stem": module.stem, "named": named, "number": number}
        yield Finding.bilingual(path, 1, "schema", WRONG_FILE.filled(**names))
    texts = [module.languages[name] for name in LANGUAGES if name in module.languages]
    if len(texts) == 2:
        yield from pair_findings(*texts)
