"""How dense the code is: `python -m tests.bench.size [FOLDER]` prints files, functions and tokens a line for each room
of lms, here or in the folder of another checkout.

A line counts when it holds code; a token is a name, number, operator or text, docstrings and comments left out.
"""

from __future__ import annotations

import ast
import sys
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

CODE = {tokenize.NAME, tokenize.NUMBER, tokenize.OP, tokenize.STRING}
NOT_OURS = {"migrations"}  # written by alembic and frozen
FORMATTER_OFF = "# fmt: skip"


@dataclass(frozen=True)
class Size:
    """longest: lines of the longest file; unformatted: places where the formatter is switched off."""

    files: int
    functions: int
    lines: int
    tokens: int
    longest: int
    unformatted: int

    @property
    def density(self) -> float:
        return self.tokens / max(self.lines, 1)


def size_of(paths: Iterable[Path]) -> Size:
    texts = [path.read_text("utf-8") for path in paths]
    trees = [ast.parse(text) for text in texts]
    tokens = [list(_code_tokens(text, tree)) for text, tree in zip(texts, trees, strict=True)]
    functions = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return Size(
        files=len(texts),
        functions=len(functions),
        lines=sum(len({token.start[0] for token in file}) for file in tokens),
        tokens=sum(len(file) for file in tokens),
        longest=max((text.count("\n") for text in texts), default=0),
        unformatted=sum(text.count(FORMATTER_OFF) for text in texts),
    )


def _code_tokens(text: str, tree: ast.Module) -> Iterator[tokenize.TokenInfo]:
    prose = {line for node in ast.walk(tree) for line in _docstring_lines(node)}
    for token in tokenize.generate_tokens(iter(text.splitlines(keepends=True)).__next__):
        if token.type in CODE and token.start[0] not in prose:
            yield token


def _docstring_lines(node: ast.AST) -> range:
    if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return range(0)
    if ast.get_docstring(node, clean=False) is None:
        return range(0)
    docstring = node.body[0]
    return range(docstring.lineno, (docstring.end_lineno or docstring.lineno) + 1)


def rooms(root: Path) -> dict[str, list[Path]]:
    """Python files of every room of lms, "." for those in none."""
    found: dict[str, list[Path]] = {}
    for path in sorted((root / "lms").rglob("*.py")):
        inside = path.relative_to(root / "lms").parts
        room = inside[0] if len(inside) > 1 else "."
        if room not in NOT_OURS:
            found.setdefault(room, []).append(path)
    return found


def main(root: Path) -> None:
    by_room = rooms(root)
    by_room["all of lms"] = [path for paths in by_room.values() for path in paths]
    print(
        f"{'room':16}{'files':>7}{'functions':>11}{'lines':>8}{'tokens/line':>13}{'longest file':>14}{'fmt: skip':>11}"
    )
    for room, paths in by_room.items():
        size = size_of(paths)
        row = f"{room:16}{size.files:7}{size.functions:11}{size.lines:8}{size.density:13.1f}{size.longest:14}"
        print(f"{row}{size.unformatted:11}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path())
