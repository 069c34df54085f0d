"""Briefs and words of the Campaign Lab, read once from `texts/` and checked: whoever breaks a file is told where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from lms.content.text import Text
from lms.lab.model.constants import FORMATS, LANGUAGES, PLATFORMS, SEGMENTS, TOPICS
from lms.lab.model.play import ACTIVITIES, FACTORS, STYLES, WINDOWS
from lms.lab.model.research import PRICES
from lms.lab.model.scoring import BriefRules
from lms.lab.model.talk import MESSAGES, Key
from lms.lab.wording import file, group, text, texts

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
    "factor_advice": FACTORS,
    "tests": (*FACTORS[:5], "none"),
    "days": tuple("0123456"),
    "short_days": tuple("0123456"),
    "cards": tuple(PRICES),
    "card_texts": tuple(PRICES),
    "heatmap_rows": ("0", "1"),
    "steps": tuple("1234567"),
}


@dataclass(frozen=True)
class BriefMessage:
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
    def rules(self) -> BriefRules:
        """What the score needs to know of it."""
        kpis = {name: kind for name, kind, _ in self.kpis}
        sizes = (len(self.tags[0]), len(self.tags[1]))
        return BriefRules(kpis, tuple(message.key for message in messages()), sizes, self.styles)


@cache
def brief_of(name: str) -> Brief:
    """KeyError for no brief of ours; ValueError naming the file and what is wrong in it."""
    if name not in NAMES:
        raise KeyError(name)
    where = f"{name}.yaml"
    raw = file(where)
    kpis = tuple((str(entry["id"]), str(entry["kind"]), text(entry["text"], where)) for entry in raw["kpis"])
    if any(kind not in KPI_KINDS for _, kind, _ in kpis):
        raise ValueError(f"{where}: a KPI's kind is one of {', '.join(KPI_KINDS)}")
    return Brief(
        id=name,
        version=int(raw["version"]),
        handle=str(raw["handle"]),
        styles=tuple(raw["styles"]),
        segments=texts(raw["segments"], where, SEGMENTS),
        topics=texts(raw["topics"], where, TOPICS),
        captions=texts(raw["captions"], where, TOPICS),
        openings={style: text(raw["openings"][style], where) for style in STYLES},
        kpis=kpis,
        tags=(tuple(raw["tags"]["relevant"]), tuple(raw["tags"]["other"])),
        **{each: text(raw[each], where) for each in ("brand", "business", "goal", "brief", "quotation", "visits")},
    )


@cache
def words() -> Words:
    """Names of everything on the screens: list -> name -> text. ValueError names the list that is not whole."""
    return {name: group("words.yaml", name, keys) for name, keys in NEEDED.items()}


@cache
def segment_note() -> Text:
    return text(file("words.yaml")["segment_note"], "words.yaml, segment_note")


@cache
def messages() -> tuple[BriefMessage, ...]:
    raw = file("words.yaml")["messages"]
    if len(raw) < MESSAGES:
        raise ValueError(f"words.yaml: at least {MESSAGES} messages")
    return tuple(_message(entry, f"words.yaml, message {at}") for at, entry in enumerate(raw, 1))


def _message(raw: Mapping[str, Any], where: str) -> BriefMessage:
    replies = tuple(text(entry["text"], where) for entry in raw["replies"])
    credits = tuple(float(entry["credit"]) for entry in raw["replies"])
    return BriefMessage(text(raw["text"], where), replies, Key(float(raw["severity"]), credits))
