"""A page as a person meets it: its words, its tables row by row, its forms with what they would send."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from bs4 import BeautifulSoup, Tag
from werkzeug.test import TestResponse


@dataclass(frozen=True)
class Form:
    """A form of a page. fields: what a browser would send untouched, by name; names: of every control that sends, in
    the page's order."""

    action: str
    method: str
    tag: Tag

    @cached_property
    def names(self) -> list[str]:
        return list(dict.fromkeys(str(control["name"]) for control in self.tag.select("[name]")))

    @cached_property
    def fields(self) -> dict[str, str | list[str]]:
        """Buttons aside; a list where several values stand under one name."""
        sent: dict[str, list[str]] = {}
        for control in self.tag.select("input[name], select[name], textarea[name]"):
            for value in _values(control):
                sent.setdefault(str(control["name"]), []).append(value)
        return {name: values if len(values) > 1 else values[0] for name, values in sent.items()}

    def options(self, name: str) -> list[str]:
        """The values that a radio group, check boxes or a menu offer under this name."""
        boxes = [str(box.get("value", "on")) for box in self.tag.select(f'input[name="{name}"]')]
        return boxes or [_option(option) for option in self.tag.select(f'select[name="{name}"] option')]


@dataclass(frozen=True)
class Page:
    """`page(reply)`: find by CSS with `one`, `all`, `text`, `has`; then `rows` and `form`."""

    soup: BeautifulSoup = field(repr=False)

    def all(self, selector: str) -> list[Tag]:
        return list(self.soup.select(selector))

    def one(self, selector: str) -> Tag:
        """The first that fits. AssertionError where none does."""
        found = self.soup.select_one(selector)
        assert found is not None, f"nothing on the page fits {selector}"
        return found

    def has(self, selector: str) -> bool:
        return self.soup.select_one(selector) is not None

    def text(self, selector: str = "body") -> str:
        """The words inside, in one line."""
        return words(self.one(selector))

    def links(self, selector: str = "a[href]") -> list[str]:
        return [str(link["href"]) for link in self.soup.select(selector)]

    def rows(self, selector: str = "table") -> list[list[str]]:
        """The words of every cell of a table's body, row by row."""
        lines = self.one(selector).select("tbody tr")
        return [[words(cell) for cell in line.find_all(["th", "td"], recursive=False)] for line in lines]

    def form(self, selector: str = "main form") -> Form:
        tag = self.one(selector)
        return Form(str(tag.get("action") or ""), str(tag.get("method") or "get").lower(), tag)


def page(reply: TestResponse | str) -> Page:
    """The page of a reply, or of its text; where a word may break it is not broken."""
    text = reply if isinstance(reply, str) else reply.text
    return Page(BeautifulSoup(text.replace("<wbr>", ""), "html.parser"))


def words(tag: Tag) -> str:
    """Its text in one line."""
    return " ".join(tag.get_text(" ").split())


def _values(control: Tag) -> list[str]:
    if control.name == "select":
        chosen = control.select("option[selected]") or control.select("option")[:1]
        return [_option(option) for option in chosen]
    if control.name == "textarea":
        return [control.get_text()]
    if control.get("type") in ("submit", "button", "image", "reset"):
        return []
    if control.get("type") in ("radio", "checkbox"):
        return [str(control.get("value", "on"))] if control.has_attr("checked") else []
    return [str(control.get("value", ""))]


def _option(option: Tag) -> str:
    return str(option.get("value", words(option)))
