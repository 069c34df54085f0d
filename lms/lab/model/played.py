"""What was played, as the model takes it: tags, weeks of posts, replies; and what the brief keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.lab.model import log, research, sprint, talk
from lms.lab.model import play as reading
from lms.lab.model.log import Form
from lms.lab.model.play import CampaignPlay
from lms.lab.model.size import Size
from lms.lab.model.week import Post

Scores = list[tuple[str, float | None]]  # of one step: (name, score)


@dataclass(frozen=True)
class BriefRules:
    """What the brief keys: "key" | "leading" | "other" by KPI; keys of the pool of messages; tags in each list; styles
    of caption that keep to its tone."""

    kpis: Mapping[str, str]
    messages: Sequence[talk.Key]
    tags: tuple[int, int]
    styles: tuple[str, ...]


def tags_of(seed: int, rules: BriefRules, form: Form) -> tuple[int, int]:
    """(relevant, other) tags that the form chose of those offered."""
    pool = talk.tag_pool(seed, *rules.tags)
    chosen = [pool[int(at)][0] for at in log.many(form, "tags", log.indices(len(pool)))]
    return sum(chosen), len(chosen) - sum(chosen)


def first_week(seed: int, rules: BriefRules, play: CampaignPlay) -> list[Post]:
    """The week as planned in steps 3 and 4."""
    right, wrong = tags_of(seed, rules, play.form(4))
    wrong += max(0, right + wrong - reading.TAG_LIMIT)
    posts = reading.posts(play.form(3), reading.POST_FIELDS, play.size.posts)
    return _week(seed, play.size, posts, play.form(4), talk.tag_factor(right, wrong))


def second_week(seed: int, rules: BriefRules, play: CampaignPlay) -> list[Post]:
    right, wrong = tags_of(seed, rules, play.form(4))
    posts = reading.posts(play.form(7), reading.NEXT_FIELDS, play.size.posts)
    return _week(seed, play.size, posts, play.form(7), talk.tag_factor(right, wrong))


def _week(seed: int, size: Size, posts: Sequence[Mapping[str, str]], form: Form, tags: float) -> list[Post]:
    fields = reading.SLOT_FIELDS | (reading.MONEY_FIELDS if size.budget else {})
    slots = reading.posts(form, fields, size.posts)
    return sprint.week_of(posts, slots, tags, research.names_of_segments(seed) if size.budget else ())


def messages_of(seed: int, rules: BriefRules) -> list[tuple[int, list[int]]]:
    return talk.drawn(seed, rules.messages)


def said(seed: int, rules: BriefRules, form: Form) -> list[tuple[int, int | None]]:
    """(message of the pool, reply of its list) for each message in the order shown."""
    replies: list[tuple[int, int | None]] = []
    for place, (at, order) in enumerate(messages_of(seed, rules)):
        chosen = log.one(form, f"reply_{place}", log.indices(len(order)))
        replies.append((at, order[int(chosen)] if chosen else None))
    return replies
