"""A calculator for the formulas of numeric questions: an allowlist over the syntax tree, nothing is ever executed.

Grammar: numbers, names, + - * /, unary minus, parentheses, round(x) and round(x, whole number).
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping

from lms.content.rounding import rounded
from lms.content.text import Text

MAX_CHARACTERS = 300
MAX_NODES = 120
MAX_NUMBER = 1e12
OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


class ExpressionError(ValueError):
    """The expression is outside the grammar, too large, names something unknown, or has no finite value. `text` says
    so in both languages."""

    def __init__(self, en: str, hy: str) -> None:
        super().__init__(en)
        self.text = Text(en=en, hy=hy)


def parse(text: str) -> ast.expr:
    """The checked syntax tree of `text`; ExpressionError for anything outside the grammar."""
    if len(text) > MAX_CHARACTERS:
        raise ExpressionError("the expression is too long", "արտահայտությունը չափազանց երկար է")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ExpressionError(f"not an expression: {text!r}", f"արտահայտություն չէ՝ {text!r}") from None
    if sum(1 for _ in ast.walk(tree)) > MAX_NODES:
        raise ExpressionError("the expression is too large", "արտահայտությունը չափազանց մեծ է")
    _check(tree)
    return tree


def names(tree: ast.expr) -> set[str]:
    """The input names that a checked tree uses."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - {"round"}


def evaluate(tree: ast.expr, values: Mapping[str, float]) -> float:
    """The value of a checked tree for the given inputs; ExpressionError when it is not finite."""
    try:
        value = _value(tree, values)
    except (ZeroDivisionError, OverflowError):
        raise ExpressionError(
            "division by zero or a number too large", "բաժանում զրոյի վրա կամ չափազանց մեծ թիվ"
        ) from None
    if not math.isfinite(value):
        raise ExpressionError("the value is not finite", "արժեքը վերջավոր չէ")
    return value


def _check(node: ast.expr) -> None:
    match node:
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            _check(left)
            _check(right)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            _check(operand)
        case ast.Call(func=ast.Name(id="round"), args=[inner], keywords=[]):
            _check(inner)
        case ast.Call(func=ast.Name(id="round"), args=[inner, places], keywords=[]) if _places(places) is not None:
            _check(inner)
        case ast.Name(id=name) if name != "round" and len(name) <= 40:
            pass
        case ast.Constant(value=value) if _is_number(value):
            pass
        case _:
            raise ExpressionError(
                f"{ast.unparse(node)!r} is not allowed: only numbers, names, + - * /, brackets and round()",
                f"{ast.unparse(node)!r} չի թույլատրվում. միայն թվեր, անուններ, + - * /, փակագծեր և round()",
            )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= MAX_NUMBER


def _places(node: ast.expr) -> int | None:
    """The second argument of round: a literal whole number from -6 to 6."""
    sign = 1
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node, sign = node.operand, -1
    if isinstance(node, ast.Constant) and type(node.value) is int and node.value <= 6:
        return sign * node.value
    return None


def _value(node: ast.expr, values: Mapping[str, float]) -> float:
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            return OPERATORS[type(op)](_value(left, values), _value(right, values))
        case ast.UnaryOp(operand=operand):
            return -_value(operand, values)
        case ast.Call(args=[inner, *places]):
            return rounded(_value(inner, values), _places(places[0]) or 0 if places else 0)
        case ast.Name(id=name) if name in values:
            return float(values[name])
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case _:
            raise ExpressionError(f"unknown name: {(name := getattr(node, 'id', '?'))}", f"անծանոթ անուն՝ {name}")
