"""Operators' commands about item parameters: `flask calibrate`, `flask rescore --dry-run` and `flask thin`."""

from __future__ import annotations

import json
import os
import sys
import threading
import time

import click
from flask import Flask
from flask.cli import with_appcontext
from sqlalchemy import select

from lms import clock, publishing
from lms.background import jobs
from lms.database import db
from lms.database.transaction import read_transaction
from lms.evidence.anchor_watch import AnchorWatch, anchor_watch
from lms.evidence.calibration import SkillRun, Step, calibrate_all
from lms.evidence.matrix import matrix_of, rescored, rules, skills
from lms.evidence.models import Evidence
from lms.evidence.moved_items import MOVED, drifted, moved
from lms.evidence.parameter_drafts import draft_of, write_set
from lms.evidence.parameters import current_set, parameters
from lms.psychometrics.items import Items
from lms.psychometrics.thin_places import thin


@click.command("calibrate")
@with_appcontext
@click.option("--name", default="", help="Name of the new set; today's date when left out.")
@click.option("--note", default="", help="Why it is made.")
@click.option("--dry-run", is_flag=True, help="Calibrate and report, but write nothing.")
@click.option("--beside", is_flag=True, hidden=True)
def calibrate_command(name: str, note: str, dry_run: bool, beside: bool) -> None:
    """Estimate item parameters from all evidence and store them as a new, dated set; the old sets stay.

    Attempts keep the set they began with; new ones begin with the new set.
    """
    jobs.stand_back()
    begun = time.monotonic()
    if beside:
        return _work_beside()
    with read_transaction():
        runs, present = calibrate_all(_say), current_set()
        watch = anchor_watch(present) if present else None
    if not runs:
        raise click.ClickException("there is no evidence yet")
    for run in runs:
        _report(run)
    if watch:
        _tell_watch(watch)
    if not dry_run:
        new_set = write_set(name or f"{clock.now():%Y-%m-%d}", note, runs)
        db.session.commit()
        click.echo(f"parameter set {new_set.id} ({new_set.name}) is current for attempts that begin from now on")
    click.echo(f"{time.monotonic() - begun:.1f} s")


def _say(step: Step) -> None:
    click.echo(f"{step.number}/{step.of} {step.skill}: {step.answers} answers")


def _work_beside() -> None:
    """For the job that staff start: writes nothing, says each step and the outcome as a line of JSON, and ends with the
    asker, who holds the other end of standard input."""
    threading.Thread(target=_end_with_asker, daemon=True).start()
    with read_transaction():
        runs = calibrate_all(lambda step: click.echo(json.dumps({"step": step._asdict()})))
    click.echo(json.dumps({"draft": draft_of(runs)}))


def _end_with_asker() -> None:
    sys.stdin.read()
    os._exit(1)


def _report(run: SkillRun) -> None:
    result = run.result
    honest = "converged" if result.converged else f"NOT converged, last change {result.max_change:.3g}"
    click.echo(
        f"{run.skill}: {len(run.revisions)} items, {sum(run.anchors)} anchors, population "
        f"{result.mean:+.2f} ± {result.sd:.2f}, {honest} in {result.iterations} steps; "
        f"authors' difficulties lie off by {run.experts:.2f}"
    )
    for line in moved(run):
        click.echo(
            f"  {line['item']}: {line['before']:+.2f} -> {line['after']:+.2f} (n = {line['answers']}), {line['why']}"
        )
    for line in drifted(run):
        click.echo(
            f"  DRIFT {line['item']}: {'easier' if line['change'] < 0 else 'harder'} by {abs(line['change']):.2f} ± "
            f"{line['error']:.2f} since the present set (n = {line['answers']}); its parameters stay, it holds no scale"
        )
    for about, note in result.notes.items():
        if about in ("persons", "errors"):
            click.echo(f"  {about}: {note}")


def _tell_watch(watch: AnchorWatch) -> None:
    click.echo(f"anchors: {watch.anchors}; with enough answers since the present set to be watched: {watch.watched}")
    if watch.change is not None:
        click.echo(
            f"  of {watch.answers} answers (median) the watch tells an anchor that has become easier by "
            f"{watch.change:.1f} levels in four cases of five"
        )


@click.command("rescore")
@with_appcontext
@click.option("--dry-run", is_flag=True, help="Required: attempts keep the set they were scored with.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per changed cell.")
def rescore_command(dry_run: bool, as_json: bool) -> None:
    """Show which skills of which people would change if all evidence were scored with the current set."""
    if not dry_run:
        raise click.UsageError("attempts keep the set they were scored with; --dry-run shows what another would say")
    with read_transaction():
        newest = current_set()
        people = db.session.scalars(select(Evidence.person_id).distinct().order_by(Evidence.person_id)).all()
        changes = [line for person in people for line in _changes(person, newest.id if newest else None)]
    for line in changes:
        click.echo(json.dumps(line) if as_json else _in_words(line))
    levels = sum(line["level"] != line["new_level"] for line in changes)
    if not as_json:
        click.echo(f"people: {len(people)}; skills that would move: {len(changes)}; with another level: {levels}")


def _changes(person: int, set_id: int | None) -> list[dict[str, object]]:
    current, other = matrix_of(person), rescored(person, set_id)
    return [
        {
            "person": person,
            "skill": skill,
            "level": current.cells[skill].level,
            "new_level": other.cells[skill].level,
            "theta": round(current.cells[skill].theta, 3),
            "new_theta": round(other.cells[skill].theta, 3),
        }
        for skill in skills()
        if abs(current.cells[skill].theta - other.cells[skill].theta) >= MOVED
        or current.cells[skill].level != other.cells[skill].level
    ]


def _in_words(line: dict[str, object]) -> str:
    return (
        f"person {line['person']}, {line['skill']}: level {line['level']} -> {line['new_level']}, "
        f"theta {line['theta']} -> {line['new_theta']}"
    )


@click.command("thin")
@with_appcontext
@click.option("--pool", default="placement", show_default=True, help="Which published items to look at.")
def thin_command(pool: str) -> None:
    """Say which items to write: where a test of the whole pool could not tell a level, and how many more would do."""
    published = publishing.items(pool=pool)
    if not published:
        raise click.ClickException(f"no published items in pool {pool!r}")
    units = parameters(revision for revision, _ in published)
    subs = [sub for subs in skills().values() for sub in subs]
    gaps = thin(
        Items.of([units[revision] for revision, _ in published]),
        [item.sub for _, item in published],
        rules().cuts,
        rules().max_sd,
        subs,
    )
    for gap in gaps:
        click.echo(f"{gap.sub} is thin at level {gap.level}: {gap.wanted} more items would do")
    click.echo(f"items in the pool: {len(published)}; thin places: {len(gaps)} of {len(subs) * len(rules().cuts)}")


def init_app(app: Flask) -> None:
    app.cli.add_command(thin_command)
    app.cli.add_command(calibrate_command)
    app.cli.add_command(rescore_command)
