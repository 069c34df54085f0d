"""What kinds of evidence are called: question types and work samples."""

from __future__ import annotations

from lms.content.questions import TYPES
from lms.content.text import Text

WORK_SAMPLES = {
    "lab": Text(en="Campaign Lab", hy="Արշավի լաբորատորիա"),
    "inbox": Text(en="Inbox triage", hy="Առավոտյան նամակներ"),
    "scheduler": Text(en="Post scheduler", hy="Շաբաթվա օրացույց"),
    "metrics_desk": Text(en="Metrics desk", hy="Թվերի սեղան"),
    "reply": Text(en="Reply under criticism", hy="Պատասխան քննադատությանը"),
    "caption": Text(en="Caption rewrite", hy="Վերաշարադրում"),
    "ideas": Text(en="Idea sprint", hy="Գաղափարների արշավ"),
    "audience": Text(en="Audience brief", hy="Լսարանի քարտ"),
    "portfolio": Text(en="Portfolio", hy="Աշխատանքների հավաքածու"),
    "profile_audit": Text(en="Profile audit", hy="Էջի ստուգում"),
    "interview": Text(en="Interview", hy="Հարցազրույց"),
}


def kind_names(language: str) -> dict[str, str]:
    """Names of the kinds of evidence, in one language."""
    types = {name: question.title.get(language) for name, question in TYPES.items()}
    return types | {name: title.get(language) for name, title in WORK_SAMPLES.items()}
