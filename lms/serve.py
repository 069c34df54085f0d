"""`python3 wsgi.py`: bring the database up to date, load the content, seed the demo, then serve."""

from __future__ import annotations

import sys
import time

import waitress
from flask import Flask
from flask_migrate import upgrade

from lms import demo, jobs, shelf
from lms.config import LOOPBACK
from lms.db import db


def serve(app: Flask) -> None:
    """Set the machine up and answer until interrupted. Exits where the demo would be reachable from outside."""
    host, port = app.config["HMUT_HOST"], app.config["HMUT_PORT"]
    if app.config["HMUT_DEMO"] and host not in LOOPBACK:
        raise SystemExit(
            "The demo lets anybody in, so it listens on this machine only. Set HMUT_DEMO=0 to serve others."
        )
    prepare(app)
    stop = jobs.start_thread(app)
    say(f"ready: {app.config['HMUT_BASE_URL']}")
    try:
        waitress.serve(
            app, host=host, port=port, threads=8, ident=None, max_request_body_size=2_000_000, channel_timeout=60
        )
    finally:
        stop.set()


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
