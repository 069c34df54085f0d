"""No evidence, old or new, known or unknown, makes a page fail: what has no place in the matrix is left out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from lms import clock, evidence
from lms.campaigns import Campaign, Candidate
from lms.database import db
from lms.evidence.models import Evidence
from lms.evidence.parameter_models import ItemParameter, ParameterSet
from lms.publishing.models import Revision
from tests.cast import Cast
from tests.selection.world import campaign_of, finished_candidate

PAGES = {"trainee": ("/home", "/matrix"), "hr": ("/team",), "instructor": ("/content",)}
OF_CANDIDATES = ("/campaigns/{0}/results", "/campaigns/{0}/candidates/{1}")
SUBS = ("content.copy", "communication.community", "gone", "", "platforms.selection", "content")
KINDS = ("single", "judgement", "of-another-release", "")

row = st.fixed_dictionaries(
    {
        "sub": st.sampled_from(SUBS),
        "kind": st.sampled_from(KINDS),
        "categories": st.integers(2, 9),
        "place": st.floats(0, 0.99),
        "which": st.integers(0, 10_000),
        "old": st.integers(0, 4000),
        "calibrated": st.booleans(),
        "performance": st.booleans(),
        "key_of_its_own": st.booleans(),
    }
)


@given(drawn=st.lists(row, min_size=1, max_size=8))
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_pages_open_whatever_the_evidence(
    app: Flask, cast: Cast, signed_in: Callable[[str], FlaskClient], drawn: list[dict[str, object]]
) -> None:
    with app.app_context():
        campaign, candidate = chosen(cast)
        store(cast.trainee, drawn)
        store(candidate.person_id, drawn, keep=True)
        pages = PAGES | {"hr": (*PAGES["hr"], *(page.format(campaign.id, candidate.id) for page in OF_CANDIDATES))}
    for name, addresses in pages.items():
        client = signed_in(name)
        for address in addresses:
            assert client.get(address).status_code == 200, f"{address} with {drawn}"
    with app.app_context():
        evidence.history(cast.trainee)
        evidence.rescored(cast.trainee, None)


def chosen(cast: Cast) -> tuple[Campaign, Candidate]:
    """A campaign and somebody who has finished it; the same at every draw."""
    candidate = db.session.scalars(select(Candidate)).first()
    if candidate is None:
        candidate = finished_candidate(campaign_of(cast), "Ani")
    return db.session.get_one(Campaign, candidate.campaign_id), candidate


def store(person: int, drawn: list[dict[str, object]], keep: bool = False) -> None:
    """Rows as an older or a newer release may have left them, on revisions of any kind, published and withdrawn."""
    if not keep:
        db.session.execute(delete(Evidence))
    revisions = db.session.execute(select(Revision.id, Revision.kind, Revision.key).order_by(Revision.id)).all()
    calibration = db.session.scalars(select(ParameterSet.id)).first() or calibrate(revisions[0].id)
    for number, values in enumerate(drawn):
        revision = revisions[int(str(values["which"])) % len(revisions)]
        categories = int(str(values["categories"]))
        db.session.add(
            Evidence(
                person_id=person,
                item_key=f"key-{number}" if values["key_of_its_own"] else f"{revision.key[:150]}-{number}",
                revision_id=revision.id,
                attempt_id=number,
                parameter_set_id=calibration if values["calibrated"] else None,
                purpose="check",
                sub=values["sub"],
                kind=values["kind"],
                category=int(float(str(values["place"])) * categories),
                categories=categories,
                performance=values["performance"],
                answered_at=clock.now() - timedelta(days=int(str(values["old"]))),
            )
        )
    evidence.note_change(person)
    db.session.commit()


def calibrate(revision_id: int) -> int:
    """A calibration that holds parameters even of a revision that is no item."""
    found = ParameterSet(name="of the test")
    db.session.add(found)
    db.session.flush()
    db.session.add(ItemParameter(set_id=found.id, revision_id=revision_id, a=1.0, b=[0.0], origin="calibrated"))
    return found.id


def test_evidence_without_a_place_leaves_the_matrix_as_it_was(context: Flask, cast: Cast) -> None:
    item = db.session.scalars(select(Revision.id).filter_by(kind="item")).first()
    assert item
    base = {"kind": "single", "categories": 2, "place": 0.9, "old": 1, "calibrated": False, "performance": False}
    known = {**base, "sub": "content.copy", "which": item - 1, "key_of_its_own": True}
    store(cast.trainee, [known])
    before = evidence.matrix_of(cast.trainee).cells["content.copy"]
    store(cast.trainee, [known, {**known, "sub": "communication.community"}, {**known, "categories": 9}])
    after = evidence.matrix_of(cast.trainee).cells["content.copy"]
    assert (after.n, after.theta) == (before.n, before.theta) and before.n == 1
