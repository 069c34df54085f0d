"""The one next thing, chosen from the person's own state."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, select

from lms import assess, publishing
from lms.content.model import Course, Module
from lms.database import db
from lms.learn import reviews
from lms.learn.blueprint import title_of
from lms.learn.models import Certificate
from lms.learn.progress import ModuleState, Progress
from lms.learn.specifications import PLACEMENT, REVIEW
from lms.web.i18n import language, moment

SECONDS_A_QUESTION = 75  # of a placement, to estimate how long it takes


@dataclass(frozen=True)
class NextStep:
    """What to do (`text`), the button that does it, whether it begins something (a POST) or goes on with a test."""

    text: str
    button: str
    href: str
    post: bool = False
    running: bool = False


def next_step(person_id: int, progress: Progress) -> NextStep:
    """Go on with what is open, review what is due, go on with the module begun, else find the level or begin anew."""
    return (
        _running(person_id)
        or review_step(progress)
        or _begun(progress)
        or _level(progress)
        or _certificate(person_id, progress)
        or _fresh(progress)
        or (_matrix() if progress.placed else find_level())
    )


def step_after(person_id: int, module: Module, progress: Progress) -> NextStep:
    """What a passed module leads to: the rest of its course, the certificate, else the person's next thing."""
    course = publishing.library().courses[module.course]
    return course_step(course, progress) or _certificate(person_id, progress) or next_step(person_id, progress)


def learning_module(progress: Progress) -> Module | None:
    """The module to learn with now: the one begun, else the first new one of a course that is ready."""
    begun = (state.id for state in progress.modules.values() if state.started and not state.passed_at)
    name = next(begun, None)
    return publishing.library().modules[name] if name else new_module(progress)


def new_module(progress: Progress) -> Module | None:
    """The next module that was never begun: of a course under way, else of one that is ready."""
    library = publishing.library()
    courses = sorted(library.courses.values(), key=lambda course: not progress.begun(course))
    ready = (course for course in courses if progress.begun(course) or progress.ready_for(course))
    unread = (name for course in ready for name in course.modules if not progress.modules[name].touched)
    name = next(unread, None)
    return library.modules[name] if name else None


def level_step(person_id: int) -> NextStep:
    """Go on with looking for the level where that has begun, else begin it."""
    return _running(person_id, purpose=PLACEMENT.name) or find_level()


def find_level() -> NextStep:
    text = _(
        "About %(count)s questions over six skills, about %(minutes)s minutes: they show where you stand and how "
        "sure that is. Afterwards you may sharpen any one skill.",
        count=PLACEMENT.most,
        minutes=round(PLACEMENT.most * SECONDS_A_QUESTION / 60),
    )
    if assess.may_hold_trials(PLACEMENT, PLACEMENT.name):
        text += " " + _(
            "Up to %(count)s questions more may be ones that are only being tried: they do not count for you in any "
            "way. Which ones those were, you see at the end.",
            count=PLACEMENT.trials,
        )
    return NextStep(text, _("Find my level"), url_for("learn.place"), True)


def _matrix() -> NextStep:
    """When every course is done and the level was looked for: nothing has to be begun."""
    return NextStep(_("Nothing is waiting for you today."), _("Look at my matrix"), url_for("learn.matrix"))


def module_step(state: ModuleState, module: Module) -> NextStep:
    """What a module still asks for: reading, its check, its practice task; a passed one is read again."""
    course = publishing.library().courses[module.course]
    address = url_for("learn.module", course=course.slug, module=module.slug)
    title = title_of(module, language())
    if not state.check_at and (state.read_at or state.checks):
        return check_step(module, state)
    if state.check_at and not state.practice_at:
        return NextStep(
            _("Practice task of the module: %(title)s", title=title), _("To the task"), f"{address}#practice"
        )
    if state.started:
        anchor = f"#{state.anchor}" if state.anchor else ""
        return NextStep(_("You are reading: %(title)s", title=title), _("Continue reading"), address + anchor)
    return NextStep(_("Next module: %(title)s", title=title), _("Begin the module"), address)


def check_step(module: Module, state: ModuleState) -> NextStep:
    """The module's check; while it may not be sat again, when it may."""
    slug, title = publishing.library().courses[module.course].slug, title_of(module, language())
    address = url_for("learn.module", course=slug, module=module.slug, _anchor="check")
    if opens := state.opens_at():
        text = _(
            "The check of “%(title)s” can be sat again from %(time)s. Until then, read what was wrong.",
            title=title,
            time=moment(opens),
        )
        return NextStep(text, _("To the module"), address)
    return NextStep(_("Check of the module: %(title)s", title=title), _("To the check"), address)


def course_step(course: Course, progress: Progress) -> NextStep | None:
    """The first module of the course that is not passed; None when all are."""
    modules = publishing.library().modules
    states = [progress.modules[name] for name in course.modules]
    pending = next((state for state in states if state.passed_at is None), None)
    return module_step(pending, modules[pending.id]) if pending else None


@lru_cache(maxsize=8)
def _open(*columns: str) -> Select[assess.Attempt]:
    """The newest open attempt with these values; every page with a next step asks for one, so it is built once."""
    mine = assess.Attempt.person_id == bindparam("person"), assess.Attempt.submitted_at.is_(None)
    values = [getattr(assess.Attempt, name) == bindparam(name) for name in columns]
    return select(assess.Attempt).where(*mine, *values).order_by(assess.Attempt.id.desc()).limit(1)


def _running(person_id: int, **values: str) -> NextStep | None:
    attempt = db.session.scalar(_open(*values), {"person": person_id, **values})
    if attempt is None:
        return None
    text = _("You have begun: %(title)s", title=attempt.title_in(language()))
    return NextStep(text, _("Go on with the questions"), url_for("assess.sitting", attempt_id=attempt.id), running=True)


def review_step(progress: Progress) -> NextStep | None:
    """A review of what is due, with as many questions as it will really ask."""
    count = len(reviews.due(progress))
    if not count:
        return None
    questions = min(count, REVIEW.most)
    text = _("Questions to review today: %(count)s", count=questions)
    if count > questions:
        text = _(
            "Questions to review today: %(count)s. After these, %(more)s more are due.",
            count=questions,
            more=count - questions,
        )
    return NextStep(text, _("Review now"), url_for("learn.begin_review"), True)


def _begun(progress: Progress) -> NextStep | None:
    begun = [state for state in progress.modules.values() if state.started and not state.passed_at]
    return module_step(begun[0], publishing.library().modules[begun[0].id]) if begun else None


def _level(progress: Progress) -> NextStep | None:
    return None if progress.finished_attempts else find_level()


def _certificate(person_id: int, progress: Progress) -> NextStep | None:
    issued = set(db.session.scalars(select(Certificate.course).filter_by(person_id=person_id, withdrawn_at=None)))
    finished = [course for course in publishing.library().courses.values() if progress.finished(course)]
    course = next((course for course in finished if course.id not in issued), None)
    if course is None:
        return None
    text = _("You have finished the course: %(title)s", title=course.title.get(language()))
    return NextStep(text, _("Issue my certificate"), url_for("learn.issue", slug=course.slug), True)


def _fresh(progress: Progress) -> NextStep | None:
    courses = [course for course in publishing.library().courses.values() if progress.ready_for(course)]
    return next((step for course in courses if (step := course_step(course, progress))), None)
