"""Home, the catalogue with its prerequisite map, and a course's page."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from lms import assess, clock, evidence, publishing
from lms.competency import LevelStatement, MatrixStatement, state_matrix, state_skills
from lms.content.model import Course
from lms.identity.access import current_person, needs
from lms.learn import course_map, reviews
from lms.learn.blueprint import bp, course_or_404, title_of
from lms.learn.certificates import certificate_of
from lms.learn.completion import finished_on, next_course, taught
from lms.learn.next_step import course_step, find_level, learning_module, module_step, new_module, next_step
from lms.learn.progress import progress_of
from lms.learn.specifications import PRETEST
from lms.learn.week import done_since
from lms.learn.weekly_aim import aim_state, choices
from lms.web.i18n import language
from lms.web.kept_pages import may_be_kept

LAST_WEEK = timedelta(days=7)


@bp.get("/home")
@needs("trainee")
def home() -> ResponseReturnValue:
    progress, library = progress_of(current_person.id), publishing.library()
    measured, since = done_since(current_person.id, progress, clock.now() - LAST_WEEK)
    queue = reviews.cards(progress)
    step, fresh = next_step(current_person.id, progress), new_module(progress)
    return render_template(
        "learn/home.html",
        step=step,
        fresh=fresh if fresh and module_step(progress.modules[fresh.id], fresh) != step else None,
        level_step=None if progress.placed or step.running else find_level(),
        progress=progress,
        matrix=state_skills(measured),
        names=evidence.framework().cell_names(language()),
        next_review=queue[0].due_at if queue and queue[0].due_at > clock.now() else None,
        courses=[course for course in library.courses.values() if progress.begun(course)],
        title_of=title_of,
        all_courses=library.courses,
        since=since,
        aim=aim_state(current_person.id, progress),
        aim_choices=choices(),
    )


@bp.get("/courses")
@needs("trainee")
def catalogue() -> ResponseReturnValue:
    may_be_kept()
    progress = progress_of(current_person.id)
    entries, module = course_map.entries(progress, language()), learning_module(progress)
    return render_template(
        "learn/catalogue.html",
        stages=course_map.stages(entries),
        titles={entry.id: entry.title for entry in entries},
        here=module.course if module else "",
        step=module_step(progress.modules[module.id], module) if module else None,
    )


@bp.get("/courses/<slug>")
@needs("trainee")
def course(slug: str) -> ResponseReturnValue:
    course, library = course_or_404(slug), publishing.library()
    progress = progress_of(current_person.id)
    done = finished_on(course, progress)
    measured = evidence.matrix_of(current_person.id) if done else None
    builds_on = [library.courses[name] for name in course.prerequisites if name in library.courses]
    return render_template(
        "learn/course.html",
        course=course,
        modules=[library.modules[name] for name in course.modules],
        title_of=title_of,
        progress=progress,
        builds_on=builds_on,
        step=course_step(course, progress),
        pretest=progress.pretests.get(course.id),
        pretest_open=assess.open_attempt(current_person.id, PRETEST.name, course.id),
        pretest_items=len(publishing.items(PRETEST.pool, course=course.id)),
        test=PRETEST,
        certificate=certificate_of(current_person.id, course.id),
        finished_on=done,
        learned=_learned(course, state_matrix(measured)) if measured else [],
        next_course=next_course(course, progress) if done else None,
        names=evidence.framework().cell_names(language()),
    )


def _learned(course: Course, matrix: MatrixStatement) -> list[LevelStatement]:
    """What is said today of the sub-competencies that the course is about."""
    return [matrix.cells[sub] for sub in taught(course) if sub in matrix.cells]
