"""Old addresses: the course or module that once had a slug."""

from __future__ import annotations

from sqlalchemy import select

from lms.content.model import Course, Module
from lms.database import db
from lms.publishing.current_content import library, owners
from lms.publishing.models import FormerSlug


def course_once_at(slug: str) -> Course | None:
    """The published course that had this slug before."""
    courses = library().courses
    return next((courses[key] for key in _keys("course", slug) if key in courses), None)


def module_once_at(course: Course, slug: str) -> Module | None:
    """The published module of this course that had this slug before."""
    modules = library().modules
    return next((modules[key] for key in _keys("module", slug) if key in course.modules), None)


def _keys(kind: str, slug: str) -> list[str]:
    """Ids that had the slug, the latest first."""
    statement = select(FormerSlug.key).where(
        FormerSlug.organisation_id.in_(owners()), FormerSlug.kind == kind, FormerSlug.slug == slug[:200]
    )
    return list(db.session.scalars(statement.order_by(FormerSlug.id.desc())))
