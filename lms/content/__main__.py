"""`python -m lms.content [root]`: print every finding as path:line: code: message; exit 1 on errors.

`--hy` says them in Armenian, `--no-spelling` leaves the slow analyser out. `--renew-words` prints none: it asks the
analyser about all words again and keeps what it reads (`spelling.READ_WORDS`), and the words that one slip turns into
each other (`answer_words.NEAR_WORDS`).
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from lms.content.answer_words import renew_near_words
from lms.content.check import check
from lms.content.load import load
from lms.content.rules.language import passages
from lms.content.spelling import renew_words


def main(arguments: list[str]) -> int:
    """Check the content below the root given (default: here)."""
    roots = [argument for argument in arguments if not argument.startswith("-")]
    root = Path(roots[0] if roots else ".")
    library = load(root)
    if "--renew-words" in arguments:
        texts = (
            path.read_text("utf-8") for top in ("courses", "quizzes") for path in sorted((root / top).rglob("*.md"))
        )
        print(renew_near_words(texts), "pairs of near words")
        print(
            renew_words((passage.text for passage in passages(library)), library.reference.allowed_words), "words read"
        )
        return 0
    findings = check(library, date.today(), spelling="--no-spelling" not in arguments)
    for remark in findings:
        print(remark.said("hy" if "--hy" in arguments else "en"))
    errors = sum(remark.severity == "error" for remark in findings)
    warnings = len(findings) - errors
    print(f"{len(library.modules)} modules, {len(library.items)} items: {errors} errors, {warnings} warnings")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
