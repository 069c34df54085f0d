"""An organisation's own edition: what it lays over the shipped framework. Skills and gates stay everybody's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from lms.competency.cuts import Cuts
from lms.competency.framework import Framework, Role
from lms.competency.read import read_as, valid


@dataclass(frozen=True)
class Overlay:
    """cuts: the organisation's own with their origin, else None; roles: its own, each replacing the one of its id."""

    cuts: Cuts | None = None
    roles: tuple[Role, ...] = ()

    def with_role(self, role: Role) -> Overlay:
        others = tuple(old for old in self.roles if old.id != role.id)
        return replace(self, roles=(*others, role))


def effective(shipped: Framework, overlay: Overlay) -> Framework:
    """The shipped framework under the overlay: own roles in the place of those of their id, else after the others."""
    own_roles = {role.id: role for role in overlay.roles}
    roles = [own_roles.pop(role.id, role) for role in shipped.roles]
    return replace(shipped, cuts=overlay.cuts or shipped.cuts, roles=(*roles, *own_roles.values()))


def checked(shipped: Framework, overlay: Overlay) -> Framework:
    """The effective framework; FrameworkError names what contradicts it."""
    return valid(effective(shipped, overlay), {}, "edition")


def read_overlay(text: str, path: str, shipped: Framework) -> Overlay:
    """An overlay in YAML; FrameworkError names what it lacks, and what in it contradicts the shipped framework."""
    overlay, lines = read_as(Overlay, text, path)
    valid(effective(shipped, overlay), lines, path)
    return overlay


def overlay_of(data: Mapping[str, Any]) -> Overlay:
    """What `overlay_data` gave."""
    return read_as(Overlay, json.dumps(data), "edition")[0]


def overlay_data(overlay: Overlay) -> dict[str, Any]:
    """The overlay as plain JSON values."""
    data: dict[str, Any] = json.loads(json.dumps(asdict(overlay)))
    return data
