"""Templates compiled once for each language, with their texts already said: a page has hundreds."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment
from flask_babel import force_locale, get_locale
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer

from lms.web.i18n import texts

GETTEXT = ("_", "gettext")


class TranslatedTemplates(Environment):
    """`spoken`: the language that this environment's templates are compiled for; "" for the one that hands on."""

    spoken = ""

    def _load_template(self, name: Any, globals: MutableMapping[str, Any] | None) -> Template:
        locale = None if self.spoken else get_locale()
        if not locale:
            return super()._load_template(name, globals)
        return self._in(locale.language)._load_template(name, globals)

    def _in(self, code: str) -> TranslatedTemplates:
        languages: dict[str, TranslatedTemplates] = self.__dict__.setdefault("languages", {})
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
            template: nodes.Template = TextInliner(texts().ugettext).visit(tree)
        return template


class TextInliner(NodeTransformer):
    """Puts the text in place of `_("…")`, formatted and escaped as the call would have done it."""

    def __init__(self, gettext: Any) -> None:
        self.gettext = gettext

    def visit_Call(self, call: nodes.Call) -> nodes.Node:
        self.generic_visit(call)
        written = _written(call)
        if written is None:
            return call
        text = nodes.MarkSafeIfAutoescape(nodes.Const(self.gettext(written)), lineno=call.lineno)
        values = [nodes.Pair(nodes.Const(each.key), each.value) for each in call.kwargs]
        return nodes.Mod(text, nodes.Dict(values), lineno=call.lineno)


def _written(call: nodes.Call) -> str | None:
    """The text as it stands in the template; None where it is another call, or something is unpacked into it."""
    if not isinstance(call.node, nodes.Name) or call.node.name not in GETTEXT or call.dyn_args or call.dyn_kwargs:
        return None
    only = call.args[0] if len(call.args) == 1 else None
    return only.value if isinstance(only, nodes.Const) and isinstance(only.value, str) else None
