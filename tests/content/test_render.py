"""Modules become accessible HTML that works under a strict content security policy."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.content import Library, Links, Reference, Rendered, parse_module, render, render_module
from lms.content.fragments import Fragments
from tests.content.samples import module_source

TODAY = dt.date(2026, 1, 15)


def html(text: str, language: str = "en") -> str:
    return render.html(text, language)


def rendered(reference: Reference, body: str, language: str = "en", today: dt.date = TODAY) -> Rendered:
    sources = {name: (module_source(name, body=body), f"{name}.md") for name in ("hy", "en")}
    return render_module(parse_module(sources, "C1", "01-m1").languages[language], reference, today)


@pytest.mark.parametrize(
    ("kind", "hy", "en"),
    [("NOTE", "Նշում", "Note"), ("tip", "Խորհուրդ", "Tip"), ("CASE", "Իրավիճակ", "Case")],
)
def test_callouts(kind: str, hy: str, en: str) -> None:
    for language, title in (("hy", hy), ("en", en)):
        got = html(f"> [!{kind}]\n> Text *here*.\n> - one\n> - two", language)
        assert got.startswith(f'<aside class="md-callout md-{kind.lower()}">')
        assert f'<p class="md-callout-title">{title}</p>' in got
        assert "<p>Text <em>here</em>.</p>" in got and got.count("<li>") == 2
    assert ">Own title</p>" in html("> [!NOTE] Own title\n> Text.")
    two = html("> [!NOTE] One\n> Text.\n\n> [!TIP] Two\n> Text.")
    assert two.count("<aside") == 2 and "blockquote" not in two
    assert html("> [!OTHER]\n> Text.").startswith("<blockquote>")


def test_tables_scroll_in_a_named_region() -> None:
    got = html("Table: Channels & *costs*\n| a | b |\n| --- | --: |\n| 1 | 2 |")
    assert re.search(r'<div [^>]*aria-label="Channels &amp; costs"', got)
    assert re.search(r'<div [^>]*class="md-table"', got)
    assert all(
        part in got for part in ('role="region"', 'tabindex="0"', "<caption>Channels &amp; <em>costs</em></caption>")
    )
    assert 'scope="col"' in got and '<td class="md-right">2</td>' in got and "style" not in got
    assert 'aria-label="Ծախսեր"' in html("Աղյուսակ՝ Ծախսեր\n\n| ա |\n| --- |\n| 1 |", "hy")
    assert 'aria-label="Աղյուսակ"' in html("| ա |\n| --- |\n| 1 |", "hy")
    assert html("Table: only words\n\nNo table.").startswith("<p>Table: only words</p>")


def test_csv_becomes_a_table() -> None:
    got = html('Before\n```csv\nday,reach\nMon,"1,200"\nTue,a|b\n```\nAfter')
    assert got.count("<tr>") == 3 and "<td>1,200</td>" in got and "<td>a|b</td>" in got and "<p>After</p>" in got


def test_figures() -> None:
    got = html('![A ladder](figures/ladder.en.svg "Six steps")')
    assert got.startswith('<figure class="md-figure"><img') and "<figcaption>Six steps</figcaption>" in got
    assert all(part in got for part in ('alt="A ladder"', 'loading="lazy"', 'src="figure:ladder.en.svg"'))
    links = Links(figure="/courses/c/figures/{}".format)
    assert 'src="/courses/c/figures/a.svg"' in render.html("![A](figures/a.svg)", "en", {}, links)


@pytest.mark.parametrize(
    "source", ["https://evil.example/x.png", "//evil.example/x", "../secret.svg", "figures/../x.svg"]
)
def test_foreign_pictures_are_not_fetched(source: str) -> None:
    assert 'src=""' in html(f"![alt]({source})") or "src=" not in html(f"![alt]({source})")


def test_tabs_work_without_scripts() -> None:
    got = html('=== "One"\n    First.\n\n    - a\n    - b\n\n=== "Two"\n    Second.\n')
    assert got.count("<details") == 2 and got.count('open="open"') == 1
    assert "<summary>One</summary>" in got and "<p>First.</p>" in got and "<input" not in got


def test_model_answer_opens_on_demand() -> None:
    got = html("Task.\n\n/// model\nFirst.\n\n- a\n- b\n\nLast.\n///\n\nAfter.")
    inside = got[got.index('<details class="md-model">') : got.index("</details>")]
    assert "<summary>Model answer</summary>" in inside and "<p>Last.</p>" in inside and "<li>a</li>" in inside
    assert got.endswith("<p>After.</p>")


def test_footnotes_definitions_tasks_code() -> None:
    got = html(
        "Word[^1].\n\n[^1]: The note.\n\nTerm\n:   Meaning\n\n- [ ] open\n- [x] done\n\n```\n<b>{{fact:x}}</b>\n```"
    )
    assert 'id="fn-1"' in got and 'href="#fn-1"' in got and 'href="#fnref-1"' in got and "The note." in got
    assert "<dt>Term</dt>" in got and "<dd>Meaning</dd>" in got
    assert "☐ open" in got and "☑ done" in got
    assert "&lt;b&gt;{{fact:x}}&lt;/b&gt;" in got


def test_lists_and_tables_may_follow_a_paragraph_at_once() -> None:
    assert html("Three:\n- a\n- b").count("<li>") == 2
    assert "<table>" in html("Numbers\n| a |\n| --- |\n| 1 |")
    assert html("- a\n  more\n- b").count("<ul>") == 1
    assert "<li>" not in html("In the year\n2026. A sentence")


def test_links_between_modules() -> None:
    links = Links(module=lambda name, anchor: f"/m/{name}#{anchor}")
    text = "[a](module:C1.3#idea) [b](module:C1.4) [c](https://example.org) [d](#idea)"
    got = render.html(text, "en", {}, links)
    assert 'href="/m/C1.3#idea"' in got and 'href="/m/C1.4#"' in got and 'href="#idea"' in got
    assert 'href="module:C1.3#idea"' in html("[a](module:C1.3#idea)")


def test_facts_carry_their_date_and_warn_when_due(reference: Reference) -> None:
    body = "Up to {{fact:instagram.caption_max}}; {{fact:facebook.post_max}}; {{fact:instagram.reel_length_max}}."
    en, hy = rendered(reference, body).html, unescape(rendered(reference, body, "hy").html)
    assert '<span class="md-fact">2,200 characters <span class="md-fact-date">(1 January 2026)</span></span>' in en
    assert "2200 նշան" in hy and "(2026 թ. հունվարի 1)" in hy and "63\u00a0206 նշան" in hy
    assert "sources differ" in en and "md-fact-due" not in en
    late = rendered(reference, body, today=dt.date(2027, 1, 1)).html
    assert late.count("md-fact-due") == 3 and "due for review" in late


def test_contents_passages_and_embedded_items(reference: Reference) -> None:
    got = rendered(reference, "### Deep *idea* {#deep}\n\nWord **one**.\n\n{{item:some-item}}\n\nTail.")
    assert got.headings[1:3] == ((2, "idea", "Word"), (3, "deep", "Deep idea"))
    assert got.embedded == ("some-item",)
    assert re.search(r'<div [^>]*data-item="some-item"[^>]*></div>', got.html) and 'id="deep"' in got.html
    passage = next(passage for passage in got.passages if passage.anchor == "deep")
    assert (passage.title, passage.text) == ("Deep idea", "Word one. Tail. Word.")
    assert got.plain.startswith("Word Word. Word Deep idea Word one. Tail.")


def test_shipped_modules_need_no_style_and_no_script(shipped: Library) -> None:
    for text in (text for module in shipped.modules.values() for text in module.languages.values()):
        got = render_module(text, shipped.reference, TODAY)
        assert not re.search(r"\sstyle=|<script|\son\w+=|<input|<iframe", got.html)
        assert not re.search(r"\[!\w|\{\{|\{#|^///|\[\^", got.plain, re.MULTILINE), text.path
        assert all(
            re.fullmatch("md-[a-z0-9-]+", name)
            for names in re.findall(r'class="([^"]*)"', got.html)
            for name in names.split()
        )
        assert len(got.passages) == len([h for h in got.headings if h[0] in (2, 3)])
        assert len(set(re.findall(r'id="([^"]*)"', got.html))) == len(re.findall(r'id="([^"]*)"', got.html))


TEXTS = st.text(alphabet=st.characters(categories=["L", "N", "P", "Zs", "Cc"], max_codepoint=0x590), max_size=60)


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_the_short_way_is_the_long_way(text: str) -> None:
    """Plain text skips the Markdown converter and comes out the same."""
    fragments = Fragments("hy", {}, Links())
    assert unescape(fragments.block(text)) == unescape(html(text, "hy"))


@pytest.mark.parametrize(
    ("language", "after", "shown"),
    [
        ("en", " characters, no more", "2,200 characters (1 January 2026), no more"),
        ("en", " Character", "2,200 Character (1 January 2026)"),
        ("en", " charactersets", "2,200 characters (1 January 2026) charactersets"),
        ("hy", " նշանից", "2200 նշանից (2026 թ. հունվարի 1)"),
        ("hy", " նշանակում է", "2200 նշան (2026 թ. հունվարի 1) նշանակում է"),
        ("hy", "։", "2200 նշան (2026 թ. հունվարի 1)։"),
    ],
)
def test_a_fact_says_its_unit_once(reference: Reference, language: str, after: str, shown: str) -> None:
    got = rendered(reference, "{{fact:instagram.caption_max}}" + after, language)
    assert shown in got.plain and (" x" + shown) not in got.plain
