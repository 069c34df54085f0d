"""Codes of authenticator apps (TOTP, RFC 6238: six digits, thirty seconds, SHA-1 as all apps know it)."""

from __future__ import annotations

from hmac import compare_digest

import pyotp
from sqlalchemy import update

from lms import clock
from lms.database import db
from lms.identity.factor_models import AuthenticatorApp
from lms.identity.sealing import unseal
from lms.lazy_modules import LazyModule

segno = LazyModule("segno")
STEP = 30  # seconds
DRIFT = 1  # steps that the person's clock may be off, to either side


def new_secret() -> str:
    """160 random bits in base32."""
    return pyotp.random_base32()


def address(secret: str, email: str) -> str:
    """What the QR code holds."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=email, issuer_name="Hmut")


def picture(text: str) -> str:
    """A QR code as inline SVG, dark on light whatever the page's colours."""
    return str(segno.make(text, error="m").svg_inline(scale=4, dark="#000", light="#fff", omitsize=False))


def step_of(secret: str, code: str) -> int | None:
    """The number of the half minute that this code is for, if it is now or a neighbour of now."""
    totp, now = pyotp.TOTP(secret, interval=STEP), int(clock.now().timestamp()) // STEP
    digits = "".join(code.split()).encode()  # as text compare_digest takes ASCII alone
    around = range(now - DRIFT, now + DRIFT + 1)
    steps = [step for step in around if compare_digest(totp.generate_otp(step).encode(), digits)]
    return steps[-1] if steps else None


def use(app: AuthenticatorApp, code: str) -> bool:
    """Whether the code is right and was not used before. Of two that hand it in together one is let in. A clock that
    steps back by more than the drift refuses nobody for long. The caller commits."""
    secret = unseal(app.secret)
    step = step_of(secret, code) if secret else None
    if step is None:
        return False
    mine = (AuthenticatorApp.id == app.id, AuthenticatorApp.person_id == app.person_id)
    fresh = ~AuthenticatorApp.last_step.between(step, step + 2 * DRIFT)
    result = db.session.execute(update(AuthenticatorApp).where(*mine, fresh).values(last_step=step))
    return result.rowcount == 1  # type: ignore[attr-defined, no-any-return]
