"""The published document against the application, for every scope and every role: no answer that the document does not
say, none with 5xx, and nothing for whoever may not ask."""

from __future__ import annotations

from itertools import count

import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance

from lms import clock
from lms.api import tokens
from lms.api.models import SCOPES
from lms.database import db
from tests.cast import Cast
from tests.selection.world import campaign_of
from tests.storm.stage import signed_cookie

EXAMPLES = 6  # of each call with every right; of the first of them also by everybody else
ROLES = ("trainee", "hr", "instructor", "administrator")
NAME = "Autumn of this house"


def token_of(cast: Cast, who: str, *scopes: str, revoked: bool = False) -> dict[str, str]:
    row, token = tokens.make(cast.person(who).organisation_id, "ATS", list(scopes), cast.hr)
    row.revoked_at = clock.now() if revoked else None
    return {"Authorization": f"Bearer {token}"}


def test_no_call_breaks_the_document(app: Flask, cast: Cast) -> None:
    with app.app_context():
        campaign_of(cast, parts=[{"kind": "test", "minutes": 25}], name=NAME)
        everything = token_of(cast, "hr", *SCOPES)
        scoped = {scope: token_of(cast, "hr", scope) for scope in SCOPES}
        outsider = token_of(cast, "outsider", *SCOPES)
        nobody = [{}, {"Authorization": "Bearer hmut_x"}, token_of(cast, "hr", *SCOPES, revoked=True)]
        db.session.commit()
    for name in ROLES:  # signed in as a person, which opens no call
        with app.test_request_context(method="POST"):
            nobody.append({"Cookie": signed_cookie(app, cast.person(name))[0]})
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    for found in schema.get_all_operations():
        operation, numbers = found.ok(), count()
        endpoint, _ = app.url_map.bind("").match(operation.path.replace("{order_id}", "x"), operation.method.upper())
        needed = app.view_functions[endpoint].scope  # type: ignore[attr-defined]

        def refused(case: schemathesis.Case, needed: str) -> None:
            for headers in nobody:
                assert case.call(headers=headers).status_code == 401
            for scope, headers in scoped.items():
                reply = case.call(headers=headers)
                assert (reply.status_code == 403) == (scope != needed), f"{case.path} by {scope}"
                case.validate_response(reply, checks=[not_a_server_error, response_schema_conformance])
            reply = case.call(headers=outsider)
            assert NAME not in reply.text
            case.validate_response(reply, checks=[not_a_server_error, response_schema_conformance])

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
            if next(numbers) == 0:  # noqa: B023
                refused(case, needed)  # noqa: B023
            reply = case.call(headers=everything)
            case.validate_response(reply, checks=[not_a_server_error, response_schema_conformance])

        fuzz()
