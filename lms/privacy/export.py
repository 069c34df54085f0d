"""A person's data as one ZIP: data.json for programs, a page in each language for people, a table of each kind."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import force_locale

from lms import clock
from lms.config import LANGUAGES
from lms.content.text import Text
from lms.privacy.answers import answered
from lms.privacy.holding import Holding
from lms.privacy.holdings import rows_of, tables
from lms.privacy.inventory import HOLDINGS
from lms.privacy.labels import LABELS
from lms.privacy.subject import Subject
from lms.report.spreadsheets import csv_of

FORMAT = "hmut-person-1"
Rows = Sequence[Mapping[str, Any]]


def archive(subject: Subject) -> bytes:
    """The ZIP. Nothing in it is another person's, and no key of a question."""
    rows = {table.name: rows_of(table, holding, subject) for table, holding in tables()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        data = {name: [_set_aside(file, row) for row in rows[name]] for name in HOLDINGS if rows[name]}
        file.writestr("data.json", json.dumps(_document(data), ensure_ascii=False, indent=1, default=_written))
        for language in LANGUAGES:
            file.writestr(f"data.{language}.html", _page(subject, data, language))
        for name, entries in data.items():
            file.writestr(f"tables/{name}.csv", csv_of(list(entries[0]), map(_cells, entries)))
    return buffer.getvalue()


def _set_aside(file: zipfile.ZipFile, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The row with a place in the archive where it holds a file."""
    content = row.get("content")
    if not isinstance(content, bytes):
        return row
    place = f"files/{row['id']}-{row['name']}"
    file.writestr(place, content)
    return {**row, "content": place}


def file_name(subject: Subject) -> str:
    return f"hmut-data-{subject.id}-{clock.now():%Y-%m-%d}.zip"


def _document(data: Mapping[str, Rows]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "made_at": clock.now(),
        "tables": {name: _described(HOLDINGS[name], rows) for name, rows in data.items()},
    }


def _described(holding: Holding, rows: Rows) -> dict[str, Any]:
    return {
        "title": _both(holding.title),
        "columns": {column: _both(LABELS[column]) for column in rows[0]},
        "withheld": {column: _both(why) for column, why in holding.withheld.items()},
        "rows": [dict(row) for row in rows],
    }


def _both(text: Text) -> dict[str, str]:
    return {language: text.get(language) for language in LANGUAGES}


def _page(subject: Subject, data: Mapping[str, Rows], language: str) -> str:
    with force_locale(language):
        return render_template(
            "privacy/export.html",
            language=language,
            data={name: [_cells(row) for row in rows] for name, rows in data.items()},
            columns={name: [LABELS[column].get(language) for column in rows[0]] for name, rows in data.items()},
            holdings=HOLDINGS,
            answers=answered(subject, language),
            made_at=clock.now(),
        )


def _cells(row: Mapping[str, Any]) -> list[str]:
    return [_cell(value) for value in row.values()]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _written(value: Any) -> str:
    """What JSON has no sign for: a moment."""
    return str(value.isoformat())
