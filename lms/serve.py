"""`python3 wsgi.py`: bring the database up to date, load the content, seed the demo, then serve."""

from __future__ import annotations

import sys
import time
from typing import Any
from urllib.parse import urlsplit

import waitress
from flask import Flask
from flask_migrate import upgrade

from lms import demo, jobs, shelf
from lms.config import LOOPBACK
from lms.db import db


def serve(app: Flask) -> None:
    """Set the machine up and answer until interrupted. Exits where the demo would be reachable from outside."""
    host, port = app.config["HMUT_HOST"], app.config["HMUT_PORT"]
    address = urlsplit(app.config["HMUT_BASE_URL"])
    _refuse_exposure(app.config["HMUT_DEMO"], host, address.hostname or "")
    prepare(app)
    stop = jobs.start_thread(app)
    say(f"ready: {app.config['HMUT_BASE_URL']}")
    try:
        waitress.serve(
            app, host=host, port=port, url_scheme=address.scheme, threads=8, ident=None, channel_timeout=60,
            max_request_body_size=20_000_000,  # above the application's own limit, whose reply is a page
            **_proxy(app.config["HMUT_PROXY"]),
        )  # fmt: skip
    finally:
        stop.set()


def _refuse_exposure(demonstration: bool, host: str, known_as: str) -> None:
    """Exit where the demo could be reached from elsewhere, or where no browser could know our name."""
    if demonstration and not {host, known_as} <= set(LOOPBACK):
        raise SystemExit(
            "The demo lets anybody in, so it listens on this machine only. Set HMUT_DEMO=0 to serve others."
        )
    if known_as in ("0.0.0.0", "::"):  # noqa: S104
        raise SystemExit("Set HMUT_BASE_URL to the address that people type, for example https://hmut.example.am.")


def _proxy(address: str) -> dict[str, Any]:
    """Behind a proxy at this address the visitor's own address counts for the sign-in limits; no other is believed."""
    return {"trusted_proxy": address, "trusted_proxy_headers": {"x-forwarded-for"}} if address else {}


def prepare(app: Flask) -> None:
    """Database, content and demo as this version of the program wants them; quick when they already are."""
    with app.app_context():
        say("bringing the database up to date")
        upgrade()
        say("loading courses and quizzes")
        report = shelf.load(app.config["HMUT_CONTENT"])
        for finding in report.findings:
            if finding.severity == "error":
                say(f"  {finding.path}:{finding.line}: {finding.message}")
        if app.config["HMUT_DEMO"]:
            demo.seed(say)
        db.session.commit()


def say(text: str) -> None:
    print(f"hmut {time.strftime('%H:%M:%S')} {text}", file=sys.stdout, flush=True)
