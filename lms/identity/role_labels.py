"""What roles are called, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _


def role_names() -> dict[str, str]:
    return {
        "trainee": _("Trainee"),
        "instructor": _("Instructor"),
        "hr": _("HR specialist"),
        "administrator": _("Administrator"),
    }


def role_hints() -> dict[str, str]:
    return {
        "trainee": _("Reads modules, sits checks, sees their own skill matrix."),
        "instructor": _("Sees the content, what the check found and how each item works."),
        "hr": _("Sees the organisation's people against a role."),
        "administrator": _("Looks after people, invitations and settings."),
    }
