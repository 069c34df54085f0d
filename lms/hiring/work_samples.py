"""A person's work samples as evidence: what each of them showed, sub-competency by sub-competency, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from flask_babel import gettext as _

from lms import evidence


@dataclass(frozen=True)
class WorkSampleEvidence:
    """kind: of its evidence; raters: people who judged it, 0 where a program did; shown: sub-competency -> words."""

    kind: str
    at: datetime
    raters: int
    shown: Mapping[str, str]


def samples(person_id: int) -> Sequence[WorkSampleEvidence]:
    """Those that count, newest first; practice is nobody's but the person's own."""
    rows = sorted(evidence.work_rows([person_id]), key=lambda row: (row.answered_at, row.work, row.work_id))
    words = _words()
    works = [list(group) for _key, group in groupby(rows, key=lambda row: (row.answered_at, row.work, row.work_id))]
    return [
        WorkSampleEvidence(
            work[0].kind, work[0].answered_at, work[0].human_raters, {row.sub: words[row.category] for row in work}
        )
        for work in reversed(works)
    ]


def _words() -> Sequence[str]:
    """Of categories 0 to 3."""
    return [_("nothing shown"), _("a beginning"), _("most of it"), _("a professional's work")]
