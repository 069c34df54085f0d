"""What can be wrong with a content file, told with the place where it stands, in English and in Armenian."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from lms.content.text import Text

Severity = Literal["error", "warning"]
WARNING = Text(en=" (warning)", hy=" (զգուշացում)")


@dataclass(frozen=True, order=True)
class Finding:
    """One remark about one line of one file; errors stop a publication, warnings do not.

    `message` is English; `armenian` is the same in Armenian, empty where the rule has no Armenian words yet.
    """

    path: str
    line: int
    code: str
    message: str
    severity: Severity = "error"
    armenian: str = field(default="", compare=False)

    @classmethod
    def bilingual(cls, path: str, line: int, code: str, text: str | Text, severity: Severity = "error") -> Finding:
        """The finding whose text exists in both languages."""
        if isinstance(text, str):
            return cls(path, line, code, text, severity)
        return cls(path, line, code, text.en, severity, text.hy)

    def words(self, language: str) -> str:
        """The message in the author's language."""
        return self.armenian if language == "hy" and self.armenian else self.message

    def said(self, language: str) -> str:
        """path:line: code: message, in the author's language."""
        mark = "" if self.severity == "error" else WARNING.get(language)
        return f"{self.path}:{self.line}: {self.code}{mark}: {self.words(language)}"

    def __str__(self) -> str:
        return self.said("en")


class ContentError(ValueError):
    """A file or an item cannot be read. `line` counts from 1; `code` is a short stable name of the rule; `findings`
    are all that is wrong with it, the cause before what follows from it: path, line and message are the first one's."""

    def __init__(self, path: str, line: int, message: str | Text, code: str = "syntax") -> None:
        self._keep((Finding.bilingual(path, line, code, message),))

    @classmethod
    def of(cls, findings: Sequence[Finding]) -> ContentError:
        """The error of several findings, at least one."""
        error = cls(findings[0].path, findings[0].line, findings[0].message)
        error._keep(tuple(findings))
        return error

    def _keep(self, findings: tuple[Finding, ...]) -> None:
        first, self.findings = findings[0], findings
        self.path, self.line, self.message, self.code = first.path, first.line, first.message, first.code
        self.args = (f"{self.path}:{self.line}: {self.message}",)


def no_such(text: Text, name: str, names: Iterable[str]) -> Text:
    """The remark about an id that does not exist, with the nearest one that does."""
    near = difflib.get_close_matches(name, list(names), 1)
    message = text.filled(name=name)
    return Text(en=f"{message.en}; did you mean {near[0]}?", hy=f"{message.hy}. գուցե՝ {near[0]}") if near else message
