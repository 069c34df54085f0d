"""One object of every kind in `aygi`, and an address for every route. A route whose address cannot be built fails the
tests: whoever adds one says here which object it opens and whether somebody owns that."""

from __future__ import annotations

import hashlib
import marshal
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Table, select, text
from werkzeug.routing import Rule

from lms import clock, evidence, publishing
from lms.api import lever_orders, webhooks
from lms.api import tokens as programs
from lms.api.models import ApiOrder, WebhookDelivery
from lms.background.mail import OutboxMail
from lms.campaigns import Campaign, add_candidate
from lms.campaigns.parts import parts_of
from lms.candidates.models import Contest
from lms.database import Base, db, read_only
from lms.identity import membership, tokens
from lms.identity.factor_models import Passkey
from lms.identity.models import ROLES, OneTimeToken, Organisation, Session
from lms.lab import runs
from lms.lab.tasks import TASKS
from lms.learn.models import Certificate, WeeklyAim
from lms.panels.links import add_judge
from lms.panels.models import Panel
from lms.rating import desk, files
from lms.selection import reports
from lms.selection.campaign_role import role_of
from lms.selection.comparison import ranked
from lms.selection.models import NormGroup
from tests import cast as cast_module
from tests.assess.small import begin
from tests.cast import Cast
from tests.rating import writer

OWNED = {
    "attempt_id",
    "run_id",
    "work_id",
    "rating_id",
    "file_id",
    "person_id",
    "invitation_id",
    "session_id",
    "mail_id",
    "passkey_id",
    "contest_id",
    "report_id",
    "campaign_id",
    "candidate_id",
    "order_id",
    "group_id",
    "token_id",
    "webhook_id",
    "delivery_id",
    "link_id",
    "panel_id",
    "judge_id",
}  # arguments that name somebody's or an organisation's object
# The same for everybody; a role is one of the shipped ones, or of the own organisation.
PUBLISHED = {
    "slug",
    "module_id",
    "course",
    "module",
    "key",
    "path",
    "name",
    "filename",
    "role_id",
    "brief",
    "step",
    "task",
    "written_task",
    "skill",
}
SECRET = {"token", "code"}  # whoever knows it may open it
WORDS = {"role", "kind", "spoken"}
NUMBERS = {"retake", "position"}  # of something of one's own
AIM = "code-of-a-reminder"
SHEET = "month-results.en.csv"


@dataclass(frozen=True)
class World:
    """values: by argument's name; special: by endpoint and argument, where the name alone does not tell."""

    app: Flask
    cast: Cast
    values: dict[str, Any]
    special: dict[tuple[str, str], Any]

    def client(self, name: str) -> FlaskClient:
        client = self.app.test_client()
        cast_module.sign_in(client, self.cast.ids[name])
        return client

    def rules(self) -> Iterator[Rule]:
        yield from sorted(self.app.url_map.iter_rules(), key=lambda rule: rule.rule)

    def access(self, rule: Rule) -> tuple[str, ...]:
        return tuple(self.app.view_functions[rule.endpoint].access)  # type: ignore[attr-defined]

    def address(self, rule: Rule, **other: Any) -> str:
        """The path of a route with real objects in it, `other` in their place where given."""
        values = {name: other.get(name, self._value(rule, name)) for name in rule.arguments}
        built = rule.build(values)
        assert built, f"{rule.rule} takes no {values}"
        return str(built[1])

    def _value(self, rule: Rule, name: str) -> Any:
        assert name in OWNED | PUBLISHED | SECRET | WORDS | NUMBERS, f"{rule.rule}: say in world.py what <{name}> opens"
        return self.special.get((rule.endpoint, name), self.values.get(name))

    def digests(self) -> dict[str, str]:
        """A hash of every table's rows as SQLite keeps them."""
        with self.app.app_context(), read_only():
            tables = [table for table in Base.metadata.sorted_tables if table.name != "heartbeat"]  # of /healthz
            return {table.name: _digest(table) for table in tables}


def _digest(table: Table) -> str:
    keys = ", ".join(f'"{column.name}"' for column in table.primary_key)
    rows = db.session.execute(text(f'SELECT * FROM "{table.name}" ORDER BY {keys}'))
    plainly = marshal.dumps([tuple(row) for row in rows], 0)  # later versions tell equal values apart
    return hashlib.sha256(plainly).hexdigest()


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def build(app: Flask, cast: Cast) -> World:
    """The cast with an open attempt, an invitation, a certificate, and `everyone` of `aygi`, who holds every role."""
    with app.app_context():
        house = db.session.scalars(select(Organisation).filter_by(slug="aygi")).one()
        house.registration_open = True
        cast.ids["everyone"] = membership.add(house, "everyone@example.org", "Every One", ROLES).id
        token, row = tokens.drawn("invitation", house.id, email="new@example.org", data={"roles": ["trainee"]})
        tokens.store([row])
        certificate = Certificate(person_id=cast.trainee, course="C1", code="0123456789abcdef", data={})
        aim = WeeklyAim(person_id=cast.trainee, kind="modules", number=1, reminder=True, code=AIM)
        db.session.add_all([certificate, aim])
        attempt = begin(cast.person("trainee"))
        run = runs.start(cast.person("trainee"), TASKS["campaign"], brief="tonir")
        work, rating, file = _rated(cast)
        invitation = db.session.scalars(select(OneTimeToken).filter_by(purpose="invitation")).one()
        db.session.commit()
        values = {
            "attempt_id": attempt.id,
            "run_id": run.id,
            "work_id": work,
            "rating_id": rating,
            "file_id": file,
            "person_id": cast.trainee,
            "invitation_id": invitation.id,
            "session_id": _signed_in(cast.trainee),
            "mail_id": _letter(house.id),
            "passkey_id": _passkey(cast.ids["everyone"]),
            **_selected(house.id, cast.ids["everyone"]),
            **_judged(house.id),
            "token": token,
            "code": certificate.code,
        }
        return World(
            app,
            cast,
            values
            | _published()
            | {"role": "trainee", "kind": "invitation", "spoken": "en", "retake": 0, "position": 1},
            _special(),
        )


def _rated(cast: Cast) -> tuple[int, int, int]:
    """A work of the trainee's with a file that everyone, named as a rater, has in hand."""
    everyone = cast.person("everyone")
    writer.name_raters(everyone)
    work = writer.write(cast.person("trainee"))
    rating = desk.take_next(everyone)
    assert rating
    files.add(work, "a.png", b"\x89PNG\r\n\x1a\n")
    return work.id, rating.id, files.files_of(work)[0].id


def _letter(organisation_id: int) -> int:
    letter = OutboxMail(organisation_id=organisation_id, recipient="new@example.org", subject="s", body="b")
    db.session.add(letter)
    db.session.commit()
    return letter.id


def _passkey(person_id: int) -> int:
    key = Passkey(person_id=person_id, credential="AAAA", public_key="AAAA", name="A phone")
    db.session.add(key)
    db.session.commit()
    return key.id


def _selected(house: int, by: int) -> dict[str, Any]:
    """A candidate of a campaign with a report, an objection, and the order of a program that was told of it."""
    now = clock.now()
    campaign = Campaign(organisation_id=house, name="Spring", role="smm_manager", form="own")
    campaign.parts = parts_of(evidence.framework(), "screening", "smm_manager")
    campaign.closes_at, campaign.delete_on = now + timedelta(days=7), now.date() + timedelta(days=90)
    db.session.add(campaign)
    db.session.flush()
    candidate, _ = add_candidate(campaign, "Cora Candidate", "cora@example.org", "en")
    db.session.flush()
    whose = {"organisation_id": house, "candidate_id": candidate.id}
    contest = Contest(**whose, person_id=candidate.person_id, text="It is wrong.")
    source = reports.Source(
        campaign, role_of(campaign), evidence.framework(house), ranked(campaign, [candidate])[0], ()
    )
    report = reports.issue(source, "hr", "en", by)
    token, _ = programs.make(house, "ATS", ["orders:read"], by)
    hook, _ = webhooks.add(house, "https://ats.example.org", by)
    group = NormGroup(organisation_id=house, name="Everybody", language="en", campaigns=[campaign.id])
    db.session.add_all([contest, group])
    db.session.flush()
    order = ApiOrder(**whose, token_id=token.id, public_id="ord_1", idempotency_key="k", request_sha256="0" * 64)
    db.session.add(order)
    db.session.flush()
    sent = WebhookDelivery(organisation_id=house, webhook_id=hook.id, order_id=order.id, event="order.started", body="")
    db.session.add(sent)
    db.session.commit()
    numbers = {
        "campaign_id": campaign,
        "candidate_id": candidate,
        "contest_id": contest,
        "report_id": report,
        "group_id": group,
    }
    link = lever_orders.add_link(house, "Assessment", "signing-token", "key-of-lever", by)
    db.session.commit()
    programs_of = {"token_id": token, "webhook_id": hook, "delivery_id": sent, "link_id": link}
    return {name: row.id for name, row in (numbers | programs_of).items()} | {"order_id": order.public_id}


def _judged(house: int) -> dict[str, int]:
    """A panel and a judge of it."""
    panel = Panel(organisation_id=house, level=3, pool="placement", items=[], closes_at=clock.now() + timedelta(days=7))
    db.session.add(panel)
    db.session.flush()
    judge = add_judge(panel, "Jonas Judge", "jonas@example.org", "en")
    db.session.commit()
    return {"panel_id": panel.id, "judge_id": judge.id}


def _signed_in(person_id: int) -> int:
    row = Session(token_hash="0" * 64, person_id=person_id, expires_at=clock.now() + timedelta(days=1))
    db.session.add(row)
    db.session.commit()
    return row.id


def _published() -> dict[str, str]:
    library = publishing.library()
    course = library.courses["C1"]
    return {
        "slug": course.slug,
        "course": course.slug,
        "module_id": course.modules[0],
        "module": library.modules[course.modules[0]].slug,
        "path": next(bank.path for bank in library.banks.values() if bank.pool == "practice"),
        "name": "ladder.en.svg",
        "filename": "hmut.css",
        "role_id": "smm_intern",
        "skill": "analytics",
        "brief": "tonir",
        "task": "scheduler",
        "written_task": "reply",
        "step": "1",
        "key": next(item.id for item in library.items.values() if item.answerable and item.pool == "practice"),
    }


def _special() -> dict[tuple[str, str], str]:
    library = publishing.library()
    asked = re.findall(r"\{\{item:([\w-]+)\}\}", library.modules[library.courses["C1"].modules[0]].languages["en"].body)
    return {
        ("identity.register", "slug"): "aygi",
        ("publishing.sheet", "name"): SHEET,
        ("learn.cell", "key"): "content",
        ("author.fact", "key"): "armenia.time_zone",
        ("author.save_fact", "key"): "armenia.time_zone",
        ("learn.reminder", "code"): AIM,
        ("learn.stop_reminder", "code"): AIM,
        ("learn.answer_embedded", "key"): asked[0],
        ("learn.try_question", "key"): asked[0],
    }
