"""The score of a run, computed from its log alone: every number of the outcome, none of its words (design 1.5).

0 is chance and 1 a good professional; a single score may be negative and is not clipped, unless it says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import spearmanr

from lms.lab.model import log, marks, research, sprint, talk
from lms.lab.model import play as reading
from lms.lab.model.constants import FIT, FORMATS, HOURS, LANGUAGES, PLATFORMS, TOPICS, VERSION
from lms.lab.model.log import Action, Form
from lms.lab.model.play import Play
from lms.lab.model.week import Post, Posts, alone, freshness, value_of
from lms.lab.model.world import World, draw

SCORES = {  # score -> (step, sub-competency; "" where it is shown to learners only)
    "R1": (1, "analytics.audience"),
    "R2s": (1, "analytics.audience"),
    "R2p": (1, "platforms.selection"),
    "G1": (2, "analytics.goals"),
    "G2": (2, "analytics.goals"),
    "G3": (2, "creativity.concept"),
    "G4": (2, "time_management.workflow"),
    "C1": (3, "content.quality"),
    "C2": (3, "content.quality"),
    "P1": (4, "time_management.scheduling"),
    "P2": (4, ""),  # four posts a week tire hardly anybody: of a sprint it says too little
    "P3": (4, "platforms.discoverability"),
    "P4": (4, "platforms.formats_rules"),
    "I": (5, "communication.dialogue"),
    "A1": (6, "analytics.metrics"),
    "A2": (6, "analytics.insight"),
    "A3": (6, "analytics.insight"),
    "N1": (7, "analytics.insight"),
    "N2": (7, "analytics.insight"),
    "N3": (7, "creativity.trends"),
}
CLEAR = 1.5  # times that the largest loss exceeds the second where a cause is asked
TOLERANCE = 0.1  # percentage points of an engagement rate


@dataclass(frozen=True)
class Rules:
    """What the brief keys: "key" | "leading" | "other" by KPI; keys of the pool of messages; tags in each list; styles
    of caption that keep to its tone."""

    kpis: Mapping[str, str]
    messages: Sequence[talk.Key]
    tags: tuple[int, int]
    styles: tuple[str, ...]


def outcome(seed: int, rules: Rules, actions: Iterable[Action]) -> dict[str, Any]:
    """Everything that the outcome says, as JSON takes it."""
    play, world = Play.replay(actions), draw(seed)
    scores = {name: score for step in _STEPS if step < play.step for name, score in _STEPS[step](world, rules, play)}
    first, second = first_week(seed, rules, play), second_week(seed, rules, play)
    measure = sprint.scale(seed)
    weeks = [week if len(week) == reading.POSTS else [] for week in (first, second)]
    found = {
        "model": VERSION,
        "scores": scores,
        "steps": marks.steps(scores, SCORES),
        "plans": [measure.score(value_of(world, week)) if week else None for week in weeks],
        "losses": sprint.losses(world, weeks[0]) if play.step >= reading.LAUNCHED else [],
        "mood": _mood(seed, rules, play) if play.step > 5 else None,
        "units": marks.units(scores, SCORES),
    }
    return dict(marks.rounded(found))


# The weeks of a run


def tags_of(seed: int, rules: Rules, form: Form) -> tuple[int, int]:
    """(relevant, other) tags that the form chose of those offered."""
    pool = talk.tag_pool(seed, *rules.tags)
    chosen = [pool[int(at)][0] for at in log.many(form, "tags", log.indices(len(pool)))]
    return sum(chosen), len(chosen) - sum(chosen)


def first_week(seed: int, rules: Rules, play: Play) -> list[Post]:
    """The week as planned in steps 3 and 4."""
    right, wrong = tags_of(seed, rules, play.form(4))
    wrong += max(0, right + wrong - reading.TAG_LIMIT)
    posts = reading.posts(play.form(3), reading.POST_FIELDS)
    slots = reading.posts(play.form(4), reading.SLOT_FIELDS)
    return sprint.week_of(posts, slots, talk.tag_factor(right, wrong))


def second_week(seed: int, rules: Rules, play: Play) -> list[Post]:
    right, wrong = tags_of(seed, rules, play.form(4))
    posts = reading.posts(play.form(7), reading.NEXT_FIELDS)
    return sprint.week_of(posts, posts, talk.tag_factor(right, wrong))


def messages_of(seed: int, rules: Rules) -> list[tuple[int, list[int]]]:
    return talk.drawn(seed, rules.messages)


def said(seed: int, rules: Rules, form: Form) -> list[tuple[int, int | None]]:
    """(message of the pool, reply of its list) for each message in the order shown."""
    found: list[tuple[int, int | None]] = []
    for place, (at, order) in enumerate(messages_of(seed, rules)):
        chosen = log.one(form, f"reply_{place}", log.indices(len(order)))
        found.append((at, order[int(chosen)] if chosen else None))
    return found


def _mood(seed: int, rules: Rules, play: Play) -> float:
    form = play.form(5)
    first = log.one(form, "first", log.indices(talk.MESSAGES))
    return talk.mood(rules.messages, said(seed, rules, form), int(first) if first else None)


# Step by step

Found = list[tuple[str, float | None]]


def _research(world: World, rules: Rules, play: Play) -> Found:
    form = play.form(1)
    names = research.names_of_segments(world.seed)
    best = np.argsort(-research.importance(world), kind="stable")[: reading.CHOSEN].tolist()
    chosen = {names.index(int(at)) for at in log.many(form, "segments", log.indices(4))}
    overlap = len(chosen & set(best)) / len(chosen | set(best))
    chance = 1 / 6 + 4 / 6 / 3
    windows = 0.5 * (overlap - chance) / (1 - chance) + 0.5 * (_windows_hit(world, form) - 1)
    values = platform_values(world)
    ranks = [reading.ranking(form).index(name) for name in PLATFORMS]
    return [
        ("R1", research.usefulness(play.cards)),
        ("R2s", windows),
        ("R2p", float(spearmanr(ranks, [-value for value in values]).statistic)),
    ]


def _windows_hit(world: World, form: Form) -> int:
    return len(set(best_windows(world)) & set(log.many(form, "windows", reading.WINDOWS)))


def best_windows(world: World) -> list[str]:
    """The two parts of the day in which those who matter are most active."""
    bounds = {"morning": (6, 10), "noon": (10, 14), "afternoon": (14, 18), "evening": (18, 23)}
    hourly = np.einsum("sp,sph->h", world.weight, world.activity).reshape(7, 24).mean(axis=0)
    return sorted(bounds, key=lambda name: -float(hourly[slice(*bounds[name])].mean()))[: reading.CHOSEN]


def platform_values(world: World) -> list[float]:
    """Value of the best post of two hours on each platform."""
    found = []
    for platform in range(len(PLATFORMS)):
        hours = range(0, HOURS, 2)
        posts = [
            Post(platform, form, topic, language, hour, 2)
            for form in range(len(FORMATS))
            for topic in range(TOPICS)
            for language in range(len(LANGUAGES))
            for hour in hours
        ]
        found.append(float(alone(world, Posts.of(posts)).value.max()))
    return found


def _strategy(world: World, rules: Rules, play: Play) -> Found:
    form, measure = play.form(2), sprint.scale(world.seed)
    kind = rules.kpis.get(log.one(form, "kpi"), "other")
    target = log.number(form, "target") or 0.0
    low, high = 1.1 * measure.naive_clicks, max(measure.best_clicks, 1.2 * measure.naive_clicks)
    below, above = 0.5 * measure.naive_clicks, 1.5 * high
    interest = research.importance(world) @ world.interest
    chosen = [interest[int(at)] for at in log.many(form, "pillars", log.indices(TOPICS))]
    best = float(np.sort(interest)[-reading.PILLARS :].mean())
    planned = reading.week_hours(form)
    return [
        ("G1", {"key": 1.0, "leading": 0.4}.get(kind, -0.33)),
        ("G2", float(np.interp(target, [below, low, high, above], [0, 1, 1, 0]))),
        ("G3", (float(np.mean(chosen)) - float(interest.mean())) / (best - float(interest.mean()))),
        ("G4", 1 - min(1.0, abs(planned - reading.HOURS_A_WEEK) / reading.HOURS_A_WEEK * 2)),
    ]


def _content(world: World, rules: Rules, play: Play) -> Found:
    week = first_week(world.seed, rules, _with_slots(play))
    return [("C1", float(np.mean([_fit(world, post) for post in week]))), ("C2", _split(world, week))]


def _with_slots(play: Play) -> Play:
    """The play with a day for each post where step 4 was never reached: fit and work do not depend on it."""
    slots = {f"p{at}_{name}": [str(2 * at if name == "day" else 12)] for at in range(4) for name in ("day", "hour")}
    return Play(play.step, {**play.forms, 4: {**slots, **play.form(4)}})


def _fit(world: World, post: Post) -> float:
    """How well topic, format and language suit the people on this platform, against chance and the best there."""
    weight = world.weight[:, post.platform]
    liking = np.einsum("s,sk,sf,sl->kfl", weight, world.interest, world.taste, world.language)
    liking = liking * FIT[post.platform][None, :, None]
    there = liking[:, FIT[post.platform] >= sprint.NO_SUCH, :]
    got = liking[post.topic, post.format, post.language]
    return float((got - there.mean()) / (there.max() - there.mean()))


def _split(world: World, week: list[Post]) -> float:
    """The split of the hours over the posts, against random splits (0) and the best one of the same hours (1)."""
    made = Posts.of(week)
    hours = float(made.effort.sum())
    random = np.random.default_rng([world.seed, 29])
    splits = random.dirichlet([1.0] * len(week), 60) * hours
    best = _best_split(world, made, hours)
    chance = float(np.mean([_worth(world, made, split) for split in splits]))
    return (_worth(world, made, made.effort) - chance) / (_worth(world, made, best) - chance)


def _worth(world: World, made: Posts, efforts: Any) -> float:
    values = Posts(made.platform, made.format, made.topic, made.language, made.hour, np.asarray(efforts), made.tags)
    return float(freshness(made) @ alone(world, values).value)


def _best_split(world: World, made: Posts, hours: float) -> Any:
    """Half an hour after the other to the post that gains most: best, since every post gains less and less."""
    efforts = np.zeros(len(made.hour))
    for _half in range(round(hours * 2)):
        tries = [efforts + 0.5 * (np.arange(len(efforts)) == at) for at in range(len(efforts))]
        efforts = tries[int(np.argmax([_worth(world, made, each) for each in tries]))]
    return efforts


def _publishing(world: World, rules: Rules, play: Play) -> Found:
    week = first_week(world.seed, rules, play)
    right, wrong = tags_of(world.seed, rules, play.form(4))
    f1 = 2 * right / (right + wrong + 4) if right else 0.0
    everything = 2 * 4 / (8 + 4)
    return [
        ("P1", float(np.mean([_hour(world, post) for post in week]))),
        ("P2", float(np.clip((freshness(Posts.of(week)).mean() - 0.5) / 0.5, 0, 1))),
        ("P3", (f1 - everything) / (1 - everything)),
        ("P4", max(-1.0, 1 - 0.34 * len(broken(world.seed, rules, play)))),
    ]


def _hour(world: World, post: Post) -> float:
    met = world.weight[:, post.platform] @ world.audience[:, post.platform]
    return float((met[post.hour] - met.mean()) / (met.max() - met.mean()))


def broken(seed: int, rules: Rules, play: Play) -> list[str]:
    """Rules that the week breaks: "tags", "format 2", "style 2" (of post 2)."""
    found = ["tags"] if sum(tags_of(seed, rules, play.form(4))) > reading.TAG_LIMIT else []
    for at, post in enumerate(reading.posts(play.form(3), reading.POST_FIELDS), 1):
        if FIT[PLATFORMS.index(post["platform"]), FORMATS.index(post["format"])] < sprint.NO_SUCH:
            found.append(f"format {at}")
        if post["style"] not in rules.styles:
            found.append(f"style {at}")
    return found


def _dialogue(world: World, rules: Rules, play: Play) -> Found:
    form = play.form(5)
    first = log.one(form, "first", log.indices(talk.MESSAGES))
    return [("I", talk.credit_of(rules.messages, said(world.seed, rules, form), int(first) if first else None))]


@dataclass(frozen=True)
class Questions:
    """What step 6 asks. post: place 0..3 of the post whose rate is asked; rate: in per cent; cause_post: place and
    cause: factor of the loss that is asked for; claims: order in which the four statements stand, the last of the list
    (3) is the unsupported one."""

    post: int
    rate: float
    cause_post: int
    cause: str
    is_clear: bool
    claims: list[int]


def questions(world: World, week: Sequence[Post]) -> Questions:
    """Drawn by the seed; the answers are computed, never stored."""
    random = np.random.default_rng([world.seed, 31])
    shown = sprint.results(world, week)
    lost = sprint.losses(world, week)
    ratios = [_ratio(each) for each in lost]
    at = max(range(len(lost)), key=lambda place: ratios[place])
    asked = int(random.integers(len(shown)))
    cause = max(lost[at], key=lambda name: lost[at][name])
    claims = [int(x) for x in random.permutation(4)]
    return Questions(asked, shown[asked].rate, at, cause, ratios[at] >= CLEAR, claims)


def _ratio(lost: Mapping[str, float]) -> float:
    first, second = sorted(lost.values(), reverse=True)[:2]
    return first / second if second else (CLEAR if first else 0.0)


def _analysis(world: World, rules: Rules, play: Play) -> Found:
    form = play.form(6)
    asked = questions(world, first_week(world.seed, rules, play))
    rate = log.number(form, "rate")
    claim = log.one(form, "claim", log.indices(4))
    right = bool(claim) and asked.claims[int(claim)] == 3
    cause = (1.0 if log.one(form, "cause") == asked.cause else -1 / 5) if asked.is_clear else None
    return [
        ("A1", float(rate is not None and abs(rate - asked.rate) <= TOLERANCE)),
        ("A2", cause),
        ("A3", 1.0 if right else -1 / 3),
    ]


def _repetition(world: World, rules: Rules, play: Play) -> Found:
    first, second = first_week(world.seed, rules, play), second_week(world.seed, rules, play)
    measure = sprint.scale(world.seed)
    before, after = measure.score(value_of(world, first)), measure.score(value_of(world, second))
    better = after if before >= 0.8 else float(np.clip((after - before) / (1.1 - before), -1, 1))
    cause = questions(world, first).cause
    tested = log.one(play.form(7), "tested")
    return [("N1", better), ("N2", _consequence(first, second, cause)), ("N3", _testable(second, tested))]


def changed(first: Post, second: Post) -> set[str]:
    """Factors in which two posts differ; the platform counts as one of its own, the day as part of the hour."""
    names = ("platform", "format", "topic", "language", "hour", "effort")
    return {name for name in names if getattr(first, name) != getattr(second, name)}


def _consequence(first: list[Post], second: list[Post], cause: str) -> float:
    found: set[str] = set().union(*(changed(*pair) for pair in zip(first, second, strict=True)))
    acted = {"hour", "platform"} if cause == "fatigue" else {cause}
    return 1.0 if found & acted else 0.0 if found else -0.5


def _testable(second: list[Post], tested: str) -> float:
    """A pair of next week's posts that differ in the declared factor alone (their days may differ) makes a test."""
    if tested in ("", "none"):
        return 0.0
    pairs = [(a, b) for at, a in enumerate(second) for b in second[at + 1 :]]
    return 1.0 if any(_differs_in(a, b) == {tested} for a, b in pairs) else 0.3


def _differs_in(first: Post, second: Post) -> set[str]:
    found = changed(first, second) - {"hour"}
    return found | ({"hour"} if first.hour % 24 != second.hour % 24 else set())


_STEPS = {
    1: _research,
    2: _strategy,
    3: _content,
    4: _publishing,
    5: _dialogue,
    6: _analysis,
    7: _repetition,
}
