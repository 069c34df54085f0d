"""Counts of items kept up to date: a person's evidence is counted soon after it changed, by the next page of an
instructor or by a job, and never all of it again. A round begins anew where what counts has changed for everybody (a
void item, another way of counting). Whoever writes counts holds the row of the round."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from lms import evidence
from lms.author.first_answers import answers_of
from lms.author.models import ItemCount, ItemCountRound, ItemFigures
from lms.author.tallies import GivenEvidence, Tally, TallyCell, added, tallies, without_zeros
from lms.database import db, may_write
from lms.evidence import Counted

_TABLE: Any = ItemCount.__table__
_HERE = [column == bindparam(f"at_{column.name}") for column in _TABLE.primary_key]
_CHANGE = update(_TABLE).where(*_HERE).values(tally=bindparam("sums", type_=_TABLE.c.tally.type))
_DROP = delete(_TABLE).where(*_HERE)
COUNTING = 1  # raised with a change of what is counted and how
BATCH = 50  # people counted together
Cells = dict[TallyCell, Tally]


def basis_of(organisation_id: int) -> str:
    return f"{COUNTING}:{evidence.voids_until(organisation_id)}"


def round_of(organisation_id: int) -> Row[Any] | None:
    """The round that the organisation's counts are of, as a plain row; None before the first."""
    table = ItemCountRound.__table__
    return db.session.execute(select(table).where(ItemCountRound.organisation_id == organisation_id)).one_or_none()


def bring_up_to_date(organisation_id: int, most: int) -> int:
    """Count the evidence of at most so many people; how many are known to be left, 0 or 1 for "more"."""
    number = _round_in_force(organisation_id)
    people = evidence.uncounted(organisation_id, number, most + 1)
    if people:
        change = [(person, *_change(person, answers, number)) for person, answers in given_by(people[:most])]
        db.session.rollback()  # what was read is done with
        _store(organisation_id, number, change)
    return len(people[most:])


def _round_in_force(organisation_id: int) -> int:
    """The number of the round that counts by today's basis; it begins here if need be."""
    present = round_of(organisation_id)
    if present is not None and present.basis == basis_of(organisation_id):
        return int(present.round)
    return begin_anew(organisation_id)


def is_behind(organisation_id: int) -> bool:
    """Whether evidence waits to be counted, so that pages show a part."""
    present = round_of(organisation_id)
    return present is not None and bool(evidence.uncounted(organisation_id, present.round, 1))


def begin_anew(organisation_id: int) -> int:
    """Drop the counts; everybody's evidence waits to be counted again. The number of the round."""
    basis = basis_of(organisation_id)
    db.session.rollback()  # what was read is done with; on SQLite nothing else may be open while we write
    with may_write(), db.engine.begin() as connection:
        return _begin(connection, organisation_id, basis)


def _begin(connection: Connection, organisation_id: int, basis: str) -> int:
    present = _hold(connection, organisation_id)
    if present is None:
        first = {"organisation_id": organisation_id, "round": 1, "basis": basis, "number": 0, "people": 0, "figured": 0}
        connection.execute(insert(ItemCountRound).values(**first))
        return 1
    fresh = {"round": present.round + 1, "basis": basis, "number": present.number + 1, "people": 0}
    mine = ItemCountRound.organisation_id == organisation_id
    connection.execute(update(ItemCountRound).where(mine).values(**fresh))
    connection.execute(delete(ItemCount).where(ItemCount.organisation_id == organisation_id))
    connection.execute(delete(ItemFigures).where(ItemFigures.organisation_id == organisation_id))
    return int(fresh["round"])


def _hold(connection: Connection, organisation_id: int) -> Row[Any] | None:
    """The round's row, locked until the transaction ends."""
    mine = select(ItemCountRound.__table__).where(ItemCountRound.organisation_id == organisation_id)
    return connection.execute(mine.with_for_update()).one_or_none()


def given_by(people: Sequence[Counted]) -> Iterator[tuple[Counted, list[GivenEvidence]]]:
    """Each person with all that they have given, oldest first."""
    answers = answers_of([person.person_id for person in people])
    return ((person, answers[person.person_id]) for person in people)


def _change(person: Counted, answers: Sequence[GivenEvidence], number: int) -> tuple[Cells, int]:
    """What counting all of the person's evidence changes, and up to which id it goes."""
    change: Cells = {}
    added(change, tallies(answers))
    added(change, tallies(held_of(person, answers, number)), -1)
    return change, answers[-1].id if answers else 0


def held_of(person: Counted, answers: Sequence[GivenEvidence], number: int) -> list[GivenEvidence]:
    """Of the person's answers those that the round holds."""
    return [answer for answer in answers if person.round == number and answer.id <= person.to]


def _store(organisation_id: int, number: int, changes: Sequence[tuple[Counted, Cells, int]]) -> None:
    """Nothing where another round has begun meanwhile, and nothing of people whose evidence has changed since."""
    with may_write(), db.engine.begin() as connection:
        present = _hold(connection, organisation_id)
        if present is None or present.round != number:
            return
        settled = evidence.mark_counted(connection, {person: to for person, _, to in changes}, number)
        total: Cells = {}
        people = 0
        for person, change, to in changes:
            if person in settled:
                added(total, change)
                people += bool(to) - bool(person.to and person.round == number)
        _add(connection, organisation_id, total, people)


def _add(connection: Connection, organisation_id: int, change: Cells, people: int) -> None:
    """Change the counts by so much; the round's row is held."""
    mine, present = ItemCountRound.organisation_id == organisation_id, _rows(connection, organisation_id, change)
    whole = {cell: Tally(present.get(cell, {})) for cell in change}
    added(whole, change)
    _put(connection, organisation_id, {cell: without_zeros(tally) for cell, tally in whole.items()}, present.keys())
    raised = {"number": ItemCountRound.number + 1, "people": ItemCountRound.people + people}
    connection.execute(update(ItemCountRound).where(mine).values(**raised))


def _rows(connection: Connection, organisation_id: int, cells: Cells) -> Cells:
    """The counts of these cells that there are."""
    revisions = {cell.revision_id for cell in cells}
    mine = ItemCount.organisation_id == organisation_id, ItemCount.revision_id.in_(revisions)
    return {_cell(row): Tally(row.tally) for row in connection.execute(select(ItemCount.__table__).where(*mine))}


def _cell(row: Row[Any]) -> TallyCell:
    return TallyCell(row.revision_id, row.item_key, row.categories, row.language)


def _put(connection: Connection, organisation_id: int, cells: Cells, present: Set[TallyCell]) -> None:
    """Each kind of change in one statement, since whoever saves waits for it."""
    rows = {cell: {"organisation_id": organisation_id, **cell._asdict()} for cell in cells}
    new, old = cells.keys() - present, cells.keys() & present
    for statement, changes in (
        (insert(_TABLE), [{**rows[cell], "tally": cells[cell]} for cell in new if cells[cell]]),
        (_CHANGE, [{**_places(rows[cell]), "sums": cells[cell]} for cell in old if cells[cell]]),
        (_DROP, [_places(rows[cell]) for cell in old if not cells[cell]]),
    ):
        if changes:
            connection.execute(statement, changes)


def _places(row: Mapping[str, Any]) -> dict[str, Any]:
    return {f"at_{column.name}": row[column.name] for column in _TABLE.primary_key}


def take_back(person_id: int) -> None:
    """Before evidence of a person goes: count none of it. Where another round is due anyway, its beginning does."""
    db.session.flush()
    person, connection = evidence.counted(person_id), db.session.connection()
    present = _hold(connection, person.organisation_id) if person else None
    person = evidence.counted(person_id)  # again: who held the round may have counted meanwhile
    if person is None or present is None:
        return
    ((_, answers),) = given_by([person])
    of_round = held_of(person, answers, present.round)
    evidence.forget_count(connection, person_id)
    if of_round and present.basis == basis_of(person.organisation_id):
        change: Cells = {}
        added(change, tallies(of_round), -1)
        _add(connection, person.organisation_id, change, -1)


def stored(organisation_id: int) -> Cells:
    """All counts of the organisation."""
    rows = db.session.execute(select(ItemCount.__table__).where(ItemCount.organisation_id == organisation_id))
    return {_cell(row): Tally(row.tally) for row in rows}
