"""Base of every form: CSRF, and WTForms' own messages from our catalogue, since WTForms has no Armenian one."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, ngettext
from flask_wtf import FlaskForm


class _Catalogue:
    @staticmethod
    def gettext(text: str) -> str:
        return gettext(text)

    @staticmethod
    def ngettext(singular: str, plural: str, n: int) -> str:
        return ngettext(singular, plural, n)


class Form(FlaskForm):
    class Meta(FlaskForm.Meta):
        def get_translations(self, _form: Any) -> _Catalogue:
            return _Catalogue()


class Confirm(Form):
    """A form with nothing but its token: buttons that change something."""
