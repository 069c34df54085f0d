"""Our own files, taken apart once for all the tests that ask about them."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import TypeGuard

IMPORTS, FUNCTIONS = (ast.Import, ast.ImportFrom), (ast.FunctionDef, ast.AsyncFunctionDef)


# What happened to a thing is not what it is: `answers`, not "given"; `matrices`, not "made".
NO_NOUNS = {"found", "told", "seen", "known", "own", "one", "given", "made", "said", "held", "taken"}


def is_no_noun(node: ast.AST) -> TypeGuard[ast.Name | ast.arg]:
    """A variable or an argument whose name says nothing of what it holds."""
    if isinstance(node, ast.Name):
        return isinstance(node.ctx, ast.Store) and node.id in NO_NOUNS
    return isinstance(node, ast.arg) and node.arg in NO_NOUNS


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """What the tests ask of a file of ours, which is taken apart once for them all."""
    kinds = (*IMPORTS, *FUNCTIONS, ast.Constant, ast.Call, ast.ClassDef)
    tree = ast.walk(ast.parse(path.read_text("utf-8")))
    return tuple(node for node in tree if isinstance(node, kinds) or is_no_noun(node))


def constants(path: Path) -> set[object]:
    return {node.value for node in nodes(path) if isinstance(node, ast.Constant)}
