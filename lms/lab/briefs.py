"""Briefs and words of the Campaign Lab, read once from `texts/` and checked: whoever breaks a file is told where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lms.content.text import Text
from lms.content.yaml_reader import parse_yaml
from lms.lab.model.constants import FORMATS, LANGUAGES, PLATFORMS, SEGMENTS, TOPICS
from lms.lab.model.play import ACTIVITIES, FACTORS, STYLES, WINDOWS
from lms.lab.model.research import PRICES
from lms.lab.model.scoring import SCORES, Rules
from lms.lab.model.talk import MESSAGES, Key

TEXTS = Path(__file__).parent / "texts"
NAMES = ("tonir", "sarahetq", "kodanur")
KPI_KINDS = ("key", "leading", "other")
Words = Mapping[str, Mapping[str, Text]]
NEEDED: Mapping[str, tuple[str, ...]] = {  # of words.yaml: the names that each list holds, no more and no fewer
    "platforms": PLATFORMS,
    "formats": FORMATS,
    "languages": LANGUAGES,
    "styles": STYLES,
    "windows": WINDOWS,
    "activities": ACTIVITIES,
    "factors": FACTORS,
    "tests": (*FACTORS[:5], "none"),
    "days": tuple("0123456"),
    "short_days": tuple("0123456"),
    "cards": tuple(PRICES),
    "card_texts": tuple(PRICES),
    "heatmap_rows": ("0", "1"),
    "steps": tuple("1234567"),
    "scores": tuple(SCORES),
    "advice": tuple(SCORES),
}


@dataclass(frozen=True)
class Message:
    """An incoming message with its possible replies; `key` says what each is worth."""

    text: Text
    replies: tuple[Text, ...]
    key: Key


@dataclass(frozen=True)
class Brief:
    """One brand and its goal. segments, topics, captions: by index of the model; kpis: (id, kind, name)."""

    id: str
    version: int
    brand: Text
    handle: str
    business: Text
    goal: Text
    brief: Text
    styles: tuple[str, ...]
    segments: tuple[Text, ...]
    topics: tuple[Text, ...]
    openings: Mapping[str, Text]
    captions: tuple[Text, ...]
    quotation: Text
    kpis: tuple[tuple[str, str, Text], ...]
    visits: Text
    tags: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def rules(self) -> Rules:
        """What the score needs to know of it."""
        kpis = {name: kind for name, kind, _ in self.kpis}
        sizes = (len(self.tags[0]), len(self.tags[1]))
        return Rules(kpis, tuple(message.key for message in messages()), sizes, self.styles)


@cache
def brief_of(name: str) -> Brief:
    """KeyError for no brief of ours; ValueError naming the file and what is wrong in it."""
    if name not in NAMES:
        raise KeyError(name)
    where = f"{name}.yaml"
    raw = _file(where)
    kpis = tuple((str(one["id"]), str(one["kind"]), _text(one["text"], where)) for one in raw["kpis"])
    if any(kind not in KPI_KINDS for _, kind, _ in kpis):
        raise ValueError(f"{where}: a KPI's kind is one of {', '.join(KPI_KINDS)}")
    return Brief(
        id=name,
        version=int(raw["version"]),
        handle=str(raw["handle"]),
        styles=tuple(raw["styles"]),
        segments=_texts(raw["segments"], where, SEGMENTS),
        topics=_texts(raw["topics"], where, TOPICS),
        captions=_texts(raw["captions"], where, TOPICS),
        openings={style: _text(raw["openings"][style], where) for style in STYLES},
        kpis=kpis,
        tags=(tuple(raw["tags"]["relevant"]), tuple(raw["tags"]["other"])),
        **{each: _text(raw[each], where) for each in ("brand", "business", "goal", "brief", "quotation", "visits")},
    )


@cache
def words() -> Words:
    """Names of everything on the screens: list -> name -> text. ValueError names the list that is not whole."""
    raw = _file("words.yaml")
    found: dict[str, dict[str, Text]] = {}
    for group, names in NEEDED.items():
        if set(raw[group]) != set(names):
            raise ValueError(f"words.yaml: {group} needs exactly {', '.join(names)}")
        found[group] = {name: _text(raw[group][name], f"words.yaml, {group}.{name}") for name in names}
    return found


@cache
def courses() -> Mapping[int, str]:
    """Step -> slug of the course that teaches it."""
    return {int(step): str(slug) for step, slug in _file("words.yaml")["modules"].items()}


def advice() -> Mapping[str, Text]:
    """What to do better, by score."""
    return words()["advice"]


@cache
def segment_note() -> Text:
    return _text(_file("words.yaml")["segment_note"], "words.yaml, segment_note")


@cache
def messages() -> tuple[Message, ...]:
    raw = _file("words.yaml")["messages"]
    if len(raw) < MESSAGES:
        raise ValueError(f"words.yaml: at least {MESSAGES} messages")
    return tuple(_message(one, f"words.yaml, message {at}") for at, one in enumerate(raw, 1))


def _message(raw: Mapping[str, Any], where: str) -> Message:
    replies = tuple(_text(one["text"], where) for one in raw["replies"])
    credits = tuple(float(one["credit"]) for one in raw["replies"])
    return Message(_text(raw["text"], where), replies, Key(float(raw["severity"]), credits))


@cache
def _file(name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = parse_yaml((TEXTS / name).read_text("utf-8"), name, 1)
    return found


def _text(raw: Any, where: str) -> Text:
    if not isinstance(raw, Mapping) or set(raw) != {"hy", "en"} or not all(str(one).strip() for one in raw.values()):
        raise ValueError(f"{where}: a text has `hy` and `en` and nothing else, not {raw!r}")
    return Text(hy=str(raw["hy"]), en=str(raw["en"]))


def _texts(raw: Any, where: str, count: int) -> tuple[Text, ...]:
    if len(raw) != count:
        raise ValueError(f"{where}: {count} entries are needed, not {len(raw)}")
    return tuple(_text(one, where) for one in raw)
