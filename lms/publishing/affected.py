"""How many people a withdrawal touches. Rooms above this one say who has something on a piece of content."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from flask import Flask, current_app

# (kind, keys) -> pairs of a key and a person who has progress, evidence or an open attempt on it
Counter = Callable[[str, Collection[str]], Iterable[tuple[str, int]]]


def count_people_with(app: Flask, counter: Counter) -> None:
    """Ask this counter too; a room's `init_app` says so."""
    app.extensions.setdefault("affected_people", []).append(counter)


def people_by_key(kind: str, keys: Collection[str]) -> dict[str, set[int]]:
    """Ids of the people whom each of the keys concerns, over all rooms."""
    people: dict[str, set[int]] = {key: set() for key in keys}
    counters: list[Counter] = current_app.extensions.get("affected_people", [])
    for counter in counters:
        for key, person in counter(kind, keys):
            people[key].add(person)
    return people
