"""Asking for a PDF; what is in one is seen by the rooms that make them."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import pytest
from werkzeug.exceptions import ServiceUnavailable

from lms.report import document


def test_a_typesetter_that_is_not_there_yet_asks_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "TYPESETTER", (sys.executable, "-c", f"raise SystemExit({document.AWAY})"))
    with pytest.raises(ServiceUnavailable) as refused:
        document.pdf("certificate", {}, datetime(2026, 1, 1, tzinfo=UTC))
    assert ("Retry-After", "20") in refused.value.get_headers()
