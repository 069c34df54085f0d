"""The log tells what happens; it never decides whether a page is answered."""

from __future__ import annotations

import io

import pytest
import structlog
from flask import Flask

from lms.web import log


class Gone(io.StringIO):
    """A pipe whose reader has ended, or a full disk."""

    def write(self, text: str) -> int:
        raise BrokenPipeError(32, "Broken pipe")


@pytest.mark.parametrize("level", ["info", "warning", "error"])
def test_a_log_that_cannot_be_written_costs_no_answer(level: str) -> None:
    getattr(log.LogLines(Gone()), level)("a line")


def test_this_is_the_log_that_requests_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", Gone())
    before = structlog.get_config()
    try:
        log.init_app(Flask("alone"))
        structlog.get_logger("hmut").error("unexpected", error="OSError")
    finally:
        structlog.configure(**before)
