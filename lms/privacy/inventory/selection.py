"""Candidacies, what was asked and decided about them, and who judged questions."""

from __future__ import annotations

from collections.abc import Mapping

from lms.content.text import Text
from lms.privacy import blanks
from lms.privacy import subject as whose
from lms.privacy.holding import BLANKED, KEPT, Holding
from lms.privacy.reasons import CANDIDACY, CHAIN, DECISIONS, SECRET, WORK

HOLDINGS: Mapping[str, Holding] = {
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
