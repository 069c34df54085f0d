"""Whether an author's recipe, stem and feedback fit one another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lms.content.expression import names, parse
from lms.content.formula import Recipe
from lms.content.model import ItemText
from lms.content.questions.values import Remark
from lms.content.text import Text

PLACEHOLDER = re.compile(r"(?<!\{)\{([a-z][a-z0-9_]*)\}(?!\})")
NO_INPUT = Text(en="{{name}} in {language} is no input", hy="{language} տեքստի {{name}}-ը մուտքային տվյալ չէ")
NOT_SHOWN = Text(
    en="the stem in {language} does not show {{name}}, which the formula needs",
    hy="{language} տեքստը ցույց չի տալիս {{name}}-ը, որը պետք է բանաձևին",
)
NO_WRONG = Text(en="{name} is no named wrong formula", hy="{name} անունով սխալ բանաձև չկա")
UNCOMMENTED = Text(
    en="no feedback for the wrong formula {name} in {language}: add `- {name}: why`",
    hy="{name} սխալ բանաձևը {language} տեքստում բացատրություն չունի. ավելացրեք `- {name}: ինչու`",
)
WORDS = re.compile(r"[^\W\d_]{2}")
NO_UNIT = Text(
    en="unit: {unit} would stand so in both languages; take one of {known}, or a sign such as ‰",
    hy="unit. {unit} երկու լեզվում էլ կերևա այսպես. ընտրեք սրանցից մեկը՝ {known}, կամ նշան, օրինակ՝ ‰",
)


def shown_and_needed(calculation: Recipe, language: str, text: ItemText) -> Iterator[Remark]:
    shown, commented = set(PLACEHOLDER.findall(text.stem)), {part.mark for part in text.parts}
    constants = {name for name, rule in calculation.inputs.items() if isinstance(rule, int | float)}
    for name in sorted(shown - set(calculation.inputs)):
        yield Remark("numeric", NO_INPUT.filled(name=name, language=language))
    for name in sorted(names(parse(calculation.formula)) - shown - constants):
        yield Remark("numeric", NOT_SHOWN.filled(name=name, language=language))
    for name in sorted(commented - set(calculation.wrong)):
        yield Remark("numeric", NO_WRONG.filled(name=name))
    for name in sorted(set(calculation.wrong) - commented):
        yield Remark("feedback", UNCOMMENTED.filled(name=name, language=language), severity="warning")
