"""The counts of items against those that all answers would give now: `flask statistics check` and tests."""

from __future__ import annotations

from collections.abc import Iterator

from lms import evidence
from lms.author.item_counts import BATCH, Cells, basis_of, given_by, held_of, round_of, stored
from lms.author.tallies import added, tallies, without_zeros


def computed(organisation_id: int, number: int) -> tuple[Cells, int]:
    """The counts as they should be, from all evidence that the round holds, read in parts; and of how many people."""
    cells: Cells = {}
    after, people = -(2**31), 0
    while batch := evidence.counted_people(organisation_id, number, after, BATCH):
        for person, answers in given_by(batch):
            of_round = held_of(person, answers, number)
            added(cells, tallies(of_round))
            people += bool(of_round)
        after = batch[-1].person_id
    return {cell: whole for cell, tally in cells.items() if (whole := without_zeros(tally))}, people


def check(organisation_id: int) -> Iterator[str]:
    """What is stored and differs from what is computed in full, a line each."""
    present = round_of(organisation_id)
    if present is None or present.basis != basis_of(organisation_id):
        return
    (truth, people), rows = computed(organisation_id, present.round), stored(organisation_id)
    for cell in sorted(truth.keys() | rows.keys()):
        if truth.get(cell) != rows.get(cell):
            yield f"organisation {organisation_id}, {cell}: stored {rows.get(cell)}, computed {truth.get(cell)}"
    if people != present.people:
        yield f"organisation {organisation_id}: stored {present.people} people, computed {people}"
