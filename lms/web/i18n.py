"""Language of a page and its texts: one catalogue a room in `translations/`, merged when the application starts."""

from __future__ import annotations

import datetime as dt
import os
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, get_domain, get_locale, get_timezone, refresh
from flask_login import current_user

from lms.config import LANGUAGES, ROOT
from lms.formats import format_day, format_number, format_percent, language_name, own_name

TRANSLATIONS = ROOT / "lms" / "translations"
COOKIE = "language"
babel = Babel()


def init_app(app: Flask) -> None:
    folder = app.config["HMUT_DATA"] / "translations"
    compile_catalogues(folder)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(folder)
    babel.init_app(app, locale_selector=language)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: texts().ugettext(text),
        ngettext=lambda singular, plural, n: texts().ungettext(singular, plural, n),
        newstyle=True,
    )
    app.jinja_env.filters |= {"date": date, "day": day, "moment": moment, "number": number, "percent": percent}
    app.jinja_env.filters |= {"own_name": own_name, "language_name": lambda code: language_name(code, language())}
    app.jinja_env.filters["in_hundred"] = in_hundred
    app.context_processor(lambda: {"language": language(), "languages": LANGUAGES})


def texts() -> Translations:
    """The catalogue of the language spoken now: a page asks for hundreds of texts, and looking the catalogue up by the
    locale's written form costs more than the text."""
    catalogues: dict[str, Translations] = current_app.extensions.setdefault("texts", {})
    code = get_locale().language
    if code not in catalogues:
        catalogues[code] = get_domain().get_translations()
    return catalogues[code]


def merged_catalogue(code: str) -> Catalog:
    """All rooms' texts in one catalogue; a text two rooms share must read the same in both."""
    merged = Catalog(locale=code)
    for path in sorted((TRANSLATIONS / code).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=code):
                if message.id and message.string:
                    merged.add(message.id, message.string, context=message.context)
    return merged


def compile_catalogues(folder: Path) -> None:
    """Make each language's catalogue below `folder`. It bears the time of its newest source, so that a copy of another
    version with files of any age is noticed."""
    for source in sorted(path for path in TRANSLATIONS.iterdir() if path.is_dir()):
        target = folder / source.name / "LC_MESSAGES" / "messages.mo"
        newest = max((path.stat().st_mtime_ns for path in source.glob("*.po")), default=0)
        if target.exists() and target.stat().st_mtime_ns == newest:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=target.parent, delete=False) as file:  # several servers may start together
            write_mo(file, merged_catalogue(source.name))
        os.utime(file.name, ns=(newest, newest))
        Path(file.name).replace(target)


def language() -> str:
    """hy or en: the person's choice, else the cookie's, else the browser's, else Armenian."""
    if not has_request_context():
        return LANGUAGES[0]
    if "language" not in g:
        g.language = getattr(current_user, "language", None) or language_at_the_door() or LANGUAGES[0]
    return str(g.language)


def language_at_the_door() -> str | None:
    """What this browser's user chose, else what the browser asks for; None where neither says anything."""
    code = request.cookies.get(COOKIE)
    return code if code in LANGUAGES else request.accept_languages.best_match(LANGUAGES)


def speak(code: str) -> None:
    """Show the rest of this request in the language `code`."""
    g.language = code
    refresh()


def date(value: datetime) -> str:
    """The day in the reader's language, Yerevan time: 23 November 2026; 2026 թ. նոյեմբերի 23 in running text."""
    return format_day(value.astimezone(get_timezone()).date(), language())


def day(value: dt.date) -> str:
    """The same of a day that has no time."""
    return format_day(value, language())


def moment(value: datetime) -> str:
    local = value.astimezone(get_timezone())
    return f"{date(value)}, {local:%H:%M}"


def number(value: Any, digits: int = 0) -> str:
    """A number as the language writes it, with exactly so many decimals."""
    return format_number(value, get_locale().language, digits)


def percent(share: float) -> str:
    return format_percent(share, get_locale().language)


def in_hundred(share: float) -> str:
    """The figure of `percent`, for texts that hold the sign."""
    return number(100 * share)
