"""The pages of each task, by its name."""

from __future__ import annotations

from collections.abc import Mapping

from lms.lab.screens.audit import AUDIT
from lms.lab.screens.base import Screen
from lms.lab.screens.campaign import CAMPAIGN, CAMPAIGN_LONG
from lms.lab.screens.desk import DESK
from lms.lab.screens.inbox import INBOX
from lms.lab.screens.scheduler import SCHEDULER

SCREENS: Mapping[str, Screen] = {
    "campaign": CAMPAIGN,
    "campaign_long": CAMPAIGN_LONG,
    "inbox": INBOX,
    "scheduler": SCHEDULER,
    "metrics_desk": DESK,
    "profile_audit": AUDIT,
}
