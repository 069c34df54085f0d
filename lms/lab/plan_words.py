"""What a plan's form decides, in the reader's words: its posts, its drawn week, and what a second plan changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup

from lms.lab import drawings
from lms.lab.briefs import Brief
from lms.lab.model import log
from lms.lab.model import play as playing
from lms.lab.model.log import Form
from lms.lab.screen import Say, say_in

SHOWN = ("format", "topic", "language", "effort", "hour")  # decisions of a post that a plan can change


@dataclass(frozen=True)
class PostPreview:
    """A post as it will look. number: 1..4."""

    number: int
    platform: str
    form: str
    language: str
    caption: str
    hours: str
    picture: Markup


def posts(brief: Brief, form: Form, language: str, count: int) -> list[PostPreview]:
    say, forms = say_in(language), playing.posts(form, playing.POST_FIELDS, count)
    return [_post(at, fields, brief, form, say, language) for at, fields in enumerate(forms, 1)]


def _post(number: int, fields: Mapping[str, str], brief: Brief, form: Form, say: Say, language: str) -> PostPreview:
    opening = brief.openings[fields["style"]].get(language) if fields["style"] else ""
    line = brief.captions[int(fields["topic"])].get(language) if fields["topic"] else ""
    names = {name: say(f"{name}s", fields[name]) if fields[name] else "" for name in ("platform", "format", "language")}
    picture = drawings.post_picture(fields["format"])
    caption = log.one(form, f"p{number - 1}_words") or f"{opening} {line}".strip()
    return PostPreview(
        number, names["platform"], names["format"], names["language"], caption, fields["effort"], picture
    )


def week(form: Form, language: str, label: str, count: int) -> Markup:
    """The drawn week of a form that holds slots."""
    slots = playing.posts(form, playing.SLOT_FIELDS, count)
    there = [(at, int(slot["day"]), int(slot["hour"])) for at, slot in enumerate(slots, 1) if all(slot.values())]
    say = say_in(language)
    return drawings.week([say("short_days", day) for day in range(7)], there, label)


def decisions(brief: Brief, form: Form, language: str, count: int) -> list[dict[str, str]]:
    """Of each post what was decided about each factor, in words; {} where there is no whole post."""
    topics, say = [each.get(language) for each in brief.topics], say_in(language)
    return [_decided(post, topics, say) for post in playing.posts(form, playing.NEXT_FIELDS, count)]


def _decided(post: Mapping[str, str], topics: Sequence[str], say: Say) -> dict[str, str]:
    if not all(post.values()):
        return {}
    place = say("platforms", post["platform"])
    slot = f"{say('days', post['day'])}, {post['hour']}:00"
    return {
        "fatigue": place,
        "format": f"{say('formats', post['format'])}, {place}",
        "topic": topics[int(post["topic"])],
        "language": say("languages", post["language"]),
        "effort": _("hours of work: %(hours)s", hours=post["effort"]),
        "hour": slot,
    }


def changes(before: Sequence[Mapping[str, str]], after: Sequence[Mapping[str, str]]) -> list[str]:
    """What the second plan changes, one sentence a post."""
    return [text for at, (old, new) in enumerate(zip(before, after, strict=True), 1) if (text := _change(at, old, new))]


def _change(number: int, old: Mapping[str, str], new: Mapping[str, str]) -> str:
    if not old and not new:
        return ""
    if not new:
        return str(_("Post %(post)s is left out.", post=number))
    if not old:
        return str(_("Post %(post)s is new: %(slot)s, %(place)s.", post=number, slot=new["hour"], place=new["format"]))
    moved = [f"{old[name]} → {new[name]}" for name in SHOWN if old[name] != new[name]]
    return str(_("Post %(post)s: %(changes)s.", post=number, changes="; ".join(moved))) if moved else ""
