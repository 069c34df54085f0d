"""PDF documents by typst: a template beside this file, data as JSON, so that what people typed stays text."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from werkzeug.exceptions import ServiceUnavailable

from lms.config import ROOT
from lms.report.glyphs import printable

TYPESETTER = (sys.executable, "-m", "lms.report.typeset")
LONGEST = 300  # seconds: typst may have to be installed first
AWAY, AGAIN = 75, 20  # status of a typesetter that is not there yet (see `typeset`); seconds until somebody asks again


def pdf(template: str, data: Mapping[str, Any], at: datetime) -> bytes:
    """The PDF/UA document that `template` (a name without .typ) makes of JSON-able data; the same bytes for the same
    data. Signs that no font draws have stand-ins. `at` is the date the document carries.
    RuntimeError with typst's own words when the template fails; 503 while typst is not there."""
    text = json.dumps(printable(dict(data)), ensure_ascii=False).encode()
    command = [*TYPESETTER, template, str(int(at.timestamp()))]
    process = subprocess.run(command, input=text, capture_output=True, cwd=ROOT, timeout=LONGEST)  # noqa: S603
    if process.returncode == AWAY:
        raise ServiceUnavailable(retry_after=AGAIN)
    if process.returncode:
        raise RuntimeError(process.stderr.decode().strip())
    return process.stdout
