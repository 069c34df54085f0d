"""One reading of Markdown: every token and every word with its line, in bounded time whatever the text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.content import Library
from lms.content.document import Document, parse, shows
from lms.content.render import html
from lms.content.source_lines import ANY_MARK

TEXT = """\
## The idea {#idea}

Words with a [link](module:C1.3#idea), a note[^n] and
`code`; {{fact:x.bio_max}}-ish.
See [this *one*](https://example.org).

> [!TIP]
> In the tip: ![a *dog*](figures/a.svg "A title")

- one
- two [three](#idea)
    - deep

Table: Costs
| a | b |
| --- | --- |
| 1 | {{fact:y.z}} |

```csv
day,reach
Mon,[a link](#x)
```

/// model
A model.

{{item:some-item}}
///

### Deep *here* {#deep}

=== "Tab [one](#deep)"
    Inside {{fact:tab}}.

[^n]: The [note](#note).

Term
:   Meaning of [it](#it)
"""


def tokens(document: Document, *kinds: str) -> list[tuple[int, str]]:
    return [(token.line, token.value) for token in document.of(*kinds)]


def test_every_token_knows_its_line() -> None:
    document = parse(TEXT, "en")
    lines = TEXT.split("\n")
    for kind in ("link", "picture", "fact", "item"):
        for line, value in tokens(document, kind):
            assert value in lines[line - 1], (kind, line, value)
    assert [value for _, value in tokens(document, "fact")] == ["x.bio_max", "y.z", "tab"]
    assert {value for _, value in tokens(document, "link")} == {
        *("module:C1.3#idea", "https://example.org", "#idea", "#deep", "#note", "#it", "#x"),
    }
    assert tokens(document, "heading") == [(1, "idea"), (30, "deep")]
    assert tokens(document, "callout", "model", "item") == [(7, "TIP"), (24, ""), (27, "some-item")]
    assert tokens(document, "reference") == [(3, "n")] and tokens(document, "note") == [(35, "n")]
    assert [line for line, _ in tokens(document, "rows")] == [14, 20]
    assert [(token.line, token.level) for token in document.of("entry")] == [(10, 1), (11, 1), (12, 2)]
    assert {token.section for token in document.of("item", "fact")} == {"idea"}


def test_prose_is_what_a_reader_reads_line_for_line() -> None:
    prose = parse(TEXT, "en").prose.split("\n")
    assert prose[0].strip() == "The idea" and prose[3].strip() == "; \ufffc-ish."
    assert prose[7].strip() == "In the tip: a *dog*"
    assert prose[16].strip() == "1 | \ufffc"
    assert "Model answer" not in "\n".join(prose) and "Tip" not in "\n".join(prose)
    assert prose[34].strip() == "The note." and prose[37].strip() == "Meaning of it"


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.sampled_from([*"ab \n*_[](){}#>|`-", "\n\n", "- ", "> ", "{{fact:x}}", "[a](b)", "    "]), max_size=40)
)
def test_marks_of_lines_never_show(pieces: list[str]) -> None:
    text = "".join(pieces)
    document = parse(text, "en")
    assert not ANY_MARK.search(html(text, "en") + document.prose + str(document.tokens))
    assert all(1 <= token.line <= text.count("\n") + 1 for token in document.tokens)


def test_an_authors_own_private_characters_are_no_marks() -> None:
    document = parse("*a*\n\n\U000f0099 [b](#c)", "en")
    assert tokens(document, "link") == [(3, "#c")]


HARD = {
    "brackets": "[" * 15_000,
    "pictures": "![" * 9_000,
    "footnotes": "[^a" * 6_000,
    "links": "[a](" * 4_500,
    "quotes": "> " * 9_000 + "x",
    "lists": "- " * 9_000 + "x",
    "numbers": "1. " * 6_000 + "x",
    "definitions": ": " * 9_000 + "x",
    "deep lists": "\n".join("    " * depth + "- x" for depth in range(300)),
    "lists in a quote": "\n".join("> " + "    " * depth + "- x" for depth in range(300)),
    "tabs": "\n".join("\t" * depth + "- x" for depth in range(300)),
    "deep quotes": "\n".join("> " * depth + "x" for depth in range(300)),
    "stars": "*a " * 6_000,
    "emphasis": "**_a " * 4_000,
    "ticks": "`a``" * 5_000,
    "entities": "&a;" * 6_000,
    "placeholders": "{{fact:" * 2_500,
    "models": "/// model\n\n" * 5_000,
    "cells": "```csv\n" + ("a," * 9_000 + "\n") * 3 + "```",
    "lines": "- x\n" * 19_000,
    "rows": "| x |\n| --- |\n" + ("|" + "[a](" * 90 + "\n") * 30,
    "no rows": ("|" + "[" * 390 + "\n") * 8 + "*" * 3_000,
    "paragraphs": ("[a](" * 90 + "\n\n") * 1_300,
}


@pytest.mark.parametrize("name", HARD)
def test_no_text_hangs(name: str) -> None:
    began = time.process_time()
    document = parse(HARD[name], "en")
    html(HARD[name], "en")
    assert time.process_time() - began < 2
    assert document.excess and 1 <= document.excess.line <= HARD[name].count("\n") + 1
    assert document.excess.text.hy != document.excess.text.en


def test_the_line_of_what_is_too_much() -> None:
    document = parse("# A\n\nWord *one*.\n\nMore\n" + "[" * 500 + "\n", "en")
    assert document.excess and document.excess.line == 5
    assert html("a <b> *c*\n\n" + "[" * 500, "en").startswith("<p>a &lt;b&gt; *c*</p>\n<p>[[[")


@pytest.mark.parametrize(
    "text",
    [
        ("*a* [b](#c) " * 12 + "\n\n") * 20,
        "| a | b |\n| --- | --- |\n" + "| *x* | y |\n" * 900,
        "- *x* [a](#b)\n" * 400,
    ],
)
def test_much_of_what_is_usual_is_read(text: str) -> None:
    began = time.process_time()
    assert parse(text, "en").excess is None
    assert time.process_time() - began < 3


def test_shipped_texts_are_far_from_the_limits(shipped: Library) -> None:
    texts = [text for module in shipped.modules.values() for text in module.languages.values()]
    assert all(parse(text.body, text.language).excess is None for text in texts)


def test_an_item_that_is_only_named_is_not_shown(shipped: Library) -> None:
    module = next(module for module in shipped.modules.values() if parse(module.languages["en"].body, "en").of("item"))
    item = parse(module.languages["en"].body, "en").of("item")[0].value
    assert shows(module, item) and not shows(module, item[:-1])


def test_a_mark_in_code_is_no_item() -> None:
    assert parse("`{{item:a}}`\n\n```\n{{item:b}}\n```\n", "en").of("item") == []
