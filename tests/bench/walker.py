"""A learner's browser without a screen: one kept connection, forms read off the pages, requests and bytes counted."""

from __future__ import annotations

import http.client
import re
import urllib.parse
from dataclasses import dataclass, field

PASSWORD = "a long sentence for the bench"
Fields = dict[str, str]


@dataclass
class Client:
    """A browser with one kept connection; it counts what it asks and gets."""

    port: int
    cookies: Fields = field(default_factory=dict)
    requests: int = 0
    bytes: int = 0

    def __post_init__(self) -> None:
        self.wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, method: str, path: str, form: list[tuple[str, str]] | None = None, script: bool = False) -> str:
        """The body of the reply; a redirect is followed, as browsers do."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
                   "Accept-Encoding": "identity", "Accept": "application/json" if script else "text/html"}  # fmt: skip
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.wire.request(method, path, urllib.parse.urlencode(form) if form is not None else None, headers)
        reply = self.wire.getresponse()
        body = reply.read()
        self.requests += 1
        self.bytes += len(body) + len(str(reply.headers))
        for line in reply.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        if reply.status in (302, 303):
            self.address = reply.headers["Location"]
            return self.ask("GET", self.address)
        if reply.status not in (200, 304):
            raise RuntimeError(f"{method} {path}: {reply.status} {body[:300]!r}")
        return body.decode()


def value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page) or re.search(rf'data-{name}="([^"]*)"', page)
    if not found:
        raise RuntimeError(f"no {name} on the page")
    return found[1]


def address(page: str, pattern: str) -> str:
    found = re.search(rf'action="({pattern})"', page)
    if not found:
        raise RuntimeError(f"no form for {pattern}")
    return found[1]


def sign_in(client: Client, email: str) -> None:
    page = client.ask("GET", "/sign-in")
    fields = [("csrf_token", value(page, "csrf_token")), ("email", email), ("password", PASSWORD)]
    client.ask("POST", "/sign-in", fields)


def answers(form: str) -> list[tuple[str, str]]:
    """Something that each kind of question takes as an answer: of every control the first choice that is still free,
    since the best and the worst cannot be one."""
    picked: dict[str, str] = {}
    offered: dict[str, list[str]] = {}
    for control in re.findall(r'<input[^>]*type="(?:radio|checkbox)"[^>]*>', form):
        name, chosen = re.search(r'name="(answer[^"]*)"', control), re.search(r'value="([^"]*)"', control)
        if name and chosen:
            offered.setdefault(name[1], []).append(chosen[1])
    for name, body in re.findall(r'<select[^>]*name="(answer[^"]*)"[^>]*>(.*?)</select>', form, re.S):
        offered[name] = re.findall(r'<option[^>]*value="([^"]+)"', body)
    for name, choices in offered.items():
        free = [choice for choice in choices if choice not in picked.values()]
        if choices:
            picked[name] = (free or choices)[0]
    for name in re.findall(r'<(?:input|textarea)[^>]*name="(answer[^"]*)"', form):
        picked.setdefault(name, "1")
    return list(picked.items())


def questions(page: str) -> list[str]:
    return re.findall(r'<form[^>]*class="[^"]*question.*?</form>', page, re.S)


def begin_check(client: Client, module: str) -> str:
    token = [("csrf_token", value(module, "csrf_token"))]
    return client.ask("POST", address(module, '/modules/[^"]+/checks'), token)
