"""Work samples that other rooms put on this room's page beside its own: the written tasks that people rate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app

from lms.identity.models import Person


@dataclass(frozen=True)
class TaskOffer:
    """name: of the task; lead: one sentence; planned, limit: minutes, 0 where no clock runs; is_running: the person has
    begun one; address: of its place on its own room's page. Texts in the reader's language."""

    name: str
    lead: str
    planned: int
    limit: int
    is_running: bool
    address: str


Offers = Callable[[Person], list[TaskOffer]]


def add(app: Flask, offers: Offers) -> None:
    app.extensions["lab_offers"] = [*app.extensions.get("lab_offers", ()), offers]


def for_person(person: Person) -> list[TaskOffer]:
    registered: list[Offers] = current_app.extensions.get("lab_offers", [])
    return [each for offers in registered for each in offers(person)]
