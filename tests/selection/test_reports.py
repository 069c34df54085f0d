"""Issued reports: the same bytes later, nothing of others for a candidate, a changed one refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms import clock, evidence
from lms.campaigns import Campaign, Candidate
from lms.config import ROOT
from lms.database import db
from lms.psychometrics.profile import role_gap
from lms.report.glyphs import is_printable
from lms.selection import reports
from lms.selection.campaign_role import role_of
from lms.selection.comparison import CandidateRow
from lms.selection.models import IssuedReport
from tests.cast import Cast
from tests.hiring.test_team import matrix
from tests.html import page
from tests.selection.world import campaign_of, finished_candidate, with_matrices

SignIn = Callable[[str], FlaskClient]
LAYOUTS = ROOT / "lms" / "report"


@pytest.fixture
def pair(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """A campaign with two candidates; ids of the campaign and of the first."""
    with app.app_context():
        campaign = campaign_of(cast)
        first, other = finished_candidate(campaign, "Ani"), finished_candidate(campaign, "Hovik")
        found = {first.person_id: matrix(0.2, 0.4), other.person_id: matrix(1.2, 0.3)}
        with_matrices(monkeypatch, found)
        return campaign.id, first.id


def issue(hr: FlaskClient, pair: tuple[int, int], audience: str, language: str = "hy") -> str:
    base = f"/campaigns/{pair[0]}/candidates/{pair[1]}"
    form = page(hr.get(base)).form(f'form[action="{base}/reports"]').fields
    reply = hr.post(f"{base}/reports", data={**form, "audience": audience, "language": language})
    assert reply.status_code == 303
    return str(reply.headers["Location"])


FROZEN = {
    "assessment-1.typ": "cf8c12fa976801ed",
    "assessment-2.typ": "687471f4b969805c",
}


def test_layouts_that_reports_were_issued_with_stay_as_they_are() -> None:
    """Another look is another file and the next number."""
    layouts = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in LAYOUTS.glob("assessment-*.typ")
    }
    assert layouts == FROZEN and f"assessment-{reports.LAYOUT}.typ" == max(layouts)


def test_a_report_of_before_keeps_its_layout(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(reports, "pdf", lambda layout, _data, _at: drawn.append(layout) or b"%PDF")
    for snapshot in ("{}", '{"layout": 2}'):
        digest = hashlib.sha256(snapshot.encode()).hexdigest()
        reports.document(IssuedReport(snapshot=snapshot, sha256=digest, at=clock.now()))
    assert drawn == ["assessment-1", "assessment-2"]


def test_the_same_document_comes_out_whatever_changes_later(
    signed_in: SignIn, app: Flask, pair: tuple[int, int]
) -> None:
    hr = signed_in("hr")
    address = issue(hr, pair, "hr")
    before = hr.get(address)
    assert before.mimetype == "application/pdf" and before.data.startswith(b"%PDF")
    with app.app_context():
        db.session.get_one(Candidate, pair[1]).name = "Anahit"
        db.session.get_one(Campaign, pair[0]).name = "Winter"
        db.session.commit()
    assert hr.get(address).data == before.data
    assert signed_in("outsider").get(address).status_code == 404


def test_the_candidates_version_names_no_rank_no_verdict_and_nobody_else(
    signed_in: SignIn, app: Flask, pair: tuple[int, int]
) -> None:
    hr = signed_in("hr")
    for audience in ("candidate", "hr"):
        issue(hr, pair, audience, "en")
    with app.app_context():
        own, for_hr = (json.loads(row.snapshot) for row in IssuedReport.query.order_by(IssuedReport.id))
    assert "Rank" in str(for_hr["findings"]) and "Rank" not in str(own["findings"])
    assert "Hovik" not in str(own) and len(own["findings"]) == 2


def test_a_report_changed_in_the_database_is_not_drawn(signed_in: SignIn, app: Flask, pair: tuple[int, int]) -> None:
    hr = signed_in("hr")
    address = issue(hr, pair, "hr")
    with app.app_context():
        row = IssuedReport.query.one()
        row.snapshot = row.snapshot.replace("Ani", "Eva")
        db.session.commit()
    assert hr.get(address).status_code == 500


def test_a_report_is_in_its_own_language_and_names_what_to_learn(context: Flask, cast: Cast) -> None:
    """Whoever issues it in which language: the day, the words of a level, and of the house's own names none to the
    candidate."""
    campaign = campaign_of(cast, name="Internal name")
    candidate = finished_candidate(campaign, "Cora")
    made = matrix(-1.0, 0.2)
    row = CandidateRow(made, role_gap(made, role_of(campaign)), candidate, "Cora", (1, 1), "hy", 9)
    source = reports.Source(campaign, role_of(campaign), evidence.framework(campaign.organisation_id), row, ())
    with context.test_request_context("/", headers={"Accept-Language": "hy"}):
        told = json.loads(reports.issue(source, "candidate", "en", cast.hr).snapshot)
    assert "Internal" not in told["about"] and "թ." not in told["about"]
    assert told["matrix_head"][1] == "Level, with its 90% interval"
    (learn,) = told["parts"]
    assert len(learn["lines"]) == 3 and all(len(line.partition(": ")[2]) > 20 for line in learn["lines"])


def test_an_armenian_report_has_armenian_colons(signed_in: SignIn, app: Flask, pair: tuple[int, int]) -> None:
    hr, base = signed_in("hr"), f"/campaigns/{pair[0]}/candidates/{pair[1]}"
    hr.post(f"{base}/decisions", data={"stage": "interview", "reason": "Լավ խոսեց։"})
    issue(hr, pair, "hr")
    with app.app_context():
        parts = json.loads(db.session.query(IssuedReport).one().snapshot)["parts"]
    lines = [line for part in parts for line in part["lines"]]
    assert len(lines) > 1 and not [line for line in lines if ":" in line]


def test_what_is_not_needed_first_is_folded(signed_in: SignIn, pair: tuple[int, int]) -> None:
    """The page of a candidate is long on a phone; what was issued is not hidden."""
    hr, address = signed_in("hr"), f"/campaigns/{pair[0]}/candidates/{pair[1]}"
    shown = page(hr.get(address))
    assert shown.has("details.minima") and shown.has("details.ask") and shown.has("#reports")
    assert not shown.has("details.ask[open]") and not shown.has("#reports[open]")
    issue(hr, pair, "hr")
    assert page(hr.get(address)).has("#reports[open]")


def test_a_decision_stands_in_the_report_with_signs_that_its_fonts_draw(
    signed_in: SignIn, app: Flask, pair: tuple[int, int]
) -> None:
    hr, base = signed_in("hr"), f"/campaigns/{pair[0]}/candidates/{pair[1]}"
    hr.post(f"{base}/decisions", data={"stage": "interview", "reason": "Talked well."})
    issue(hr, pair, "hr")
    with app.app_context():
        snapshot = db.session.query(IssuedReport).one().snapshot
    assert "Talked well." in snapshot and is_printable(snapshot)
