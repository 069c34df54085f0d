"""What axe finds on a page, and what it need not look at again.

A page is given to axe where something is there that its kind did not have before (`SHAPE`). Contrast, and whether a
link stands out from the words beside it, are most of what axe costs, and are a matter of the text's own style and of
what lies behind it: a text painted as one before, on whatever page, has been judged (`PAINT`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Error, Page

Rules = Mapping[str, Any]
COLOURS: Rules = {"runOnly": {"type": "tag", "values": ["cat.color"]}}  # the rules that a theme can break
# Only the rule about sounds that start by themselves reads more than the page (`preload`: style sheets and media).
RUN = """async ([rules, paints]) => {
  if (!window.axe) return null;
  const contrast = ["color-contrast", "color-contrast-enhanced"], link = ["a[href]", "[role=link]"];
  document.querySelectorAll("[data-axe]").forEach(e => e.removeAttribute("data-axe"));
  paints && paints.forEach(paint => window.painted.get(paint).setAttribute("data-axe", ""));
  const to = paints ? "[data-axe]" : "";
  axe.configure({rules: [...contrast.map(id => ({id, selector: to || "*"})),
    {id: "link-in-text-block", selector: link.map(one => one + to).join()}]});
  const preload = !!document.querySelector("audio, video");
  return (await axe.run({resultTypes: ["violations"], preload, ...rules})).violations.flatMap(
    found => found.nodes.map(node => found.id + ": " + node.html.slice(0, 160)));
}"""
# What axe judges by, as a set of lines: each element with its class, its role and the one around it, the attributes it
# bears and whether something is in them, whether it has a text, what its references find, and if it can be seen.
SHAPE = """() => {
  const name = e => e ? [e.localName, e.getAttribute("role"), e.getAttribute("class"), e.type].join(" ") : "";
  const found = value => value.split(/\\s+/).every(id => document.getElementById(id));
  const said = /^(aria-(hidden|checked|current|expanded|live|level)|scope|tabindex)$/;
  const held = a => a.name + (!a.value.trim() ? "-" : /^(for|aria-(labelledby|describedby|controls))$/.test(a.name)
    ? found(a.value) : said.test(a.name) ? a.value : "+");
  const texts = e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
  const all = [...document.querySelectorAll("html, html *:not(script):not(style)")];
  const shape = new Set(all.map(e => [name(e.parentElement), name(e), [...e.attributes].map(held).sort(), texts(e),
    e.id && document.querySelectorAll("#" + CSS.escape(e.id)).length > 1, e.checkVisibility()].join("|")));
  const heads = all.filter(e => /^h[1-6]$/.test(e.localName)).map(e => e.localName);
  heads.forEach((head, i) => shape.add(heads[i - 1] + head));
  return [...shape];
}"""
# How the texts are painted: what each element around one lays below it, from the page up, then the text's own colour,
# whether axe takes it for a large one, and, for a link, how it differs from the words of its block, if there are any.
# One element of each kind is kept for `RUN`, the one with most text: of a single sign axe is not sure.
PAINT = """() => {
  const plain = ["rgba(0, 0, 0, 0)", "none", "1", "none", "normal", ""], below = new Map();
  const layers = e => {
    if (!e) return "";
    if (!below.has(e)) {
      const s = getComputedStyle(e), free = /absolute|fixed|sticky/.test(s.position) ? e.className : "";
      const own = [s.backgroundColor, s.backgroundImage, s.opacity, s.filter, s.mixBlendMode, free];
      below.set(e, layers(e.parentElement) + (own.some((value, i) => value !== plain[i]) ? own.join() + ">" : ""));
    }
    return below.get(e);
  };
  const written = e => /^(input|select|textarea)$/.test(e.localName)
    || [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
  const inline = e => getComputedStyle(e).display.startsWith("inline");
  const style = (e, s = getComputedStyle(e)) => [s.color, s.fontSize, s.fontWeight, s.fontStyle, s.fontFamily,
    s.textDecorationLine, s.borderWidth, s.borderStyle, s.borderColor, layers(e),
    ...["::before", "::after"].map(one => getComputedStyle(e, one).content)].join();
  const words = n => n.nodeType === 3 ? n.data.trim() : n.nodeType === 1 && !n.matches("a, [role=link]") && inline(n)
    && [...n.childNodes].some(words);
  const marks = e => {
    let block = e.parentElement;
    while (inline(block) && block !== document.body) block = block.parentElement;
    return [e, ...([...block.childNodes].some(words) ? [e.parentElement, block] : [])].map(one => style(one)).join("|");
  };
  const large = s => Math.ceil(parseFloat(s.fontSize) * 72) / 96 >= (parseFloat(s.fontWeight) >= 700 ? 14 : 18);
  window.painted = new Map();
  for (const e of document.querySelectorAll("body, body *:not(script):not(style)")) {
    if (!written(e) || !e.checkVisibility()) continue;
    const s = getComputedStyle(e), beside = e.matches("a, [role=link]") ? marks(e) : "";
    const shadow = s.textShadow === "none" ? "" : s.textShadow + s.fontSize;
    const off = e.matches(":disabled, [aria-disabled=true]");
    const paint = [layers(e), s.color, large(s), shadow, beside, off].join("|");
    const before = window.painted.get(paint);
    if (!before || before.textContent.length < e.textContent.length) window.painted.set(paint, e);
  }
  return [...window.painted.keys()];
}"""
_judged: defaultdict[str, set[str]] = defaultdict(set)  # by the rules that were asked: paints without a fault


def ask(page: Page, script: str) -> Any:
    """What the page answers. One that is just leaving is asked where it has gone. A locator waits too, but puts a third
    of a megabyte of script into each page first."""
    try:
        return page.evaluate(script)
    except Error as error:
        if "context was destroyed" not in error.message:
            raise
        page.wait_for_load_state()
        return page.evaluate(script)


def violations(page: Page, rules: Rules | None = None) -> list[str]:
    """What axe finds, without the contrast of texts painted as any before; where only colours are asked and none is
    new, axe stays away. A paint with a fault is told of on each page."""
    asked = rules or {}
    judged = _judged[str(asked)]
    paints = set(ask(page, PAINT)) - judged
    found = _run(page, asked, sorted(paints)) if paints or asked != COLOURS else []
    if not found:
        judged |= paints
    return found


def at_hand(page: Page) -> Page:
    """Axe comes with each document: where most are looked at, that costs a third of bringing it when it is wanted."""
    page.add_init_script(AXE_SCRIPT)
    return page


def all_violations(page: Page, rules: Rules | None = None) -> list[str]:
    return _run(page, rules or {}, None)


def _run(page: Page, rules: Rules, paints: list[str] | None) -> list[str]:
    """Axe's script goes into the page once, and only what it found comes back."""
    asked = [dict(rules), paints]
    found = page.evaluate(RUN, asked)
    if found is None:
        page.evaluate(AXE_SCRIPT)
        found = page.evaluate(RUN, asked)
    return [str(one) for one in found]


@dataclass
class Known:
    """The shapes that axe has seen, by kind of page; what is made of them alone need not be looked at again."""

    shapes: dict[str, set[str]] = field(default_factory=dict)

    def all_of(self, page: Page, kind: str) -> bool:
        known = self.shapes.setdefault(kind, set())
        new = set(ask(page, SHAPE)) - known
        known |= new
        return not new
