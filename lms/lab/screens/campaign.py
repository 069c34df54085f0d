"""The seven pages of the Campaign Lab and its result."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from operator import itemgetter
from typing import Any

from flask_babel import gettext as _

from lms.formats import format_number
from lms.lab import outcome, plan_words, screen
from lms.lab.briefs import Brief, brief_of, segment_note, words
from lms.lab.missing import missing_sentence
from lms.lab.model import play as playing
from lms.lab.model.log import Form
from lms.lab.model.paid import AMOUNTS
from lms.lab.model.play import CampaignPlay
from lms.lab.model.size import LONG, SPRINT
from lms.lab.models import LabRun
from lms.lab.screens.base import Screen
from lms.web.i18n import language


def _step(run: LabRun, stand: CampaignPlay, step: int, form: Form) -> dict[str, Any]:
    brief, spoken = brief_of(run.brief), language()
    return {
        "brief": brief,
        "say": screen.say_in(spoken),
        "named": lambda group: [(name, text.get(spoken)) for name, text in words()[group].items()],
        "indexed": lambda texts: [(str(at), text) for at, text in enumerate(texts)],
        "activities": playing.ACTIVITIES,
        "size": stand.size,
        **_of_step(run, brief, stand, step, form),
    }


def _of_step(run: LabRun, brief: Brief, stand: CampaignPlay, step: int, form: Form) -> dict[str, Any]:
    return {1: _research, 2: _strategy, 3: _content, 4: _publishing, 5: _dialogue, 6: _analysis, 7: _repetition}[step](
        run, brief, stand, form
    )


def _research(run: LabRun, brief: Brief, stand: CampaignPlay, _form: Form) -> dict[str, Any]:
    spoken = language()
    groups = sorted(enumerate(text.get(spoken) for text in brief.segments), key=lambda each: each[1])
    return {
        "cards": screen.cards(run, brief, stand, spoken),
        "groups": [(str(at), name) for at, name in groups],
        "note": segment_note(),
        "main": screen.main_platform(run, spoken),
    }


def _strategy(run: LabRun, brief: Brief, stand: CampaignPlay, form: Form) -> dict[str, Any]:
    kpis = sorted((name, text.get(language())) for name, _kind, text in brief.kpis)
    return {
        "kpis": kpis,
        "planned": playing.week_hours(form),
        "before": screen.visits_before(run, stand),
        **_lists(brief),
    }


def _lists(brief: Brief) -> dict[str, Any]:
    """Choices of a post that are the same in every run."""
    return {
        "topics": [(str(at), text.get(language())) for at, text in enumerate(brief.topics)],
        "efforts": [(effort, effort) for effort in playing.EFFORTS],
        "hours": [(hour, f"{hour}:00") for hour in playing.SLOT_FIELDS["hour"]],
    }


def _content(_run: LabRun, brief: Brief, stand: CampaignPlay, form: Form) -> dict[str, Any]:
    return {
        "posts": plan_words.posts(brief, form, language(), stand.size.posts),
        "work": playing.work(form, stand.size),
        **_lists(brief),
    }


def _publishing(run: LabRun, brief: Brief, stand: CampaignPlay, form: Form) -> dict[str, Any]:
    count = playing.used(stand.form(3), stand.size)
    posts = plan_words.posts(brief, stand.form(3), language(), count)
    drawn = plan_words.week(form, language(), _("The week as planned"), count)
    shown = {"posts": posts, "tags": screen.tags(run, brief), "week": drawn}
    return shown | _money(brief, form, stand) | _lists(brief)


def _money(brief: Brief, form: Form, stand: CampaignPlay) -> dict[str, Any]:
    """Choices of paid reach, where there is any."""
    amounts = [(str(drams), format_number(drams, language())) for drams in AMOUNTS]
    groups = sorted(((str(at), text.get(language())) for at, text in enumerate(brief.segments)), key=itemgetter(1))
    return {"amounts": amounts, "groups": groups, "money": playing.money(form, stand.size)}


def _dialogue(run: LabRun, brief: Brief, _stand: CampaignPlay, _form: Form) -> dict[str, Any]:
    inbox = screen.inbox(run, brief, language())
    names = [(str(at), _("Message %(number)s", number=at + 1)) for at in range(len(inbox))]
    return {"inbox": inbox, "message_names": names}


def _analysis(run: LabRun, brief: Brief, stand: CampaignPlay, _form: Form) -> dict[str, Any]:
    return {"results": screen.results(run, brief, stand, language())}


def _repetition(_run: LabRun, brief: Brief, stand: CampaignPlay, form: Form) -> dict[str, Any]:
    count = stand.size.posts
    before = plan_words.week(stand.form(4), language(), _("The first week"), count)
    drawn = plan_words.week(form, language(), _("The next week"), count)
    shown = {"before": before, "week": drawn, "work": playing.work(form, stand.size)}
    return shown | _money(brief, form, stand) | _lists(brief)


def _first_form(play: CampaignPlay, step: int) -> Form:
    """The next plan begins as a copy of the last one."""
    if step == playing.LAST and step not in play.forms:
        both = {**play.form(3), **play.form(4)}
        return {name: value for name, value in both.items() if re.fullmatch(r"p\d_.*(?<!_style)(?<!_words)", name)}
    return play.form(step)


def _outcome(run: LabRun, stand: CampaignPlay, kept: Mapping[str, Any]) -> dict[str, Any]:
    spoken, brief = language(), brief_of(run.brief)
    plans = [
        plan_words.decisions(brief, form, spoken, stand.size.posts)
        for form in ({**stand.form(3), **stand.form(4)}, stand.form(7))
    ]
    return {
        "brief": brief,
        "losses": outcome.losses(kept, plans[0], spoken),
        "changes": plan_words.changes(*plans) if kept["plans"][1] is not None else [],
        "factors": playing.FACTORS,
        "strong": outcome.strong_plan(run, stand.size, spoken) if kept["losses"] else [],
        "money": outcome.money_words(kept, spoken),
        "mood": outcome.mood_words(kept),
        "points": outcome.points,
        "weeks": [
            plan_words.week(stand.form(4), spoken, _("The first week"), stand.size.posts),
            plan_words.week(stand.form(7), spoken, _("The next week"), stand.size.posts),
        ],
        "say": screen.say_in(spoken),
    }


CAMPAIGN = Screen(
    "lab/step.html", "lab/result.html", _step, lambda lack: missing_sentence(lack, SPRINT), _outcome, _first_form
)
CAMPAIGN_LONG = replace(CAMPAIGN, missing=lambda lack: missing_sentence(lack, LONG))
