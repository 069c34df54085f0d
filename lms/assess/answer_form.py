"""One posted answer, read field by field; nothing else in the form is looked at."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from lms.assess.models import Form

ANSWER = re.compile(r"answer(\.[a-z0-9_]{1,20})?")
KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
TAB = re.compile(r"[A-Za-z0-9_.-]{0,64}")
MAX_FIELDS, MAX_LENGTH, MAX_SEQ = 60, 2_000, 2**53
MAX_BYTES = 8_000  # of one answer as it is stored; the longest that a page of ours sends has some 2,000


class TooLarge(ValueError):
    """An answer of more than `MAX_BYTES`."""


@dataclass(frozen=True)
class PostedAnswer:
    """position: the question; value: its form fields; seq, key, tab: see `Attempt.answer`."""

    position: int
    value: Form
    seq: int
    key: str
    tab: str


def posted_answer(form: MultiDict[str, str]) -> PostedAnswer:
    """ValueError when a field is missing, too long, too many, or no such value can come from our pages; TooLarge when
    the answer as a whole is."""
    key, tab = form.get("key", ""), form.get("tab", "")
    if not KEY.fullmatch(key) or not TAB.fullmatch(tab):
        raise ValueError("key or tab")
    value = dict(_answer(form))
    if len(json.dumps(value, ensure_ascii=False).encode()) > MAX_BYTES:
        raise TooLarge
    return PostedAnswer(_number(form, "item", 1_000), value, _number(form, "seq", MAX_SEQ), key, tab)


def _answer(form: MultiDict[str, str]) -> Iterator[tuple[str, list[str]]]:
    for name in sorted(name for name in form if ANSWER.fullmatch(name)):
        values = [value for value in form.getlist(name) if value.strip()]
        if len(values) > MAX_FIELDS or any(len(value) > MAX_LENGTH for value in values):
            raise ValueError(name)
        if values:
            yield name, values


def _number(form: MultiDict[str, str], name: str, most: int) -> int:
    text = form.get(name, "")
    if not re.fullmatch(r"[0-9]{1,16}", text) or not 1 <= int(text) <= most:
        raise ValueError(name)
    return int(text)
