"""Reading a form that somebody sent: one value, or a text within bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

MAX_TEXT = 200
Form = Mapping[str, Sequence[str]]


def posted(form: Form, name: str, allowed: Sequence[str]) -> str | None:
    """The one value of `name`, None when absent or empty; ValueError when it is not in `allowed`."""
    values = [value for value in form.get(name, ()) if value]
    if not values:
        return None
    if len(values) > 1 or values[0] not in allowed:
        raise ValueError(f"{name}: an option that was not offered")
    return values[0]


def posted_text(form: Form, name: str, limit: int = MAX_TEXT) -> str | None:
    """The text of `name`, stripped, None when empty; ValueError when longer than `limit` or holding NUL."""
    values = form.get(name, ())
    text = values[0].strip() if values else ""
    if len(values) > 1 or len(text) > limit or "\0" in text:
        raise ValueError(f"{name}: the answer is too long")
    return text or None
