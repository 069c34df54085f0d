"""What the columns of a person's data are called, in both languages, where `lms.privacy.inventory` hands them out."""

from __future__ import annotations

from collections.abc import Mapping

from lms.content.text import Text
from lms.privacy.labels import accounts, learning, selection, shared

LABELS: Mapping[str, Text] = {**shared.LABELS, **accounts.LABELS, **learning.LABELS, **selection.LABELS}
