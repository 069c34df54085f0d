"""A small, sound content tree to break in tests, and one item of every type."""

from __future__ import annotations

import shutil
from pathlib import Path

from lms.config import ROOT
from lms.content import Item, parse_bank

HEAD = "---\nbank: practice/placement/x\npool: placement\n---\n\n# A bank\n\nWords for authors.\n\n"
YAML = "```yaml\ntype: {type}\nsub: content.copy\nbloom: apply\nlevel: {level}\np: {p}\nseed: [S02.2]\n{more}```\n"

BODIES = {
    "single": (
        "Ո՞րն է ճիշտ։\n\n- [ ] Մեկ\n  > Ոչ։\n- [x] Երկու\n  > Այո։\n- [ ] Երեք\n  > Ոչ։\n- [ ] Չորս\n  > Ոչ։\n\n"
        "> Ամփոփում։\n",
        "Which?\n\n- [ ] One\n  > No.\n- [x] Two\n  > Yes.\n- [ ] Three\n  > No.\n- [ ] Four\n  > No.\n\n> General.\n",
    ),
    "multiple": (
        "Որո՞նք։\n\n- [x] Ա\n  > Այո։\n- [x] Բ\n  > Այո։\n- [ ] Գ\n  > Ոչ։\n- [ ] Դ\n  > Ոչ։\n- [ ] Ե\n  > Ոչ։\n",
        "Which ones?\n\n- [x] A\n  > Yes.\n- [x] B\n  > Yes.\n- [ ] C\n  > No.\n- [ ] D\n  > No.\n- [ ] E\n  > No.\n",
    ),
    "ordering": (
        "Դասավորեք։\n\n1. մեկ\n2. երկու\n3. երեք\n4. չորս\n5. հինգ\n",
        "Order.\n\n1. one\n2. two\n3. three\n4. four\n5. five\n",
    ),
    "matching": (
        "Զույգեր։\n\n- ա => 1\n- բ => 2\n- գ => 3\n- դ => 4\n- => 5\n",
        "Pairs.\n\n- a => 1\n- b => 2\n- c => 3\n- d => 4\n- => 5\n",
    ),
    "numeric": (
        "Տեսել է {reach}, հավանել՝ {likes}, մեկնաբանել՝ {comments}, տարածել՝ {shares}, պահել՝ {saves}։\n\n"
        "- likes_only: Միայն հավանումներն են։\n\n> Պատասխանն է՝ {answer}։\n",
        "Reach {reach}, likes {likes}, comments {comments}, shares {shares}, saves {saves}.\n\n"
        "- likes_only: Only the likes.\n\n> The answer is {answer}.\n",
    ),
    "short": (
        "Ի՞նչ է։\n\n- = հասանելիություն\n- ~ մատչելիություն\n  > Սա ուրիշ բառ է։\n",
        "What?\n\n- = reach\n- ~ impressions\n  > Those count repeats.\n",
    ),
    "cloze": (
        "Առաջինը [[=ա|բ|գ]] է, երկրորդը՝ [[դ|=ե|զ]], երրորդը՝ [[=հեշթեգ=պիտակ]]։\n\n- 1: Առաջինի մասին։\n",
        "First [[=a|b|c]], then [[d|=e|f]], then [[=hashtag]].\n\n- 1: About the first.\n",
    ),
    "judgement": (
        "Ի՞նչ անել։\n\n- (4.6) Ա\n  > Լավ։\n- (3) Բ\n  > Միջին։\n- (2.4) Գ\n  > Թույլ։\n- (1.2) Դ\n  > Վատ։\n",
        "What to do?\n\n- (4.6) A\n  > Good.\n- (3) B\n  > Fair.\n- (2.4) C\n  > Weak.\n- (1.2) D\n  > Bad.\n",
    ),
    "err": (
        "Գտեք։\n\n- [ ] Ա\n  > Այո։\n- [x] Բ\n  > Ոչ։\n- [ ] Գ\n  > Այո։\n- [x] Դ\n  > Ոչ։\n- [ ] Ե\n  > Այո։\n",
        "Find.\n\n- [ ] A\n  > Yes.\n- [x] B\n  > No.\n- [ ] C\n  > Yes.\n- [x] D\n  > No.\n- [ ] E\n  > Yes.\n",
    ),
    "eval": (
        "Գնահատեք։\n\n- (3.6) Ա\n  > Լավ։\n- (2.6) Բ\n  > Միջին։\n- (2.4) Գ\n  > Միջին։\n- (1.2) Դ\n  > Վատ։\n",
        "Rate.\n\n- (3.6) A\n  > Good.\n- (2.6) B\n  > Fair.\n- (2.4) C\n  > Fair.\n- (1.2) D\n  > Bad.\n",
    ),
    "categorising": (
        "Խմբեր։\n\n#### Մի խումբ\n- ա\n- բ\n- գ\n#### Ուրիշ խումբ\n- դ\n- ե\n- զ\n",
        "Groups.\n\n#### One\n- a\n- b\n- c\n#### Other\n- d\n- e\n- f\n",
    ),
    "table": ("| ա | բ |\n| --- | --- |\n| 1 | 2 |\n", "| a | b |\n| --- | --- |\n| 1 | 2 |\n"),
}
SETTINGS = {"numeric": "metric: er_reach\n"}


def section(kind: str, name: str | None = None, more: str = "", level: int = 2, p: float = 0.6) -> str:
    """The source of one item of type `kind`."""
    hy, en = BODIES[kind]
    yaml = YAML.format(type=kind, level=level, p=p, more=SETTINGS.get(kind, "") + more)
    return f"## {name or 'item-' + kind}\n\n{yaml}\n### hy\n\n{hy}\n### en\n\n{en}\n"


def item(kind: str, more: str = "", level: int = 2, p: float = 0.6) -> Item:
    """One parsed item of type `kind`."""
    return parse_bank(HEAD + section(kind, more=more, level=level, p=p), "quizzes/practice/placement/x.md").items[0]


def one(hy: str, en: str, kind: str = "single", more: str = "") -> Item:
    """A parsed item with the given language parts."""
    source = f"{HEAD}## odd\n\n{YAML.format(type=kind, level=2, p=0.6, more=more)}\n### hy\n\n{hy}\n\n### en\n\n{en}\n"
    return parse_bank(source, "quizzes/practice/placement/x.md").items[0]


PARTS = ("why", "idea", "example", "mistake", "practice", "check", "summary", "sources")


def module_source(language: str, number: int = 1, body: str = "") -> str:
    """A module file with every part; `body` is put below "The idea"."""
    word, stop = ("Բառ", "։") if language == "hy" else ("Word", ".")
    parts = "".join(
        f"## {word} {{#{part}}}\n\n{body if part == 'idea' else ''}\n"
        + (f"- {word}{stop}\n" * 5 if part == "summary" else f"{word}{stop}\n")
        + "\n"
        for part in PARTS
    )
    return (
        f"---\nid: C1.{number}\nslug: m{number}\nversion: 1\nminutes: 15\nupdated: 2026-11-23\n"
        f"sub_competencies: [content.copy]\nseed: [S02.1]\npractice: null\n"
        f"title: {word}\nsummary: {word}{stop}\nobjectives:\n  - {word}{stop}\n---\n\n{parts}"
    )


COURSE = """id: C1
slug: c
level: 1
prerequisites: []
title: {hy: Բառ, en: Word}
about: {hy: Բառ։, en: Word.}
modules: [01-m1]
"""


def tree(root: Path) -> Path:
    """Write a sound little library below `root`: one course, one module, one placement bank, the real reference."""
    (root / "courses/c/figures").mkdir(parents=True)
    (root / "courses/c/figures/a.svg").write_text("<svg/>")
    (root / "courses/c/course.yaml").write_text(COURSE)
    for language in ("hy", "en"):
        (root / f"courses/c/01-m1.{language}.md").write_text(module_source(language))
    (root / "quizzes/practice/placement").mkdir(parents=True)
    (root / "quizzes/practice/placement/x.md").write_text(HEAD + "".join(section(kind) for kind in BODIES))
    records = shutil.ignore_patterns("trials.csv")  # kept for authors, no content of the library
    shutil.copytree(ROOT / "quizzes/reference", root / "quizzes/reference", ignore=records)
    return root
