"""Accounts, letters, the trail, and what staff set up for everybody."""

from __future__ import annotations

from collections.abc import Mapping

from lms.background import mail
from lms.content.text import Text
from lms.privacy import blanks
from lms.privacy import subject as whose
from lms.privacy.holding import BLANKED, KEPT, Holding
from lms.privacy.reasons import CHAIN, LINK, NUMBER, SECRET, TRAIL, WORK

HOLDINGS: Mapping[str, Holding] = {
    "person": Holding(
        Text(en="Account", hy="Հաշիվ"),
        whose.itself,
        BLANKED,
        BLANKED,
        NUMBER,
        blanks.nobody,
        {"password_hash": SECRET},
        {
            "id": "the trail names it, and no other person may be given it",
            "organisation_id": "the trail is the organisation's",
            "created_at": "the trail says when an account began",
        },
    ),
    "membership": Holding(Text(en="Roles", hy="Դերեր"), whose.own),
    "session": Holding(
        Text(en="Signed-in browsers", hy="Մուտք գործած զննարկիչներ"), whose.own, withheld={"token_hash": SECRET}
    ),
    "authenticator_app": Holding(
        Text(en="Authenticator app", hy="Կոդերի հավելված"), whose.own, withheld={"secret": SECRET}
    ),
    "passkey": Holding(
        Text(en="Passkeys", hy="Մուտքի բանալիներ"),
        whose.own,
        withheld={"credential": SECRET, "public_key": SECRET},
    ),
    "recovery_code": Holding(
        Text(en="Recovery codes", hy="Վերականգնման կոդեր"), whose.own, withheld={"code_hash": SECRET}
    ),
    "one_time_token": Holding(
        Text(en="Invitations and links by mail", hy="Հրավերներ և նամակով հղումներ"),
        whose.links,
        BLANKED,
        BLANKED,
        LINK,
        blanks.dead_link,
        {"token_hash": SECRET},
        {
            "id": "the trail names it",
            "token_hash": "the check value of a random link that is dead",
            "purpose": "what kind of link it was",
            "organisation_id": "the trail is the organisation's",
            "created_at": "says nothing about whom",
            "expires_at": "says nothing about whom",
        },
    ),
    "outbox_mail": Holding(
        Text(en="Letters, their texts for a limited time", hy="Նամակներ (տեքստը՝ սահմանափակ ժամանակ)"),
        whose.letters,
        covered={"body": mail.without_links},
    ),  # an administrator reads it too, and a link that waits to leave still works; old texts: `background/thinning.py`
    "audit_entry": Holding(
        Text(en="Entries of the audit trail", hy="Գրառումներ փոփոխությունների մատյանում"),
        whose.trail,
        KEPT,
        KEPT,
        TRAIL,
        withheld={"seal": CHAIN},
    ),
    "framework_edition": Holding(
        Text(en="Roles and cuts set", hy="Սահմանած դերեր և շեմեր"), whose.made_by, KEPT, KEPT, WORK
    ),
    "item_void": Holding(
        Text(en="Questions declared void", hy="Անվավեր հայտարարած հարցեր"),
        whose.made_by,
        KEPT,
        KEPT,
        WORK,
    ),
    "calibration_run": Holding(
        Text(en="Calibrations asked for", hy="Պատվիրած չափաբերումներ"), whose.made_by, KEPT, KEPT, WORK
    ),
    "fact_check": Holding(
        Text(en="Platform facts looked up", hy="Ստուգած հարթակային փաստեր"), whose.made_by, KEPT, KEPT, WORK
    ),
}
