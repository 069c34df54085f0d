"""The published document against the application: no answer that the document does not say, none with 5xx."""

from __future__ import annotations

import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance

from lms.api import tokens
from lms.api.models import SCOPES
from lms.database import db
from tests.cast import Cast
from tests.selection.world import campaign_of

EXAMPLES = 6  # of each call


def test_no_call_breaks_the_document(app: Flask, cast: Cast) -> None:
    with app.app_context():
        campaign_of(cast, parts=[{"kind": "test", "minutes": 25}])
        _, token = tokens.make(cast.person("hr").organisation_id, "ATS", list(SCOPES), cast.hr)
        db.session.commit()
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    for found in schema.get_all_operations():
        operation = found.ok()

        @given(case=operation.as_strategy())
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def fuzz(case: schemathesis.Case) -> None:
            reply = case.call(headers={"Authorization": f"Bearer {token}"})
            case.validate_response(reply, checks=[not_a_server_error, response_schema_conformance])

        fuzz()
