"""The acts and fields of the audit trail in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lms.config import LANGUAGES
from lms.formats import own_name
from lms.identity.role_labels import role_names

OF_THE_ORGANISATION = (
    "settings_changed",
    "edition_made",
    "item_voided",
    "item_restored",
    "calibration_asked",
    "fact_confirmed",
    "fact_changed",
    "campaign_made",
    "campaign_changed",
    "candidates_invited",
    "candidates_approve",
    "candidates_remind",
    "candidates_extend",
    "candidates_revoke",
    "candidates_reissue",
    "panel_opened",
    "panel_judges_invited",
    "panel_judge_revoked",
    "panel_second_round",
    "panel_closed",
    "panel_adopted",
)
OF_INVITATIONS = ("invited", "invitation_withdrawn", "joined")


def change_in_words(key: str, values: list[Any]) -> tuple[str, str, str]:
    """A change is [before, after]; the roles of somebody new are a plain list."""
    label = FIELDS.get(key, key)
    if not values:
        return label, "", ""
    if isinstance(values[0], str) and key == "roles":
        return label, "", shown_value(values)
    return label, shown_value(values[0]), shown_value(values[1])


def shown_value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(role_names().get(str(role), str(role)) for role in value)
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    names = {code: own_name(code) for code in LANGUAGES} | {"app": _("Authenticator app"), "passkey": _("Passkey")}
    return str(names.get(value, value))


ACTIONS: Mapping[str, LazyString] = {
    "person_added": _l("Account added"),
    "person_changed": _l("Account changed"),
    "invited": _l("Invitation sent"),
    "invitation_withdrawn": _l("Invitation withdrawn"),
    "joined": _l("Invitation accepted"),
    "settings_changed": _l("Settings changed"),
    "link_made": _l("Sign-in link made"),
    "password_set": _l("Password changed"),
    "factor_added": _l("Second factor added"),
    "factor_removed": _l("Second factor removed"),
    "factor_reset": _l("Second factor reset"),
    "codes_renewed": _l("Recovery codes renewed"),
    "recovery_code_used": _l("Recovery code used"),
    "edition_made": _l("Roles and cuts changed"),
    "attempt_reopened": _l("Ended test reopened"),
    "work_reopened": _l("Ended work reopened"),
    "person_exported": _l("Copy of a person's data made"),
    "person_erased": _l("A person's data erased"),
    "person_anonymised": _l("A person erased, marks kept without a name"),
    "item_voided": _l("Question declared void"),
    "item_restored": _l("Question valid again"),
    "calibration_asked": _l("Calibration asked for"),
    "fact_confirmed": _l("Platform fact confirmed"),
    "fact_changed": _l("Platform fact changed"),
    "panel_opened": _l("Panel of judges opened"),
    "panel_judges_invited": _l("Judges invited"),
    "panel_judge_revoked": _l("A judge's link shut"),
    "panel_second_round": _l("Second round of a panel opened"),
    "panel_closed": _l("Panel ended"),
    "panel_adopted": _l("A panel's cut taken over"),
    "campaign_made": _l("Campaign made"),
    "campaign_changed": _l("Campaign changed"),
    "candidates_invited": _l("Candidates invited"),
    "candidates_approve": _l("Candidates let in"),
    "candidates_remind": _l("Candidates reminded"),
    "candidates_extend": _l("Candidates given more days"),
    "candidates_revoke": _l("Candidates' links shut"),
    "candidates_reissue": _l("Candidates given new links"),
    "candidate_withdrew": _l("Candidate withdrew"),
    "contest_answered": _l("Candidate's objection answered"),
}


FIELDS: Mapping[str, LazyString] = {
    "name": _l("Name"),
    "roles": _l("Roles"),
    "extra_time": _l("Time limits are multiplied by"),
    "active": _l("May sign in"),
    "rater": _l("Rates works of people"),
    "language": _l("Language of its mails"),
    "edition": _l("Edition"),
    "attempt": _l("Test, number"),
    "work": _l("Work, number"),
    "reason": _l("Reason"),
    "count": _l("How many"),
    "factor": _l("Second factor"),
    "factor_roles": _l("Who needs a second factor to sign in"),
    "gone": _l("Rows erased"),
    "kept": _l("Rows kept without a name"),
    "item": _l("Question"),
    "fact": _l("Platform fact"),
    "value": _l("Value"),
    "as_of": _l("Looked up on"),
    "status": _l("Status"),
    "registration_open": _l("Anybody with the address may register as a trainee"),
}
