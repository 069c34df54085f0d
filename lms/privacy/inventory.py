"""Every table of the database: whose its rows are, what is handed out, and what becomes of it.

A table stands in HOLDINGS or in NOBODYS, each of its columns is handed out or withheld with a reason, and each column
of a row that outlives its person is blanked or stays with a reason. `tests/privacy` holds it: a new table needs a line.
"""

from __future__ import annotations

from collections.abc import Mapping

from lms.background import mail
from lms.content.text import Text
from lms.privacy import blanks
from lms.privacy import subject as whose
from lms.privacy.holding import BLANKED, KEPT, MOVED, Holding
from lms.privacy.reasons import (
    BLIND,
    CANDIDACY,
    CHAIN,
    CODE,
    DECISIONS,
    DRAW,
    KEYS,
    LINK,
    NUMBER,
    SECRET,
    STATISTICS,
    TRAIL,
    WORK,
)

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
    "attempt": Holding(
        Text(en="Tests", hy="Թեստեր"),
        whose.own,
        anonymised=MOVED,
        why=STATISTICS,
        withheld={"seed": DRAW, "bank": DRAW, "trials": DRAW},
    ),
    "attempt_item": Holding(
        Text(en="Questions of tests", hy="Թեստերի հարցեր"),
        whose.of_attempt,
        anonymised=MOVED,
        why=STATISTICS,
        withheld={"instance": KEYS},
    ),
    "response": Holding(Text(en="Answers", hy="Պատասխաններ"), whose.of_attempt, anonymised=MOVED, why=STATISTICS),
    "mark": Holding(Text(en="Marks", hy="Գնահատականներ"), whose.of_attempt_item, anonymised=MOVED, why=STATISTICS),
    "attempt_writer": Holding(Text(en="Pages that wrote answers", hy="Պատասխան գրած էջեր"), whose.of_attempt),
    "attempt_pause": Holding(Text(en="Pauses", hy="Ընդմիջումներ"), whose.of_attempt),
    "attempt_extension": Holding(Text(en="Extra time", hy="Հավելյալ ժամանակ"), whose.of_attempt),
    "evidence": Holding(
        Text(en="Evidence of skills", hy="Հմտությունների ապացույցներ"),
        whose.own,
        anonymised=MOVED,
        why=STATISTICS,
    ),
    "trial_answer": Holding(
        Text(en="Answers to questions on trial", hy="Փորձարկվող հարցերի պատասխաններ"),
        whose.own,
        anonymised=MOVED,
        why=STATISTICS,
    ),
    "lab_run": Holding(
        Text(en="Runs of work samples", hy="Կատարված աշխատանքային առաջադրանքներ"),
        whose.own,
        withheld={"seed": DRAW},
    ),
    "lab_action": Holding(
        Text(en="Decisions in work samples", hy="Որոշումներ աշխատանքային առաջադրանքներում"), whose.own
    ),
    "rater": Holding(Text(en="Named as a rater", hy="Նշանակված գնահատող"), whose.own),
    "rated_work": Holding(Text(en="Texts for raters", hy="Գնահատողներին հանձնած տեքստեր"), whose.own),
    "work_save": Holding(
        Text(en="Texts for raters, as they were written", hy="Գնահատողների տեքստերը՝ ինչպես գրվել են"), whose.own
    ),
    "work_file": Holding(Text(en="Files of the portfolio", hy="Հավաքածուի ֆայլեր"), whose.own),
    "work_rating": Holding(
        Text(en="Ratings of texts", hy="Տեքստերի գնահատականներ"), whose.own, withheld={"rater_id": BLIND}
    ),
    "work_evidence": Holding(
        Text(en="Evidence of work samples", hy="Աշխատանքային առաջադրանքների ապացույցներ"), whose.own
    ),
    "evidence_summary": Holding(Text(en="What figures rest on", hy="Ինչի վրա են հիմնված թվերը"), whose.own),
    "standing": Holding(Text(en="Standing against roles", hy="Դիրքը դերերի համեմատ"), whose.own),
    "weekly_aim": Holding(Text(en="Weekly aim", hy="Շաբաթվա նպատակ"), whose.own, withheld={"code": SECRET}),
    "seen": Holding(Text(en="Questions whose key was met", hy="Հարցեր, որոնց բանալին հայտնի է"), whose.own),
    "reading": Holding(Text(en="Reading", hy="Ընթերցում"), whose.own),
    "practice_work": Holding(Text(en="Practice texts", hy="Գործնական աշխատանքներ"), whose.own),
    "embedded_answer": Holding(
        Text(en="Answers in the text of modules", hy="Պատասխաններ մոդուլների տեքստում"),
        whose.own,
        withheld={"instance": KEYS},
    ),
    "certificate": Holding(
        Text(en="Certificates", hy="Վկայականներ"),
        whose.own,
        BLANKED,
        BLANKED,
        CODE,
        blanks.withdrawn,
        stays={
            "id": "it counts certificates",
            "person_id": "a number that nothing leads to any more",
            "course": "which course says nothing about whom",
            "code": "whoever holds it must be told that it is withdrawn",
            "issued_at": "says nothing about whom",
            "replaces": "the code of the one before",
        },
    ),
    "campaign": Holding(
        Text(en="Campaigns set up", hy="Կազմած ընտրություններ"),
        whose.made_by,
        KEPT,
        KEPT,
        WORK,
        withheld={"open_link_hash": SECRET},
    ),
    "letter_text": Holding(Text(en="Wordings of letters", hy="Նամակների տեքստեր"), whose.changed_by, KEPT, KEPT, WORK),
    "norm_group": Holding(Text(en="Groups to compare with", hy="Համեմատության խմբեր"), whose.made_by, KEPT, KEPT, WORK),
    "candidate": Holding(
        Text(en="Candidacies", hy="Թեկնածություններ"),
        whose.own,
        BLANKED,
        BLANKED,
        CANDIDACY,
        blanks.no_candidate,
        {"token_hash": SECRET},
        dict.fromkeys(
            ("id", "organisation_id", "campaign_id", "person_id", "stage", "retake", "link_number", "letter_id"),
            "decisions and counts of the campaign name it; nothing leads from it to anybody",
        )
        | dict.fromkeys(
            (
                "token_expires_at",
                "approved_at",
                "invited_at",
                "reminded_at",
                "opened_at",
                "consent_at",
                "consent_version",
                "consent_language",
                "started_at",
                "finished_at",
                "released_at",
                "ends_at",
                "more_parts",
                "created_at",
            ),
            "says nothing about whom",
        ),
    ),
    "candidate_event": Holding(
        Text(en="Notes beside the answers of candidates", hy="Նշումներ թեկնածուի պատասխանների կողքին"), whose.own
    ),
    "contest": Holding(Text(en="What was contested", hy="Վիճարկածը"), whose.own),
    "group_answer": Holding(
        Text(en="What was said about oneself for fairness counts", hy="Իր մասին ասածը արդարության հաշվարկների համար"),
        whose.own,
    ),
    "interview_score": Holding(Text(en="Notes of interviews", hy="Հարցազրույցների նշումներ"), whose.own),
    "issued_report": Holding(Text(en="Reports issued", hy="Տրված հաշվետվություններ"), whose.own),
    "api_token": Holding(
        Text(en="Tokens for other programs", hy="Բանալիներ այլ ծրագրերի համար"),
        whose.made_by,
        KEPT,
        KEPT,
        WORK,
        withheld={"token_hash": SECRET},
    ),
    "webhook": Holding(
        Text(en="Addresses that are told", hy="Տեղեկացվող հասցեներ"),
        whose.made_by,
        KEPT,
        KEPT,
        WORK,
        withheld={"secret": SECRET},
    ),
    "api_order": Holding(
        Text(en="Orders by other programs", hy="Այլ ծրագրերի պատվերներ"),
        whose.ordered,
        withheld={"request_sha256": SECRET, "idempotency_key": SECRET},
    ),
    "webhook_delivery": Holding(
        Text(en="What other programs were told", hy="Ինչ է հաղորդվել այլ ծրագրերին"), whose.told
    ),
    "panel": Holding(
        Text(en="Panels of judges opened", hy="Բացած փորձագետների խմբեր"), whose.made_by, KEPT, KEPT, WORK
    ),
    "panel_judge": Holding(
        Text(en="Invitations to judge questions", hy="Հարցեր գնահատելու հրավերներ"),
        whose.judging,
        withheld={"token_hash": SECRET},
    ),
    "panel_rating": Holding(Text(en="Judgements of questions", hy="Հարցերի փորձագիտական գնահատականներ"), whose.judged),
    "decision": Holding(
        Text(en="Decisions in campaigns", hy="Որոշումներ հավաքագրումներում"),
        whose.decided,
        BLANKED,
        BLANKED,
        DECISIONS,
        blanks.no_reason,
        {"seal": CHAIN, "reason_sha256": CHAIN},
        dict.fromkeys(
            (
                "id",
                "organisation_id",
                "campaign_id",
                "candidate_id",
                "number",
                "stage_from",
                "stage_to",
                "reason_sha256",
                "suggested",
                "overrides",
                "decided_by",
                "decided_by_id",
                "at",
                "seal",
            ),
            "the chain rests on it",
        ),
    ),
}

NOBODYS: Mapping[str, str] = {
    "organisation": "settings of an organisation",
    "throttle": "check values of addresses that tried to sign in, gone after a quarter of an hour",
    "heartbeat": "a time of day",
    "revision": "content",
    "publication": "content",
    "shelf_version": "content",
    "former_slug": "content",
    "rendering": "content",
    "search_section": "content",
    "expectation": "figures of simulated people",
    "parameter_set": "figures over many people's answers",
    "item_parameter": "figures over many people's answers",
    "item_count": "sums over many people's answers",
    "item_count_round": "where those sums stand",
    "item_figures": "figures over many people's answers",
}
