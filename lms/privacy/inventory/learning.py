"""What a person read, answered, made and reached."""

from __future__ import annotations

from collections.abc import Mapping

from lms.content.text import Text
from lms.privacy import blanks
from lms.privacy import subject as whose
from lms.privacy.holding import BLANKED, MOVED, Holding
from lms.privacy.reasons import BLIND, CODE, DRAW, KEYS, SECRET, STATISTICS

HOLDINGS: Mapping[str, Holding] = {
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
}
