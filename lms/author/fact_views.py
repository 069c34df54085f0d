"""Platform facts: what is due, where to look, where a fact is used, and a form to confirm or change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms import clock, publishing
from lms.author import overview
from lms.author.fact_forms import FactForm
from lms.config import LANGUAGES
from lms.content import Item, Module
from lms.content.facts import snapshot, value_text
from lms.content.reference_entries import Fact, oldest_first
from lms.database.transaction import transaction
from lms.identity.access import current_person, needs
from lms.identity.membership import names_of

instructor = needs("instructor")


@dataclass(frozen=True)
class FactLine:
    """values: the value with its unit by language; modules and items: who shows or asks it."""

    fact: Fact
    values: Mapping[str, str]
    is_due: bool
    modules: tuple[Module, ...]
    items: tuple[Item, ...]


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/facts", view_func=facts)
    bp.add_url_rule("/facts/<key>", view_func=fact)
    bp.add_url_rule("/facts/<key>", view_func=save_fact, methods=["POST"])


@instructor
def facts() -> ResponseReturnValue:
    lines = [_line(fact) for fact in oldest_first(publishing.reference().facts.values())]
    return render_template(
        "author/facts.html",
        due=[line for line in lines if line.is_due],
        valid=[line for line in lines if not line.is_due],
    )


@instructor
def fact(key: str) -> ResponseReturnValue:
    looked_up = _found(key)
    return _page(looked_up, FactForm(looked_up))


@instructor
@transaction
def save_fact(key: str) -> ResponseReturnValue:
    """The value as it was: confirmed; another one: changed, which needs a basis of its own."""
    looked_up = _found(key)
    form = FactForm(looked_up)
    if not form.validate_on_submit():
        return _page(looked_up, form)
    publishing.add_check(
        current_person.organisation_id,
        current_person.id,
        looked_up,
        form.found_value,
        form.as_of.data,
        form.found_basis,
    )
    flash(_("Saved. Pages and tests of your organisation use it from now on."))
    return redirect(url_for("author.fact", key=key), 303)


def _found(key: str) -> Fact:
    return publishing.reference().facts.get(key) or abort(404)


def _page(fact: Fact, form: FactForm) -> ResponseReturnValue:
    checks = publishing.checks_of(current_person.organisation_id, fact.id)
    names = names_of(current_person.organisation_id, [check.created_by for check in checks])
    page = render_template(
        "author/fact.html", line=_line(fact), form=form, checks=checks, people=names, address=_address
    )
    return page, 422 if form.is_submitted() else 200


def _line(fact: Fact) -> FactLine:
    library, today = publishing.library(), clock.now().date()
    values = {code: value_text(snapshot(fact, today), code) for code in LANGUAGES}
    mark = f"{{{{fact:{fact.id}}}}}"
    modules = [
        module for module in library.modules.values() if any(mark in text.body for text in module.languages.values())
    ]
    items = [module for module in library.items.values() if fact.id in module.facts and _may_name(module)]
    return FactLine(fact, values, fact.is_due(today), tuple(modules), tuple(items))


def _may_name(item: Item) -> bool:
    return item.answerable and overview.may_read(publishing.library().banks[item.path])


def _address(module: Module) -> str:
    return publishing.module_address(publishing.library().courses[module.course].slug, module.slug)
