"""A person's data: what there is, handing it out, erasing it, keeping answers without a way back to the person."""

from __future__ import annotations

from flask import Flask

from lms.identity.commands import people
from lms.privacy import commands, views


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    app.jinja_env.globals["data_address"] = views.data_address
    people.add_command(commands.export)
    people.add_command(commands.erase)
