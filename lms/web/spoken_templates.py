"""Templates compiled once for each language, with their texts already said: a page has hundreds, and none is looked up."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment
from flask_babel import force_locale, get_locale
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer

from lms.web.i18n import texts

GETTEXT = ("_", "gettext")


class SpokenTemplates(Environment):
    """`spoken`: the language that this environment's templates are compiled for; "" for the one that hands on."""

    spoken = ""

    def _load_template(self, name: Any, globals: MutableMapping[str, Any] | None) -> Template:
        locale = None if self.spoken else get_locale()
        environment = self._in(locale.language) if locale else super()
        return environment._load_template(name, globals)

    def _in(self, code: str) -> SpokenTemplates:
        languages: dict[str, SpokenTemplates] = self.__dict__.setdefault("languages", {})
        if code not in languages:
            spoken = self.overlay()
            spoken.spoken = code
            languages[code] = spoken
        return languages[code]

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        if not self.spoken:
            return tree
        with force_locale(self.spoken):
            said: nodes.Template = Saying(texts().ugettext).visit(tree)
        return said


class Saying(NodeTransformer):
    """Puts the text in place of `_("…")`, formatted and escaped as the call would have done it."""

    def __init__(self, gettext: Any) -> None:
        self.gettext = gettext

    def visit_Call(self, call: nodes.Call) -> nodes.Node:
        self.generic_visit(call)
        if not _is_plain(call):
            return call
        text = nodes.MarkSafeIfAutoescape(nodes.Const(self.gettext(call.args[0].value)), lineno=call.lineno)
        values = [nodes.Pair(nodes.Const(each.key), each.value) for each in call.kwargs]
        return nodes.Mod(text, nodes.Dict(values), lineno=call.lineno)


def _is_plain(call: nodes.Call) -> bool:
    """A text that stands there as it is, and nothing unpacked into it."""
    one = len(call.args) == 1 and isinstance(call.args[0], nodes.Const) and isinstance(call.args[0].value, str)
    named = isinstance(call.node, nodes.Name) and call.node.name in GETTEXT
    return one and named and call.dyn_args is None and call.dyn_kwargs is None
