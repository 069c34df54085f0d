"""A question found wrong: whom it touched, declaring it void, and taking that back."""

from __future__ import annotations

from flask import Flask, url_for

from lms.voiding import commands, views


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    app.cli.add_command(commands.items)
    app.jinja_env.globals["void_address"] = lambda key: url_for("voiding.item", key=key)
