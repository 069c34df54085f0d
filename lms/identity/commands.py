"""`flask people …`: the operator's way to the first administrator and out of every locked door."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from lms.database import audit, db
from lms.identity import factors, letters, membership, tokens
from lms.identity.models import ROLES, Organisation, Person
from lms.identity.passwords import LONGEST, SHORTEST, hash_password, is_guessable
from lms.identity.sessions import end_all
from lms.web.visible_line import visible_line

people = AppGroup("people", help="Organisations' people.")


@people.command("add")
@click.argument("email")
@click.option("--organisation", "slug", required=True, help="Its slug; made when new.")
@click.option("--role", "roles", required=True, multiple=True, type=click.Choice(ROLES))
@click.option("--organisation-name", default="", help="What a new organisation is called; its slug when left out.")
@click.option("--name", default="", help="Shown name; the part before the @ when left out.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add(email: str, slug: str, roles: tuple[str, ...], organisation_name: str, name: str, password_stdin: bool) -> None:
    """Add a person, or roles to one who is there. Without a password a new person's one-time link is printed."""
    if existing := membership.by_email(email):
        return _add_roles(existing, slug, roles)
    password = _password() if password_stdin else None
    name, organisation_name = visible_line(name), visible_line(organisation_name)
    try:
        organisation = membership.organisation(slug, organisation_name)
        person = membership.add(
            organisation, email, name or email.split("@")[0], roles, password and hash_password(password)
        )
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    _note(person, "person_added", roles=sorted(person.roles))
    click.echo(f"{person.email} is {', '.join(sorted(person.roles))} of {organisation.slug}")
    if password is None:
        click.echo(_sign_in_link(person))
    db.session.commit()


def _add_roles(person: Person, slug: str, roles: tuple[str, ...]) -> None:
    if person.organisation.slug != slug:
        raise click.ClickException(f"{person.email} belongs to {person.organisation.slug}")
    before = sorted(person.roles)
    membership.set_roles(person, person.roles | set(roles))
    factors.sign_out_without([person])
    _note(person, "person_changed", roles=[before, sorted(person.roles)])
    db.session.commit()
    click.echo(f"{person.email} is {', '.join(sorted(person.roles))} of {slug}")


@people.command("list")
@click.option("--organisation", "slug", default=None)
def list_people(slug: str | None) -> None:
    """E-mail, roles, organisation and state, one person a line."""
    if slug and not db.session.scalar(select(Organisation.id).filter_by(slug=slug)):
        raise click.ClickException(f"no organisation has the slug {slug}")
    statement = select(Person).join(Organisation).where(~Person.is_erased).order_by(Organisation.slug, Person.email)
    for person in db.session.scalars(statement.where(Organisation.slug == slug) if slug else statement):
        state = "" if person.active else "  (closed)"
        click.echo(f"{person.email}  {','.join(sorted(person.roles))}  {person.organisation.slug}{state}")


@people.command("reset")
@click.argument("email")
def reset(email: str) -> None:
    """End all sessions of a person and print a one-time sign-in link. A closed account is open again."""
    person = person_named(email)
    end_all(person)
    if not person.active:
        person.active = True
        _note(person, "person_changed", active=[False, True])
        click.echo(f"{person.email} was closed and is open again")
    _note(person, "link_made")
    click.echo(_sign_in_link(person))
    db.session.commit()


@people.command("reset-factor")
@click.argument("email")
def reset_factor(email: str) -> None:
    """Take the second factor from somebody who lost it. The sessions end, and a letter tells the person."""
    person = person_named(email)
    with current_app.test_request_context():
        factors.reset(person, None)
    db.session.commit()
    click.echo(f"{email} signs in with the password alone; a letter says so")


@people.command("remove")
@click.argument("email")
@click.option("--force", is_flag=True, help="Also the last administrator of an organisation.")
def remove(email: str, force: bool) -> None:
    """Close the account at once. What the person did stays; `people reset` opens it again."""
    person = person_named(email)
    if membership.is_last_administrator(person) and not force:
        raise click.ClickException(f"{email} is the last administrator of {person.organisation.slug}; --force does it")
    if person.active:
        membership.deactivate(person)
        _note(person, "person_changed", active=[True, False])
    db.session.commit()
    click.echo(f"{email} is closed")


def _note(person: Person, action: str, **detail: object) -> None:
    audit.append_entry(person.organisation_id, None, action, person.id, **detail)


def person_named(email: str) -> Person:
    """Whoever has the address, for a command of any room; ClickException for nobody."""
    person = membership.by_email(email)
    if person is None or person.is_erased:
        raise click.ClickException(f"nobody has the address {email}")
    return person


def _password() -> str:
    password = sys.stdin.readline().rstrip("\n")
    if not SHORTEST <= len(password) <= LONGEST or is_guessable(password):
        raise click.ClickException(
            f"the password needs {SHORTEST} to {LONGEST} characters and must not be a common one"
        )
    return password


def _sign_in_link(person: Person) -> str:
    token = tokens.issue("sign_in", person)
    with current_app.test_request_context():
        return letters.link_of(token)
