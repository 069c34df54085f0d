"""The pictures say what the numbers say: an interval is as long as it is, a cell without evidence is not a zero."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from lms.competency import MatrixStatement, on_scale, state_matrix
from lms.psychometrics.evidence import Observation
from lms.psychometrics.items import ItemParameters
from lms.psychometrics.matrix import matrix
from lms.report import bands, charts
from tests.framework import RULES

SKILLS = {"platforms": ("platforms.selection",), "content": ("content.copy",), "analytics": ("analytics.goals",)}
NAMES = {skill: f"<{skill}>" for skill in SKILLS}


def _matrix(n: int = 12) -> MatrixStatement:
    seen = [Observation("content.copy", ItemParameters(1.5, (0.0,)), index % 2) for index in range(n)]
    return state_matrix(matrix(seen, SKILLS, RULES))


@pytest.mark.parametrize(("theta", "level"), [(-9, 0), (-2.5, 0), (-1.5, 1), (0, 2.5), (0.5, 3), (2.5, 5), (9, 5)])
def test_level_scale(theta: float, level: float) -> None:
    assert on_scale(theta, (-1.5, -0.5, 0.5, 1.5, 2.5)) == pytest.approx(level)


def test_drawings_are_well_formed_and_escaped() -> None:
    drawing = charts.radar(_matrix(), dict.fromkeys(NAMES, "<a>"), 'a "name"')
    ElementTree.fromstring(drawing)  # raises when a name broke the markup
    assert "style=" not in drawing


def test_a_cell_without_enough_evidence_is_hollow() -> None:
    drawing = charts.radar(_matrix(), NAMES)
    assert drawing.count("stroke-dasharray") == 2  # platforms and analytics: rings, no bands
    assert len(re.findall(r"<circle[^>]*fill=\"currentColor\"", drawing)) == 1
    assert "fill-opacity" not in drawing  # and no outline that would draw them as zero


def test_band_is_as_wide_as_the_interval() -> None:
    cell = _matrix().cells["content"]
    drawing = bands.band(cell)
    width = float(re.search(r'<rect x="[\d.]+" y="8" width="([\d.]+)"', drawing)[1])
    assert width == pytest.approx(56.8 * (cell.high - cell.low), abs=0.2)


def test_more_evidence_draws_a_narrower_band() -> None:
    def width(n: int) -> float:
        drawing = bands.band(_matrix(n).cells["content"])
        return float(re.search(r'y="8" width="([\d.]+)"', drawing)[1])

    assert width(40) < width(12)


def test_timeline_leaves_moments_without_an_answer_out() -> None:
    thin, thick = _matrix(0).cells["content"], _matrix(20).cells["content"]
    days = [datetime(2026, 1, day, tzinfo=UTC) for day in (1, 5, 9)]
    drawing = bands.timeline(list(zip(days, (thin, thick, thick), strict=True)), "content", "x")
    assert drawing.count("<circle") == 2


def test_a_document_carries_its_colours() -> None:
    assert 'color="#b34a00"' in charts.radar(_matrix(), NAMES, standalone=True)
