"""The people every test knows. The outsider holds every role, but elsewhere: nothing of ours may open to them."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask.testing import FlaskClient

from lms.database import db
from lms.identity import sessions
from lms.identity.models import ROLES, Membership, Organisation, Person

PLAYERS = {
    "trainee": ("Անահիտ Սարգսյան", "aygi", ("trainee",)),
    "candidate": ("Davit Grigoryan", "aygi", ("trainee",)),
    "hr": ("Մարիամ Պետրոսյան", "aygi", ("hr",)),
    "instructor": ("Karen Hakobyan", "aygi", ("instructor",)),
    "administrator": ("Նարեկ Ավետիսյան", "aygi", ("administrator",)),
    "outsider": ("Olga Outsider", "elsewhere", ROLES),
}


@dataclass
class Cast:
    """Ids by name: `cast.trainee`; the rows themselves are loaded where they are needed."""

    ids: dict[str, int] = field(default_factory=dict)

    def __getattr__(self, name: str) -> int:
        try:
            return self.ids[name]
        except KeyError:
            raise AttributeError(name) from None

    def person(self, name: str) -> Person:
        return db.session.get_one(Person, self.ids[name])


def create() -> Cast:
    """Two organisations and their people, committed."""
    houses = {slug: Organisation(slug=slug, name=slug.title()) for slug in ("aygi", "elsewhere")}
    db.session.add_all(houses.values())
    cast = Cast()
    for key, (name, house, roles) in PLAYERS.items():
        person = Person(email=f"{key}@example.org", name=name, organisation=houses[house], language="en")
        person.memberships = [Membership(role=role) for role in roles]
        db.session.add(person)
        db.session.flush()
        cast.ids[key] = person.id
    db.session.commit()
    return cast


def sign_in(client: FlaskClient, person_id: int) -> None:
    """Give the client a live session of the person, without the sign-in form's slow hash."""
    with client.application.test_request_context("/", method="POST"):
        person = db.session.get_one(Person, person_id)
        sessions.sign_in(person)
        db.session.commit()
        token = person.session_token
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie["_user_id"] = token
        cookie["_fresh"] = True
