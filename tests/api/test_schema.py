"""The published document against the application: no call answers with what the document does not say, none with 5xx."""

from __future__ import annotations

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, settings

from lms.api import tokens
from lms.api.models import SCOPES
from lms.database import db
from tests.cast import Cast
from tests.selection.world import campaign_of

EXAMPLES = 12  # of each call; `flask` serves more to whoever fuzzes a running house


@pytest.mark.parametrize("scopes", [SCOPES, ("packages:read",)], ids=["every scope", "one scope"])
def test_no_call_breaks_the_document(app: Flask, cast: Cast, scopes: tuple[str, ...]) -> None:
    with app.app_context():
        campaign_of(cast, parts=[{"kind": "test", "minutes": 25}])
        _, token = tokens.make(cast.person("hr").organisation_id, "ATS", list(scopes), cast.hr)
        db.session.commit()
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    for found in schema.get_all_operations():
        operation = found.ok()

        @schema.given(case=operation.as_strategy())
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def fuzz(case: schemathesis.Case) -> None:
            case.call_and_validate(
                headers={"Authorization": f"Bearer {token}"},
                excluded_checks=[schemathesis.checks.load_all_checks],
            )

        fuzz()
