"""Base of every form: CSRF, and WTForms' own messages from our catalogue, since WTForms has no Armenian one."""

from __future__ import annotations

from typing import Any

from flask import current_app, g
from flask_babel import get_domain
from flask_wtf import FlaskForm
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup


class _Catalogue:
    """WTForms fills the placeholders itself, so these must come back as they stand."""

    @staticmethod
    def gettext(text: str) -> str:
        return str(get_domain().get_translations().gettext(text))

    @staticmethod
    def ngettext(singular: str, plural: str, n: int) -> str:
        return str(get_domain().get_translations().ngettext(singular, plural, n))


class Form(FlaskForm):
    class Meta(FlaskForm.Meta):
        def get_translations(self, _form: Any) -> _Catalogue:
            return _Catalogue()


class Confirm:
    """A form with nothing but its token: buttons that change something. A page has many of these."""

    def __init__(self) -> None:
        is_enabled = current_app.config.get("WTF_CSRF_ENABLED", True)  # as in other forms
        self._tag = (
            Markup('<input name="csrf_token" type="hidden" value="{}">').format(generate_csrf()) if is_enabled else ""
        )

    def hidden_tag(self) -> str:
        return self._tag


def confirm() -> Confirm:
    """The same form for all buttons of a page."""
    if "confirm" not in g:
        g.confirm = Confirm()
    form: Confirm = g.confirm
    return form
