"""The link of a judge: made anew for each letter, kept as a hash, dead when revoked, late or the panel is over."""

from __future__ import annotations

import secrets

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from lms import clock
from lms.background import mail
from lms.database import db
from lms.identity.letters import absolute
from lms.identity.models import Organisation
from lms.identity.sessions import digest
from lms.panels.models import Panel, PanelJudge


def add_judge(panel: Panel, name: str, email: str, language: str) -> PanelJudge:
    """Invited, without a link so far. The caller has made sure that the address is not in the panel yet."""
    judge = PanelJudge(
        organisation_id=panel.organisation_id,
        panel_id=panel.id,
        name=name or email,
        email=email,
        language=language,
        expires_at=panel.closes_at,
    )
    db.session.add(judge)
    db.session.flush()
    return judge


def new_link(panel: Panel, judge: PanelJudge) -> str:
    """The token of a fresh link; an older one of the judge is dead from now on."""
    token = secrets.token_urlsafe(32)
    judge.token_hash, judge.expires_at, judge.revoked_at = digest(token), panel.closes_at, None
    return token


def by_token(token: str) -> tuple[Panel, PanelJudge] | None:
    """Whose link it is, if it still works."""
    judge = db.session.scalar(select(PanelJudge).filter_by(token_hash=digest(token)))
    if judge is None or judge.revoked_at or judge.expires_at <= clock.now():
        return None
    ours = select(Panel).where(Panel.organisation_id == judge.organisation_id, Panel.id == judge.panel_id)
    panel = db.session.scalars(ours).one()
    return (panel, judge) if panel.state != "closed" else None


def revoke(judge: PanelJudge) -> None:
    """What was rated stays."""
    judge.token_hash, judge.revoked_at = None, clock.now()


def send(panel: Panel, judge: PanelJudge) -> str:
    """Put a letter with a new link into the outbox, in the judge's language, and return the link."""
    link = absolute(f"/judge/{new_link(panel, judge)}")
    judge.invited_at = clock.now()
    organisation = db.session.get_one(Organisation, panel.organisation_id)
    with force_locale(judge.language):
        subject = _("%(name)s asks for your judgement", name=organisation.name)
        mail.post(
            organisation.id, judge.email or "", subject[:200], _body(panel, judge, link), useless_from=judge.expires_at
        )
    return link


def _body(panel: Panel, judge: PanelJudge, link: str) -> str:
    lead = _(
        "You are asked to say, for %(count)s questions, how a person just at one level of skill would do on them. "
        "It takes about a minute a question and can be broken off and taken up again.",
        count=len(panel.items),
    )
    if panel.round == 2:
        lead = _("The second round is open: look at what all judges said, and change or keep your own values.")
    end = _("Keep this link to yourself. It replaces every earlier one.")
    return f"{judge.name},\n\n{lead}\n\n{link}\n\n{end}\n"
