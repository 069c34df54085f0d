"""Nothing that an author writes takes an id from the page around it, or leads out of the house by a trick."""

from __future__ import annotations

import re

import pytest

from lms.config import ROOT
from lms.content.render import html
from lms.content.sanitise import RESERVED, clean

PAGES = ("base.html", "assess/sitting.html", "learn/module.html", "learn/parts/question.html", "author/item.html")
LOOKED_UP = re.compile(r"""(?:\$|getElementById)\("([a-z-]+)"\)|querySelector(?:All)?\("#([a-z-]+)""")


def ids_of_pages() -> set[str]:
    """Ids that stand in pages with authors' texts, and those that scripts look up."""
    found: set[str] = set()
    for name in PAGES:
        page = (ROOT / "templates" / name).read_text("utf-8")
        found |= {re.sub(r"\{\{.*?\}\}", "1", name) for name in re.findall(r'\bid="([^"]+)"', page)}
    for script in (ROOT / "lms" / "static").glob("*.js"):
        found |= {name for pair in LOOKED_UP.findall(script.read_text("utf-8")) for name in pair if name}
    return found


def test_every_id_of_a_page_is_reserved() -> None:
    ids = ids_of_pages()
    assert {"sitting", "finish", "end", "text", "meter", "contents", "q1", "item-1"} <= ids
    assert {name for name in ids if not RESERVED.fullmatch(name)} == set()
    for name in ids:
        assert "id=" not in clean(f'<h2 id="{name}">x</h2>'), name
    for kept in ("idea", "mainly", "statuses"):  # a reserved name's beginning is no reserved name
        assert clean(f'<h2 id="{kept}">x</h2>') == f'<h2 id="{kept}">x</h2>'
    assert "id=" not in clean('<h2 id="idea two">x</h2>')


def test_headings_of_items_have_no_ids() -> None:
    assert html("## Heading {#idea}\n\nText.", "en") == "<h2>Heading</h2>\n<p>Text.</p>"


@pytest.mark.parametrize(
    "address",
    [
        "/\\evil.example",
        "//evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\\/evil.example",
        "/a\\..\\b",
        "///evil.example",
        "/%09/../\\evil.example",
        " //evil.example",
        "javascript:x",
    ],
)
def test_no_link_out_of_the_house_by_a_trick(address: str) -> None:
    assert "href" not in clean(f'<a href="{address}">x</a>')
    assert "src" not in clean(f'<img src="{address}">')
    assert "evil" not in re.sub(r">.*?<", "", html(f"[x](<{address}>)", "en"))


@pytest.mark.parametrize(
    "address", ["/courses/c/m#idea", "/", "#idea", "https://example.org/a", "mailto:a@b.am", "module:C1.1"]
)
def test_honest_links_stay(address: str) -> None:
    assert f'href="{address}"' in clean(f'<a href="{address}">x</a>')
