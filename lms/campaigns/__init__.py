"""Campaigns: an assessment that HR sets up for a role, the people invited to it, and how far each of them is."""

from __future__ import annotations

from flask import Flask

from lms import assess
from lms.background import jobs
from lms.campaigns import (
    calendar,
    campaign_list,
    candidate_actions,
    commands,
    expected,
    letter_views,
    people,
    reminders,
    set_up,
    settings,
)
from lms.campaigns.blueprint import bp
from lms.campaigns.board_pages import offer_candidate_page, offer_page
from lms.campaigns.candidacies import (
    ACCOUNTS_BEHIND,
    CANDIDACIES_BESIDE,
    add_candidate,
    by_token,
    candidate_of,
    new_link,
    revoke,
    status,
)
from lms.campaigns.models import Campaign, Candidate
from lms.campaigns.offered_works import OfferedWork, offer_works, offered_works
from lms.campaigns.parts import TEST, bank_of
from lms.identity import other_accounts

__all__ = [
    "Campaign",
    "Candidate",
    "OfferedWork",
    "add_candidate",
    "bank_of",
    "by_token",
    "candidate_of",
    "new_link",
    "offer_candidate_page",
    "offer_page",
    "offer_works",
    "offered_works",
    "revoke",
    "status",
]

for part in (campaign_list, set_up, people, candidate_actions, settings, letter_views, calendar):
    part.add_to(bp)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.cli.add_command(commands.commands)
    app.cli.add_command(commands.letters)
    assess.register(app, TEST)
    other_accounts.register(app, behind=ACCOUNTS_BEHIND, beside=CANDIDACIES_BESIDE)
    app.jinja_env.globals["offered_works"] = offered_works
    jobs.register(app, expected.measure_waiting, jobs.HEAVY)
    jobs.register(app, reminders.remind_due)
