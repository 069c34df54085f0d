"""What every page shares: the way home, the menu of a person's roles, versioned and compressed files."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from lms import publishing
from lms.content.model import Course
from lms.evidence.level_words import cap_words, cuts_words, digits_words, ends_words, interval_words, said_words
from lms.frame.styleguide import example
from lms.identity.landing import home_of, safe_target
from lms.identity.role_labels import role_hints, role_names
from lms.learn.blueprint import title_of
from lms.learn.sample_module import open_module
from lms.panels import cut_records
from lms.report import bands, charts
from lms.web.i18n import date, language

COMPRESSED = ("text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml", "application/json")


def init_app(app: Flask) -> None:
    app.url_defaults(_version_static)
    app.after_request(_compress)
    app.context_processor(
        lambda: {
            "home": home,
            "back": back,
            "navigation": navigation,
            "role_names": role_names,
            "role_hints": role_hints,
            "font": font,
            "example": example,
            "offered": offered,
            "open_page": open_page,
            "interval_words": interval_words,
            "cap_words": cap_words,
            "said_words": said_words,
            "cuts_words": cuts_words,
            "digits_words": digits_words,
            "ends_words": ends_words,
            "cut_records": cut_records,
            "chart_radar": charts.radar,
            "chart_band": bands.band,
            "chart_timeline": partial(bands.timeline, day=date),
        }
    )


def back() -> str | None:
    """The page on which the form stands that was refused, where it is one of ours."""
    return safe_target(request.path)


def home() -> str:
    return home_of(current_user) if current_user.is_authenticated else url_for("identity.front")


def offered() -> list[tuple[Course, int]]:
    """The written courses with their minutes, for the front page."""
    library = publishing.library()
    return [
        (course, sum(library.modules[name].minutes for name in course.modules)) for course in library.courses.values()
    ]


@dataclass(frozen=True)
class OpenPage:
    """The module that anybody may read before an account."""

    href: str
    title: str
    minutes: int


def open_page() -> OpenPage | None:
    """None where nothing is published for everybody."""
    module = open_module()
    return (
        None if module is None else OpenPage(url_for("learn.try_module"), title_of(module, language()), module.minutes)
    )


def font(name: str) -> str:
    """The address exactly as the style sheet asks for it, so that a preload is used and not fetched twice."""
    return f"{current_app.static_url_path}/fonts/{name}.woff2"


MENU = (  # role, endpoint, label
    ("trainee", "learn.home", _l("Home")),
    ("trainee", "learn.catalogue", _l("Courses")),
    ("trainee", "learn.matrix", _l("My matrix")),
    ("hr", "campaigns.campaigns", _l("Campaigns")),
    ("hr", "hiring.people", _l("Team")),
    ("hr", "candidates.contests", _l("Objections")),
    ("hr", "panels.panels", _l("Panels")),
    ("instructor", "author.courses", _l("Content")),
    ("instructor", "rating.queue", _l("Rating desk")),
    ("hr", "rating.queue", _l("Rating desk")),
    ("instructor", "candidates.contests", _l("Objections")),
    ("administrator", "identity.people_list", _l("People")),
    ("administrator", "rating.raters", _l("Raters")),
    ("administrator", "identity.outbox", _l("Outbox")),
    ("administrator", "hiring.editions", _l("Roles and cuts")),
    ("instructor", "panels.panels", _l("Panels")),
    ("administrator", "panels.panels", _l("Panels")),
    ("administrator", "integration.settings", _l("Other programs")),
    ("administrator", "identity.settings", _l("Settings")),
)


def navigation() -> list[tuple[str, str]]:
    """The menu: what the person's roles open, in the order learn, people, content, administration."""
    roles = current_user.roles
    return list({url_for(endpoint): str(label) for role, endpoint, label in MENU if role in roles}.items())


def _version_static(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and not values["filename"].endswith(".woff2"):
        path = Path(current_app.static_folder or "") / values["filename"]
        values["v"] = _digest(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _digest(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def _compress(response: Response) -> Response:
    """gzip where it pays and the browser takes it; nothing secret stands beside text that a stranger chooses."""
    if (
        response.mimetype not in COMPRESSED
        or "gzip" not in request.headers.get("Accept-Encoding", "")
        or "Content-Encoding" in response.headers
        or response.status_code != 200
    ):
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) > 600:
        response.set_data(_zipped(body) if request.endpoint == "static" else gzip.compress(body, 5))
        response.headers["Content-Encoding"] = "gzip"
        response.headers.add("Vary", "Accept-Encoding")
    return response


@lru_cache(maxsize=64)
def _zipped(body: bytes) -> bytes:
    return gzip.compress(body, 9)
