"""The acts and fields of the audit trail in the reader's words."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

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
    label = fields().get(key, key)
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
    names = {"hy": "հայերեն", "en": "English", "app": _("Authenticator app"), "passkey": _("Passkey")}
    return str(names.get(value, value))


def actions() -> dict[str, str]:
    return {
        "person_added": _("Account added"),
        "person_changed": _("Account changed"),
        "invited": _("Invitation sent"),
        "invitation_withdrawn": _("Invitation withdrawn"),
        "joined": _("Invitation accepted"),
        "settings_changed": _("Settings changed"),
        "link_made": _("Sign-in link made"),
        "password_set": _("Password changed"),
        "factor_added": _("Second factor added"),
        "factor_removed": _("Second factor removed"),
        "factor_reset": _("Second factor reset"),
        "codes_renewed": _("Recovery codes renewed"),
        "recovery_code_used": _("Recovery code used"),
        "edition_made": _("Roles and cuts changed"),
        "attempt_reopened": _("Ended test reopened"),
        "work_reopened": _("Ended work reopened"),
        "person_exported": _("Copy of a person's data made"),
        "person_erased": _("A person's data erased"),
        "person_anonymised": _("A person erased, marks kept without a name"),
        "item_voided": _("Question declared void"),
        "item_restored": _("Question valid again"),
        "calibration_asked": _("Calibration asked for"),
        "fact_confirmed": _("Platform fact confirmed"),
        "fact_changed": _("Platform fact changed"),
        "panel_opened": _("Panel of judges opened"),
        "panel_judges_invited": _("Judges invited"),
        "panel_judge_revoked": _("A judge's link shut"),
        "panel_second_round": _("Second round of a panel opened"),
        "panel_closed": _("Panel ended"),
        "panel_adopted": _("A panel's cut taken over"),
        "campaign_made": _("Campaign made"),
        "campaign_changed": _("Campaign changed"),
        "candidates_invited": _("Candidates invited"),
        "candidates_approve": _("Candidates let in"),
        "candidates_remind": _("Candidates reminded"),
        "candidates_extend": _("Candidates given more days"),
        "candidates_revoke": _("Candidates' links shut"),
        "candidates_reissue": _("Candidates given new links"),
        "candidate_withdrew": _("Candidate withdrew"),
        "contest_answered": _("Candidate's objection answered"),
    }


def fields() -> dict[str, str]:
    return {
        "name": _("Name"),
        "roles": _("Roles"),
        "extra_time": _("Time limits are multiplied by"),
        "active": _("May sign in"),
        "rater": _("Rates works of people"),
        "language": _("Language of its mails"),
        "edition": _("Edition"),
        "attempt": _("Test, number"),
        "work": _("Work, number"),
        "reason": _("Reason"),
        "count": _("How many"),
        "factor": _("Second factor"),
        "factor_roles": _("Who needs a second factor to sign in"),
        "gone": _("Rows erased"),
        "kept": _("Rows kept without a name"),
        "item": _("Question"),
        "fact": _("Platform fact"),
        "value": _("Value"),
        "as_of": _("Looked up on"),
        "status": _("Status"),
        "registration_open": _("Anybody with the address may register as a trainee"),
    }
