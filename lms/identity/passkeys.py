"""Passkeys (WebAuthn): what a browser is asked, and whether its answer is right. Attestation is neither asked nor kept.

A passkey belongs to a name, never to a number, so there are none where the installation is known by an IP address.
"""

from __future__ import annotations

import hashlib
import secrets
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import current_app, request
from sqlalchemy import select

from lms.config import LOOPBACK
from lms.database import db
from lms.identity.factor_models import Passkey
from lms.identity.models import Person
from lms.lazy_modules import LazyModule

LONGEST = 20_000  # characters of a browser's answer; some two thousand are usual
MOST = 10  # of one person
webauthn, helpers, structs = map(LazyModule, ("webauthn", "webauthn.helpers", "webauthn.helpers.structs"))
_log = structlog.get_logger("hmut.passkeys")


def site() -> tuple[str, str]:
    """The name that passkeys are bound to, and the origin that browsers vouch for: of the configured address; on a
    developer's machine as it was asked for."""
    base = urlsplit(str(current_app.config["HMUT_BASE_URL"]))
    address = urlsplit(request.host_url) if base.hostname in LOOPBACK else base
    return address.hostname or "", f"{address.scheme}://{address.netloc}"


def are_possible() -> bool:
    name, origin = site()
    try:
        ip_address(name)
    except ValueError:
        return origin.startswith("https://") or name == "localhost"
    return False


def of(person: Person) -> list[Passkey]:
    return list(db.session.scalars(select(Passkey).filter_by(person_id=person.id).order_by(Passkey.id)))


def new_challenge() -> str:
    return str(helpers.bytes_to_base64url(secrets.token_bytes(32)))


def creation_options(person: Person, challenge: str) -> str:
    """What the browser needs to make one, as JSON."""
    choice = structs.AuthenticatorSelectionCriteria(
        resident_key=structs.ResidentKeyRequirement.PREFERRED,
        user_verification=structs.UserVerificationRequirement.PREFERRED,
    )
    options = webauthn.generate_registration_options(
        rp_id=site()[0],
        rp_name="Hmut",
        user_id=hashlib.sha256(f"hmut {person.id}".encode()).digest(),
        user_name=person.email,
        user_display_name=person.name,
        challenge=helpers.base64url_to_bytes(challenge),
        authenticator_selection=choice,
        exclude_credentials=_descriptors(person),
    )
    return str(webauthn.options_to_json(options))


def request_options(person: Person, challenge: str) -> str:
    """What the browser needs to answer with one of the person's, as JSON."""
    options = webauthn.generate_authentication_options(
        rp_id=site()[0], challenge=helpers.base64url_to_bytes(challenge), allow_credentials=_descriptors(person)
    )
    return str(webauthn.options_to_json(options))


def _descriptors(person: Person) -> list[Any]:
    return [structs.PublicKeyCredentialDescriptor(id=helpers.base64url_to_bytes(key.credential)) for key in of(person)]


def _refuse(error: Exception) -> None:
    _log.warning("passkey refused", error=type(error).__name__)


def read_new(person: Person, answer: str, challenge: str, name: str) -> Passkey | None:
    """The passkey that a browser made for this challenge, or None where the answer is anything else."""
    domain, origin = site()
    try:
        registration = webauthn.verify_registration_response(
            credential=answer[:LONGEST],
            expected_challenge=helpers.base64url_to_bytes(challenge),
            expected_rp_id=domain,
            expected_origin=origin,
        )
    except Exception as error:  # strangers wrote it in three formats: whatever stumbles over it, it is no answer
        _refuse(error)
        return None
    key = Passkey(person_id=person.id, name=name, uses=registration.sign_count)
    key.credential = helpers.bytes_to_base64url(registration.credential_id)
    key.public_key = helpers.bytes_to_base64url(registration.credential_public_key)
    return key


def use(person: Person, answer: str, challenge: str) -> bool:
    """Whether a passkey of the person has signed the answer, for this challenge and site. The caller commits."""
    (domain, origin), by_credential = site(), {key.credential: key for key in of(person)}
    try:
        key = by_credential[
            helpers.bytes_to_base64url(helpers.parse_authentication_credential_json(answer[:LONGEST]).raw_id)
        ]
        checked = webauthn.verify_authentication_response(
            credential=answer[:LONGEST],
            expected_challenge=helpers.base64url_to_bytes(challenge),
            expected_rp_id=domain,
            expected_origin=origin,
            credential_public_key=helpers.base64url_to_bytes(key.public_key),
            credential_current_sign_count=key.uses,
        )
    except Exception as error:
        _refuse(error)
        return False
    key.uses = checked.new_sign_count
    return True
