"""An organisation's editions of the competency framework, and making an own role from one that there is."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms import evidence
from lms.competency import Framework, FrameworkError, Role, Words
from lms.database.transaction import transaction
from lms.hiring.role_forms import RoleForm, role_form
from lms.identity.access import current_person, needs
from lms.identity.membership import names_of
from lms.web.i18n import language

staff = needs("hr", "administrator")


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/framework", view_func=editions)
    bp.add_url_rule("/framework/roles/<role_id>", view_func=role_page)
    bp.add_url_rule("/framework/roles/<role_id>", view_func=save_role, methods=["POST"])


@staff
def editions() -> ResponseReturnValue:
    """The editions so far, newest first, and the roles in force."""
    in_force, home = _framework(), current_person.organisation_id
    published = evidence.editions_of(home)
    return render_template(
        "hiring/editions.html",
        framework=in_force,
        own=_own_roles(),
        editions=published,
        people=names_of(home, [edition.created_by for edition in published]),
        names=in_force.cell_names(language()),
    )


@staff
def role_page(role_id: str) -> ResponseReturnValue:
    in_force = _framework()
    role = in_force.role(role_id) or abort(404)
    return _page(in_force, role, role_form(in_force, role, as_copy=role_id not in _own_roles()))


@staff
@transaction
def save_role(role_id: str) -> ResponseReturnValue:
    """Make the next edition: a shipped role is copied under a new id, an own one changed."""
    in_force = _framework()
    role = in_force.role(role_id) or abort(404)
    form = role_form(in_force, role, as_copy=role_id not in _own_roles())
    if not form.validate_on_submit():
        return _page(in_force, role, form)
    overlay = evidence.overlay_in(evidence.newest_edition(current_person.organisation_id))
    wanted = _role(in_force, role, form)
    try:
        evidence.add_edition(
            current_person.organisation_id, current_person.id, overlay.with_role(wanted), form.reason.data
        )
    except FrameworkError as error:
        form.show(error, wanted.id)
        return _page(in_force, role, form)
    flash(_("Saved. The new edition is in force."))
    return redirect(url_for("hiring.editions"), 303)


def _page(in_force: Framework, role: Role, form: RoleForm) -> ResponseReturnValue:
    names = in_force.cell_names(language())
    as_copy = role.id not in _own_roles()
    page = render_template("hiring/role.html", form=form, role=role, names=names, tree=in_force.tree, as_copy=as_copy)
    return page, 422 if form.is_submitted() else 200


def _role(in_force: Framework, base: Role, form: RoleForm) -> Role:
    """The role that the form describes. KeyError never: the form has a field for every skill and sub-competency."""
    role_id = base.id if base.id in _own_roles() else _free_id(in_force, base)
    return replace(
        base,
        id=role_id,
        name=Words(form.name_hy.data, form.name_en.data),
        required={skill: form.level(skill) for skill in in_force.tree},
        weights={skill: form.weight(skill) for skill in in_force.tree},
        critical={sub: form.minimum(sub) for sub in in_force.sub_competencies if form.minimum(sub)},
        floor_below=form.floor_below.data,
    )


def _free_id(in_force: Framework, base: Role) -> str:
    """The id of a copy: the base's with the first number that is free."""
    ids = {role.id for role in in_force.roles}
    return next(name for number in range(2, 1000) if (name := f"{base.id}_{number}") not in ids)


def _framework() -> Framework:
    return evidence.framework(current_person.organisation_id)


def _own_roles() -> frozenset[str]:
    """Ids of the roles that the edition in force holds."""
    edition = evidence.newest_edition(current_person.organisation_id)
    return frozenset(role.id for role in evidence.overlay_in(edition).roles)
