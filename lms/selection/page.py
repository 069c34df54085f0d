"""What every page of a campaign's results is drawn with."""

from __future__ import annotations

from functools import partial
from typing import Any

from lms import evidence
from lms.campaigns import Campaign
from lms.hiring import standing_chart
from lms.selection import requested_work, words
from lms.selection.campaign_role import role_of
from lms.web.i18n import language


def common_of(campaign: Campaign) -> dict[str, Any]:
    framework = evidence.framework(campaign.organisation_id)
    return {
        "campaign": campaign,
        "framework": framework,
        "role": role_of(campaign),
        "role_title": framework.role_titles(language()).get(campaign.role, campaign.role),
        "names": framework.cell_names(language()),
        "cuts": framework.cuts,
        "bands": words.band_names(),
        "stage_names": words.stage_names(),
        "chance": words.chance,
        "verdict": words.verdict,
        "more_sentence": requested_work.sentence,
        "asked_words": requested_work.state_words(),
        "standing": partial(standing_chart.standing, framework.cuts.theta),
        "standing_scale": standing_chart.scale,
    }
