"""Test blueprints of the framework against what content knows: question types and kinds of thinking."""

from __future__ import annotations

from collections.abc import Iterator

from lms.content.errors import Finding
from lms.content.front_matter import BLOOM
from lms.content.model import Library
from lms.content.questions import TYPES
from lms.content.reference import FOLDER
from lms.content.text import Text

PATH = f"{FOLDER}/skill_matrix.yaml"
NONE_OF = Text(en="{key}: {value} is none of {choices}", hy="{key}. {value}-ը սրանցից ոչ մեկը չէ՝ {choices}")


def blueprint_findings(library: Library) -> Iterator[Finding]:
    """A slot that no item could ever fill."""
    source = library.reference.sources.get(PATH, "")
    for blueprint in library.reference.framework.blueprints:
        for number, slot in enumerate(blueprint.slots, 1):
            for name, value, choices in (("type", slot.type, TYPES), ("bloom", slot.bloom, BLOOM)):
                if value not in choices:
                    line = source[: source.find(f"{name}: {value}")].count("\n") + 1
                    key = f"blueprints.{blueprint.id}.slots.{number}.{name}"
                    message = NONE_OF.filled(key=key, value=repr(value), choices=", ".join(choices))
                    yield Finding.bilingual(PATH, line, "framework", message)
