"""The second factor of a person: what there is, who must have one, and how it goes. Callers commit."""

from __future__ import annotations

from sqlalchemy import delete, select

from lms.database import audit, db
from lms.identity import app_codes, letters, passkeys, recovery
from lms.identity.factor_models import AuthenticatorApp, Passkey
from lms.identity.models import Person
from lms.identity.sessions import end_all


def app_of(person: Person) -> AuthenticatorApp | None:
    return db.session.execute(select(AuthenticatorApp).filter_by(person_id=person.id)).scalar_one_or_none()


def has(person: Person) -> bool:
    return app_of(person) is not None or bool(passkeys.of(person))


def is_demanded(person: Person) -> bool:
    """Whether the organisation asks it of one of the person's roles; nobody asks it of the demo's people."""
    return not person.is_demo and bool(person.roles.intersection(person.organisation.factor_roles))


def is_due(person: Person) -> bool:
    """Whether the person must set one up before anything else."""
    return is_demanded(person) and not has(person)


def opens(person: Person, code: str) -> bool:
    """Whether it is the app's code of now or one of the recovery codes; it is used up by that."""
    app = app_of(person)
    return (app is not None and app_codes.use(app, code)) or recovery.use(person.id, code)


def add(person: Person, factor: AuthenticatorApp | Passkey) -> list[str]:
    """Take up a factor; with the first one come recovery codes, to be shown now."""
    first = not has(person)
    db.session.add(factor)
    _tell(person, person.id, "factor_added", ["", kind_of(factor)])
    return recovery.renew(person.id) if first else []


def kind_of(factor: AuthenticatorApp | Passkey) -> str:
    return "app" if isinstance(factor, AuthenticatorApp) else "passkey"


def remove(person: Person, factor: AuthenticatorApp | Passkey) -> None:
    """Recovery codes go with the last one."""
    kind = kind_of(factor)
    db.session.delete(factor)
    db.session.flush()
    if not has(person):
        recovery.forget(person.id)
    _tell(person, person.id, "factor_removed", [kind, ""])


def is_last(person: Person) -> bool:
    return len(passkeys.of(person)) + (app_of(person) is not None) == 1


def reset(person: Person, actor: int | None) -> None:
    """Take every factor from somebody who lost them, end the sessions, and say so to the person."""
    for model in (AuthenticatorApp, Passkey):
        db.session.execute(delete(model).where(model.person_id == person.id))
    recovery.forget(person.id)
    end_all(person)
    _tell(person, actor, "factor_reset")


def _tell(person: Person, actor: int | None, action: str, change: list[str] | None = None) -> None:
    """Into the trail, and to the person by letter: whoever did not do it should know."""
    audit.append_entry(person.organisation_id, actor, action, person.id, **({"factor": change} if change else {}))
    letters.tell(person, action)


def sign_out_without(people: list[Person]) -> None:
    """Whoever owes a factor from now on meets that at the next sign-in, which comes at once."""
    for person in people:
        if is_due(person):
            end_all(person)
