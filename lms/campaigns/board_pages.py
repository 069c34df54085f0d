"""Pages of rooms above that a campaign's board and its candidates lead to; each room says its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from flask import Flask, current_app, url_for

Page = tuple[str, Any]  # endpoint (it takes `campaign_id`), label


def offer_page(app: Flask, endpoint: str, label: Any) -> None:
    """Have the board of every campaign lead there; `label` is a lazy text."""
    _pages(app).append((endpoint, label))


def offer_candidate_page(app: Flask, endpoint: str, label: Any) -> None:
    """Have the page of every candidate who has finished lead there; it takes `candidate_id` too."""
    _candidate_pages(app).append((endpoint, label))


def pages() -> list[tuple[Callable[..., str], str]]:
    return _addressed(_pages(current_app))


def candidate_pages() -> list[tuple[Callable[..., str], str]]:
    return _addressed(_candidate_pages(current_app))


def _addressed(offered: list[Page]) -> list[tuple[Callable[..., str], str]]:
    return [(partial(url_for, endpoint), str(label)) for endpoint, label in offered]


def _pages(app: Flask) -> list[Page]:
    return cast(list[Page], app.extensions.setdefault("campaign_pages", []))


def _candidate_pages(app: Flask) -> list[Page]:
    return cast(list[Page], app.extensions.setdefault("candidate_pages", []))
