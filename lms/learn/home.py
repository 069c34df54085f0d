"""Home, the catalogue with its prerequisite map, and a course's page."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms import assess, clock, record, shelf
from lms.i18n import language
from lms.learn import prerequisites, reviews
from lms.learn.certificates import certificate_of
from lms.learn.progress import TEST_OUT, progress_of
from lms.learn.room import course_or_404, rooms, title_of
from lms.learn.steps import course_step, find_level, next_step
from lms.people.access import current_person, needs
from lms.record.naming import cell_names


@rooms.get("/home")
@needs("trainee")
def home() -> ResponseReturnValue:
    progress = progress_of(current_person.id)
    queue = reviews.cards(progress)
    return render_template(
        "learn/home.html",
        step=next_step(current_person.id, progress),
        level_step=find_level(),
        progress=progress,
        matrix=record.matrix_of(current_person.id),
        names=cell_names(language()),
        due=[card for card in queue if card.due_at <= clock.now()],
        queue=queue,
        courses=[course for course in shelf.library().courses.values() if progress.begun(course)],
    )


@rooms.get("/courses")
@needs("trainee")
def catalogue() -> ResponseReturnValue:
    progress = progress_of(current_person.id)
    entries = prerequisites.entries(progress, language())
    return render_template(
        "learn/catalogue.html",
        entries=entries,
        drawing=prerequisites.drawing(
            entries, _("What builds on what"), lambda slug: url_for("learn.course", slug=slug)
        ),
        progress=progress,
        step=next_step(current_person.id, progress),
    )


@rooms.get("/courses/<slug>")
@needs("trainee")
def course(slug: str) -> ResponseReturnValue:
    found, library = course_or_404(slug), shelf.library()
    progress = progress_of(current_person.id)
    builds_on = [library.courses[name] for name in found.prerequisites if name in library.courses]
    return render_template(
        "learn/course.html",
        course=found,
        modules=[library.modules[name] for name in found.modules],
        title_of=title_of,
        progress=progress,
        builds_on=builds_on,
        step=course_step(found, progress),
        pretest=progress.pretests.get(found.id),
        pretest_open=assess.open_attempt(current_person.id, "pretest", found.id),
        pretest_items=len(shelf.items("pretest", course=found.id)),
        test_out=TEST_OUT,
        certificate=certificate_of(current_person.id, found.id),
    )
