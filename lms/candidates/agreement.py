"""What a candidate agrees to: a file in each language, whose version stands beside the candidate's word.

A new wording is a new file; the old ones stay, since somebody has agreed to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

VERSION = "1"
FOLDER = Path(__file__).parent / "consent"


@dataclass(frozen=True)
class AgreementSection:
    """A heading and its paragraphs; {organisation} and {delete_on} stand for the campaign's own."""

    heading: str
    paragraphs: tuple[str, ...]


@lru_cache
def text(version: str, language: str) -> tuple[AgreementSection, ...]:
    """The sections of a version. FileNotFoundError for one that never was."""
    source = (FOLDER / f"{version}.{language}.txt").read_text("utf-8")
    blocks = [block.strip().split("\n\n") for block in source.split("# ") if block.strip()]
    return tuple(AgreementSection(lines[0], tuple(" ".join(line.split()) for line in lines[1:])) for lines in blocks)


def said(language: str, **values: str) -> list[AgreementSection]:
    """The present text with the campaign's own words in it."""
    return [
        AgreementSection(section.heading, tuple(paragraph.format(**values) for paragraph in section.paragraphs))
        for section in text(VERSION, language)
    ]
