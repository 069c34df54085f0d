"""Role profiles of the published skill matrix as the scorer wants them."""

from __future__ import annotations

from lms import publishing
from lms.psychometrics.profile import RoleProfile

DEFAULT = "smm_manager"


def roles() -> dict[str, RoleProfile]:
    """Every role profile by id, in the published order."""
    return {
        name: RoleProfile(dict(entry["required"]), dict(entry["weights"]), dict(entry["critical"]))
        for name, entry in publishing.reference().matrix.roles.items()
    }


def role_titles(language: str) -> dict[str, str]:
    return {name: str(entry["name"][language]) for name, entry in publishing.reference().matrix.roles.items()}
