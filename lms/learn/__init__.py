"""The trainee's room: courses, reader, checks and results, the own matrix, certificates."""

from __future__ import annotations

from flask import Flask

from lms import assess, publishing
from lms.background import jobs
from lms.identity.landing import register_front_door
from lms.learn import (
    certificates,
    checks,
    home,
    matrix,
    practice,
    reader,
    reminders,
    results,
    reviews,
    searching,
    sharpening,
    simulate_commands,
    undecided_role,
    weekly_aim,
)
from lms.learn.affected import people_with_progress
from lms.learn.blueprint import bp, module_address
from lms.learn.specifications import CHECK, PLACEMENT, PRACTICE, PRETEST, REVIEW, SETTLE, SHARPEN

# Each adds its views to `bp`.
PAGES = (
    home,
    weekly_aim,
    reminders,
    reader,
    practice,
    checks,
    sharpening,
    undecided_role,
    results,
    matrix,
    searching,
    certificates,
)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    register_front_door(app, "trainee", "learn.home")
    publishing.register_module_address(app, module_address)
    for test in (CHECK, PRETEST, PLACEMENT, PRACTICE):
        assess.register(app, test)
    assess.register(app, SHARPEN, sharpening.of_skill)
    assess.register(app, SETTLE, undecided_role.sheet_revisions)
    assess.register(app, REVIEW, reviews.due_revisions)
    publishing.count_people_with(app, people_with_progress)
    app.cli.add_command(simulate_commands.commands)
    jobs.register(app, reminders.remind_due)
