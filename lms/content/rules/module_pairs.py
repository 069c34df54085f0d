"""What both languages of a module must agree on."""

from __future__ import annotations

from collections.abc import Iterator

from lms.content.document import parse
from lms.content.document_reader import Token
from lms.content.errors import Finding
from lms.content.model import ModuleText
from lms.content.text import Text

BEHIND = Text(
    en="this language is behind: version {hy} in hy, {en} in en",
    hy="այս լեզուն հետ է մնացել. hy-ում {hy} տարբերակն է, en-ում՝ {en}",
)
OBJECTIVES = Text(
    en="the number of objectives differs between hy and en", hy="նպատակների թիվը hy և en տարբերակներում տարբեր է"
)
UNPAIRED = Text(
    en="{what} differ between hy and en: {sign} stands here, {other} there; both have the same ones in the same order",
    hy="{what} hy և en տարբերակներում տարբեր են. այստեղ {sign} է, այնտեղ՝ {other}. երկուսում նույնն են և նույն կարգով",
)
ANCHORS = Text(en="the anchors", hy="խարիսխները")
PLACES = Text(en="facts or embedded items", hy="փաստերը կամ ներդրված հարցերը")
NOTHING = Text(en="nothing", hy="ոչինչ")


def pair_findings(hy: ModuleText, en: ModuleText) -> Iterator[Finding]:
    """Findings about what both languages of a module must agree on."""
    behind = min(hy, en, key=lambda text: text.version)
    if hy.version != en.version:
        message = BEHIND.filled(hy=str(hy.version), en=str(en.version))
        yield Finding.bilingual(behind.path, 1, "behind", message, "warning")
    if len(hy.objectives) != len(en.objectives):
        yield Finding.bilingual(en.path, 1, "parts", OBJECTIVES)
    signs = [parse(text.body, text.language) for text in (hy, en)]
    headings = [[token for token in document.of("heading") if token.value] for document in signs]
    yield from _unpaired(en, "parts", ANCHORS, *headings)
    places = [sorted(document.of("fact", "item"), key=_name) for document in signs]
    yield from _unpaired(en, "placeholder", PLACES, *places)


def _unpaired(en: ModuleText, code: str, what: Text, hy: list[Token], here: list[Token]) -> Iterator[Finding]:
    """The first place where the tokens of both languages part, as a finding about the English text."""
    if [_name(token) for token in hy] == [_name(token) for token in here]:
        return
    at = next((at for at, pair in enumerate(zip(hy, here, strict=False)) if len({*map(_name, pair)}) > 1), None)
    at = min(len(hy), len(here)) if at is None else at
    near = here[min(at, len(here) - 1)].line if here else 1
    sign, other = (_name(tokens[at]) if at < len(tokens) else "" for tokens in (here, hy))
    message = Text(
        en=UNPAIRED.filled(what=what.en, sign=sign or NOTHING.en, other=other or NOTHING.en).en,
        hy=UNPAIRED.filled(what=what.hy, sign=sign or NOTHING.hy, other=other or NOTHING.hy).hy,
    )
    yield Finding.bilingual(en.path, en.body_line + near - 1, code, message)


def _name(token: Token) -> str:
    """How a token is written."""
    return f"#{token.value}" if token.kind == "heading" else f"{{{{{token.kind}:{token.value}}}}}"
