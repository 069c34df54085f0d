"""PDF documents by typst: a template beside this file, data as JSON, so that what people typed stays text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from lms.report.glyphs import printable

HERE = Path(__file__).parent


def pdf(template: str, data: Mapping[str, Any], at: datetime) -> bytes:
    """The PDF/UA document that `template` (a name without .typ) makes of JSON-able data; the same bytes for the same
    data. Signs that no font draws have stand-ins. `at` is the date the document carries.
    RuntimeError with typst's own words when the template fails."""
    made = typst.compile(
        HERE / f"{template}.typ",
        root=HERE,
        font_paths=[HERE / "fonts"],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(printable(dict(data)), ensure_ascii=False)},
        pdf_standards="ua-1",
        timestamp=int(at.timestamp()),
    )
    assert isinstance(made, bytes)
    return made
