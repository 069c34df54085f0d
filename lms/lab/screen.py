"""What a step's page shows: the run's own people, messages and figures in the reader's words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from flask_babel import gettext as _

from lms.lab.briefs import Brief, messages, words
from lms.lab.model import research, scoring, sprint, talk
from lms.lab.model.constants import FORMATS, LANGUAGES, PLATFORMS
from lms.lab.model.play import CampaignPlay
from lms.lab.model.world import draw
from lms.lab.models import LabRun

Say = Callable[[str, object], str]


def say_in(language: str) -> Say:
    """`say("platforms", "facebook")` in the language."""
    return lambda group, name: words()[group][str(name)].get(language)


@dataclass(frozen=True)
class ResearchCard:
    """A research card. lines: what it told, empty while it is not bought; heads: of columns, where it has some."""

    id: str
    price: int
    bought: bool
    affordable: bool
    text: str
    heads: Sequence[str]
    lines: Sequence[tuple[str, Sequence[str]]]
    note: str


def cards(run: LabRun, brief: Brief, play: CampaignPlay, language: str) -> list[ResearchCard]:
    """In an order of the run's own."""
    order = np.random.default_rng([run.seed, 37]).permutation(list(research.PRICES)).tolist()
    return [_card(name, run, brief, play, language) for name in order]


def _card(name: str, run: LabRun, brief: Brief, play: CampaignPlay, language: str) -> ResearchCard:
    bought = name in play.cards
    rows = research.read(draw(run.seed), name) if bought else []
    text = words()["card_texts"][name].get(language) if bought else ""
    note = brief.quotation.get(language) if bought and name == "interviews" else ""
    label, heads = _labels(name, run, brief, language)
    lines = [(label(at, figures), [f"{figure:.0f}" for figure in figures]) for at, figures in rows]
    affordable = research.PRICES[name] <= play.purse
    return ResearchCard(name, research.PRICES[name], bought, affordable, text, heads if bought else (), lines, note)


def _labels(
    name: str, run: LabRun, brief: Brief, language: str
) -> tuple[Callable[[int, list[float]], str], Sequence[str]]:
    say, segment = say_in(language), segments(run, brief, language)
    if name in ("customers", "website"):
        return (lambda at, _figures: segment[at]), ()
    if name == "audience":
        return (lambda at, _figures: say("platforms", PLATFORMS[at])), segment
    if name == "heatmap":
        blocks = [f"{4 * at}–{4 * at + 4}" for at in range(research.BLOCKS)]
        return (lambda at, _figures: say("heatmap_rows", at)), blocks
    if name == "competitors":
        return (lambda at, _figures: say("formats", FORMATS[at])), ()
    topic = [each.get(language) for each in brief.topics]
    return (lambda at, figures: say("languages", LANGUAGES[at]) if name == "comments" and figures else topic[at]), ()


def main_platform(run: LabRun, language: str) -> str:
    """Of the heat map and the review of competitors."""
    return say_in(language)("platforms", PLATFORMS[research.main_platform(draw(run.seed))])


def segments(run: LabRun, brief: Brief, language: str) -> list[str]:
    """Names of the model's segments, by its index, in this run."""
    return [brief.segments[at].get(language) for at in research.names_of_segments(run.seed)]


def tags(run: LabRun, brief: Brief) -> list[str]:
    pool = talk.tag_pool(run.seed, *brief.rules.tags)
    return [brief.tags[0 if relevant else 1][at] for relevant, at in pool]


def inbox(run: LabRun, brief: Brief, language: str) -> list[tuple[str, list[str]]]:
    """(message, replies in the run's order)"""
    pool = messages()
    drawn = scoring.messages_of(run.seed, brief.rules)
    return [
        (pool[at].text.get(language), [pool[at].replies[each].get(language) for each in order]) for at, order in drawn
    ]


@dataclass(frozen=True)
class Results:
    """Step 6. rows: by post; asked, cause_post: numbers of the posts that are asked about; claims: in order."""

    rows: list[tuple[int, str, str, sprint.ShownFigures]]
    asked: int
    cause_post: int
    claims: list[str]


def results(run: LabRun, brief: Brief, play: CampaignPlay, language: str) -> Results:
    world, say = draw(run.seed), say_in(language)
    first = scoring.first_week(run.seed, brief.rules, play)
    shown, analysis = sprint.results(world, first), scoring.questions(draw(run.seed), first)
    rows = [
        (at, say("platforms", PLATFORMS[post.platform]), say("formats", FORMATS[post.format]), got)
        for at, (post, got) in enumerate(zip(first, shown, strict=True), 1)
    ]
    claims = _claims(shown)
    return Results(rows, analysis.post + 1, analysis.cause_post + 1, [claims[at] for at in analysis.claims])


def _claims(shown: Sequence[sprint.ShownFigures]) -> list[str]:
    """Three statements that the figures support and, last, one that they do not."""
    order = sorted(range(len(shown)), key=lambda at: -shown[at].reach)
    most, least = order[0] + 1, order[-1] + 1
    liked = max(range(len(shown)), key=lambda at: shown[at].rate) + 1
    return [
        _("In this week post %(one)s reached at least as many people as post %(other)s.", one=most, other=least),
        _("The posts were reached %(sum)s times in all.", sum=sum(each.reach for each in shown)),
        _("Of those reached by post %(one)s the largest share reacted.", one=liked),
        _("Post %(one)s proves that its topic works best with this audience.", one=liked),
    ]


def visits_before(run: LabRun, play: CampaignPlay) -> int:
    """Visits a week that last month's posts brought."""
    return max(1, round(sprint.scale(run.seed, play.size).naive_clicks))
