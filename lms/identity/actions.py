"""What the person who is here has done, for the audit trail."""

from __future__ import annotations

from typing import Any

from lms.database import audit
from lms.identity.access import current_person


def record_action(action: str, subject: int, **detail: Any) -> None:
    """An entry of the person's organisation. The caller commits."""
    audit.append_entry(current_person.organisation_id, current_person.id, action, subject, **detail)
