"""Figures for Prometheus at /metrics, for this machine only: a proxy must not pass the address on."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Flask, Response, abort, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from lms.background import mail
from lms.config import LOOPBACK
from lms.database import heartbeat
from lms.identity.access import public
from lms.web import log

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
bp = Blueprint("metrics", __name__)


class Collectors:
    """The collectors of one application: tests make several in one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.replies = Counter(
            "hmut_replies", "Replies by route and status", ["route", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "hmut_reply_seconds", "Time to reply by route", ["route"], buckets=SECONDS, registry=self.registry
        )
        self.letters = Gauge("hmut_letters", "Letters in the outbox by state", ["state"], registry=self.registry)
        self.writes = Gauge("hmut_writes_possible", "1 while the database takes writes", registry=self.registry)

    def add(self, route: str, status: str, seconds: float) -> None:
        self.replies.labels(route, status).inc()
        self.seconds.labels(route).observe(seconds)


def init_app(app: Flask) -> None:
    figures = app.extensions["figures"] = Collectors()
    app.after_request(partial(_count, figures))
    app.register_blueprint(bp)


def _count(figures: Collectors, response: Response) -> Response:
    route = request.url_rule.rule if request.url_rule else "-"
    figures.add(route, str(response.status_code), log.seconds())
    return response


def count(app: Flask, route: str, status: str, seconds: float) -> None:
    """A reply that another process made for this one."""
    figures: Collectors = app.extensions["figures"]
    figures.add(route, status, seconds)


@bp.get("/metrics")
@public
def expose() -> Response:
    """The present figures, with those that are asked for now."""
    if request.remote_addr not in LOOPBACK or request.headers.get("X-Forwarded-For"):
        abort(404)
    figures: Collectors = current_app.extensions["figures"]
    counts = mail.counts()
    figures.letters.labels("waiting").set(counts.waiting)
    figures.letters.labels("failed").set(counts.failed)
    figures.writes.set(heartbeat.beats())
    return Response(generate_latest(figures.registry), content_type=CONTENT_TYPE_LATEST)
