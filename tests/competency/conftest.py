"""A skill matrix as the first release wrote it, cut to one skill."""

from __future__ import annotations

import pytest

FIRST_SCHEMA = """
schema_version: 1
title: {en: Matrix, hy: Մատրից}
version: 0.1.0
status: proposal
levels:
  - {level: 0, name: {en: None, hy: Չկա}, meaning: {en: nothing, hy: ոչինչ}, bloom: [remember]}
  - {level: 1, name: {en: One, hy: Մեկ}, meaning: {en: some, hy: մի քիչ}, sfia: 1}
skills:
  - id: content
    name: {en: Content, hy: Բովանդակություն}
    seed: S37
    description: {en: Makes, hy: Ստեղծում է}
    sub_competencies:
      - id: content.copy
        name: {en: Copy, hy: Տեքստ}
        evidence_valid_months: 24
        best_evidence: [err]
        levels: {1: {en: a, hy: ա}, 2: {en: b, hy: բ}}
evidence_rules: {provisional_level_cuts: {1: 25, 2: 45}}
roles:
  - id: writer
    name: {en: Writer, hy: Գրող}
    note: {en: Writes, hy: Գրում է}
    required: {content: 2}
    weights: {content: 100}
    critical: {content.copy: 2}
blueprint: {note: nobody reads it}
"""


@pytest.fixture
def first_schema() -> str:
    return FIRST_SCHEMA
