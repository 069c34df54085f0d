"""What HR's pages show of a form that was measured, without measuring: that takes ten seconds of a core for each form,
which every live server would spend beside its first pages."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select, update

from lms import clock, evidence, publishing
from lms.campaigns import expected
from lms.campaigns.models import Campaign, Expectation
from lms.campaigns.parts import parts_of
from lms.campaigns.set_up import FORMS
from lms.database import db

SKILLS = ("platforms", "content", "analytics", "communication", "creativity", "time_management")
OPEN = ("analytics.goals", "platforms.selection", "time_management.planning", "communication.moderation_crisis")
FIGURES: dict[str, Any] = {  # of the full form for an SMM manager, by fifty simulated people
    "persons": 50,
    "seed": 7,
    "false_pass": 0.0,
    "false_fail": 0.0417,
    "open": 0.44,
    "lines": [
        {"distance": -1.0, "meets": 0.0, "below": 1.0, "open": 0.0},
        {"distance": -0.5, "meets": 0.0, "below": 0.75, "open": 0.25},
        {"distance": 0.0, "meets": 0.0, "below": 0.0, "open": 1.0},
        {"distance": 0.5, "meets": 0.0, "below": 0.125, "open": 0.875},
        {"distance": 1.0, "meets": 0.5, "below": 0.0, "open": 0.5},
    ],
    "questions": 28.0,
    "shortest": 22.0,
    "longest": 28.0,
    "exposure": 0.52,
    "pool": 494,
    "undecided": ["creativity", "time_management", *OPEN],
    "skills": dict.fromkeys(SKILLS, 0.36),
    "lengths": {skill: {"4": 0.27, "6": 0.43, "8": 0.53, "10": 0.6, "12": 0.67} for skill in SKILLS},
    "works": {"W5": [], "W2": [], "W1": ["content"]},
    "confirmed": 0.0,
    "work_minutes": 30.0,
}


def take_as_measured(app: Flask) -> None:
    """The demo's campaign, and every form for every role."""
    with app.app_context():
        campaign = db.session.scalars(select(Campaign)).one()
        home = campaign.organisation_id
        with publishing.content_of(home):
            framework = evidence.framework(home)
            asked = [(role.id, parts_of(framework, form, role.id)) for role in framework.roles for form in FORMS]
            for role, parts in (*asked, (campaign.role, campaign.parts)):
                expected.ask_for(home, framework, role, parts)
        db.session.execute(update(Expectation).values(figures=FIGURES, measured_at=clock.now()))
        db.session.commit()
