"""The tests that a trainee sits, each with all its rules."""

from __future__ import annotations

from lms.assess import Specification

TRAINEE = ("trainee",)
RESULT = "learn.result"

CHECK = Specification(
    "check",
    title={"hy": "Թեստ", "en": "Check"},
    roles=TRAINEE,
    result_endpoint=RESULT,
    pool="practice",
    part="module",
    selection="drawn",
    least=6,
    most=8,
    item_seconds=120.0,
    gives_evidence=True,
    pass_mark=0.80,
    pause=600,
    trials=2,
    version=2,
)
PRETEST = Specification(
    "pretest",
    title={"hy": "Նախնական թեստ", "en": "Pre-test"},
    roles=TRAINEE,
    result_endpoint=RESULT,
    pool="pretest",
    part="course",
    selection="whole",
    item_seconds=120.0,
    gives_evidence=True,
    pass_mark=0.85,
)
PLACEMENT = Specification(
    "placement",
    title={"hy": "Մակարդակի որոշում", "en": "Find my level"},
    roles=TRAINEE,
    result_endpoint=RESULT,
    pool="placement",
    selection="adaptive",
    most=12,
    choice=2,
    widest=True,
    from_evidence=True,
    trials=2,
    version=3,
    revisit=False,
    unanswered="left_out",
    gives_evidence=True,
)
SHARPEN = Specification(  # one skill, until its 90 % interval is as narrow as two levels, see `sharpening`
    "sharpen",
    title={"hy": "Հմտության ճշգրտում", "en": "Sharpen a skill"},
    roles=TRAINEE,
    result_endpoint=RESULT,
    pool="placement",
    selection="adaptive",
    least=5,
    most=8,
    target_sd=0.5,
    choice=1,
    widest=True,
    from_evidence=True,
    revisit=False,
    unanswered="left_out",
    gives_evidence=True,
)
SETTLE = Specification(  # about what keeps a role open, see `undecided_role`
    "settle",
    title={"hy": "Ինչը դեռ պարզ չէ", "en": "What is not decided yet"},
    roles=TRAINEE,
    result_endpoint=RESULT,
    pool="placement",
    selection="open",
    least=3,
    most=12,
    item_seconds=120.0,
    gives_evidence=True,
)
REVIEW = Specification(  # what is due again, see `reviews`
    "review",
    title={"hy": "Կրկնություն", "en": "Review"},
    roles=TRAINEE,
    result_endpoint=RESULT,
    pool="practice",
    selection="due",
    most=10,
)
PRACTICE = Specification(  # nobody is offered one yet; attempts of it are read like any other's
    "practice",
    title={"hy": "Վարժություն", "en": "Practice"},
    roles=TRAINEE,
    result_endpoint=RESULT,
    pool="practice",
    part="module",
    selection="drawn",
    least=6,
    most=8,
)
