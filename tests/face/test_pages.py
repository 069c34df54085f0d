"""Every page, found by following links as a person would: no accessibility violation in either language or theme, no
sideways scroll at 320 px, light over the wire, nothing from elsewhere.

Axe looks at a page in Armenian, in both themes; in English, or for another role, it looks again where something is
there that the page did not have the first time (`SHAPE`).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Error, Page, Response, ViewportSize
from sqlalchemy import select

from lms import publishing
from lms.app import create_app
from lms.config import settings
from lms.database import db
from lms.identity.models import Person
from lms.learn.certificates import certify
from lms.learn.progress import progress_of
from tests.face.axe import COLOURS, Known, ask, at_hand, violations
from tests.servers import LiveServer

ROLES = ("trainee", "hr", "instructor", "administrator")
PUBLIC = ("/", "/try", "/sign-in", "/register/nobody", "/reset", "/styleguide", "/no-such-page")
NOT_PAGES = {
    "static",
    "identity.health",
    "publishing.figure",
    "publishing.sheet",
    "assess.state",
    "metrics.expose",
    "campaigns.calendar_file",
    "selection.report",
    "selection.results_csv",
    "selection.results_xlsx",
    "author.answers_csv",
    "author.answers_json",
    "author.statistics_csv",
    "author.statistics_xlsx",
    "rating.own_file",
    "rating.rated_file",
}
OPENED_BY_CANDIDATES = {  # by tests/candidates/test_browser.py
    "candidates.back",
    "candidates.contest",
    "candidates.door",
    "candidates.groups",
    "candidates.link",
    "candidates.own_result",
    "candidates.try_out",
    "candidates.way",
    "candidates.withdrawal",
}
OPENED_BELOW = {"assess.sitting", "assess.submission", "learn.result"}  # by the test of a check
OPENED_BY_PLAY = {
    "lab.play",
    "lab.result",
    "lab.picture",
    "rating.rate",
    "rating.work_result",
    "rating.write",
}  # by tests/lab/test_browser.py and tests/rating/test_browser.py
# No second factor is set up in the demo; tests/identity/test_browser.py opens these.
NOT_IN_DEMO = {
    "identity.add_app",
    "identity.factors_page",
    "identity.remove_app",
    "identity.remove_passkey",
    "identity.renew_codes",
}
BY_HAND = {  # pages that a form opens, or a letter, not a link
    "hr": ("/campaigns/1/results/side-by-side?candidate=1&candidate=2&candidate=3&candidate=4&candidate=5",),
    "trainee": ("/search?q=ցանց", "/reviews"),
    "administrator": ("/content/items/c11-expand/void", "/content/calibration"),
}
MOST = 60  # pages that one role's walk opens in one language


THEME = """() => [document.documentElement.lang === "hy", matchMedia("(prefers-color-scheme: dark)").matches
  ? "dark" : "light", matchMedia("(prefers-reduced-motion)").matches]"""
WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 320, "height": 700}
TEXTS = """() => [document.documentElement.lang === "hy", document.body.innerText,
  document.querySelector("main").innerText,
  [...document.querySelectorAll("code")].map(code => code.innerText).join(" ")]"""
LINKS = """() => [...document.querySelectorAll("a[href]")].map(
  a => new URL(a.getAttribute("href"), document.baseURI).href)"""  # in SVG too


def check(page: Page, problems: list[str], known: bool = False) -> None:
    """The wide and the narrow window of one loaded page, the one it stands in first: to lay a page out costs as much as
    to judge it. Axe looks where something is not known yet."""
    for size in (NARROW, WIDE) if page.viewport_size == NARROW else (WIDE, NARROW):
        if page.viewport_size != size:
            page.set_viewport_size(size)
        if size == NARROW:
            measure(page, problems)
        else:
            read(page, problems)
            if not known:
                look(page, problems)


def is_armenian(page: Page) -> bool:
    return bool(ask(page, "document.documentElement.lang") == "hy")


def read(page: Page, problems: list[str]) -> None:
    """No Armenian in an Armenian page, signs of another script in it; a question may show a text that has the fault."""
    armenian, text, main, quoted = ask(page, TEXTS)
    if armenian:
        if not re.search("[Ա-և]", main):
            problems.append(f"{page.url} shows no Armenian")
        signs = re.findall(r"\S*[ա-և»][:?!]", text)
        problems += [f"{page.url} has a foreign sign: {one}" for one in signs if one not in quoted]


def look(page: Page, problems: list[str]) -> None:
    """Armenian in both themes, the one that is on first; English in any, since it has the same colours."""
    armenian, at, still = ask(page, THEME)
    rounds = [("light", {}), ("dark", COLOURS)] if armenian else [(at, {})]
    for scheme, rules in sorted(rounds, key=lambda each: each[0] != at):
        if (scheme, True) != (at, still):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            at, still = scheme, True
        problems += [f"{page.url} {scheme} {one}" for one in violations(page, rules)]


def measure(page: Page, problems: list[str]) -> None:
    width = ask(page, "document.documentElement.scrollWidth")
    if width > NARROW["width"]:
        problems.append(f"{page.url} is {width} px wide in a window of {NARROW['width']} px")


def speak(page: Page, language: str) -> None:
    """By the page's own button; a hand presses it in the test of public pages."""
    if is_armenian(page) != (language == "hy"):
        with page.expect_navigation():
            page.evaluate("document.querySelector('form.language button').click()")
    assert ask(page, "document.documentElement.lang") == language


def addresses(page: Page) -> Iterator[str]:
    house = urlsplit(page.url)
    for link in ask(page, LINKS):
        address = urlsplit(link)
        if (address.scheme, address.netloc) == (house.scheme, house.netloc):
            yield address.path


def walk(page: Page, pages: Pages, *start: str) -> Iterator[str]:
    """Open one page of every kind that links lead to: two addresses of one rule are one kind."""
    waiting, known = [*start], set()
    while waiting and len(known) < MOST:
        path = waiting.pop(0)
        rule = pages.rule(path)
        if rule in known or rule in NOT_PAGES:
            continue
        known.add(rule)
        if arrives(page, path):
            yield rule
            waiting += addresses(page)


def arrives(page: Page, path: str) -> bool:
    """Whether a page is there; a browser shows a file or takes it down."""
    try:
        reply = page.goto(path)
    except Error as error:
        if "Download is starting" not in error.message:
            raise
        return False
    return reply is not None and "text/html" in reply.headers.get("content-type", "")


@dataclass(frozen=True)
class Pages:
    """The application's own table of routes."""

    app: Flask

    def rule(self, path: str) -> str:
        return str(self.app.url_map.bind("localhost").match(path.split("?")[0], method="GET")[0])

    def of(self, role: str) -> set[str]:
        """Endpoints that only signed-in people with the role may open by GET."""
        return {
            rule.endpoint
            for rule in self.app.url_map.iter_rules()
            if "GET" in rule.methods and role in self.app.view_functions[rule.endpoint].access  # type: ignore[attr-defined]
        }


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    return Pages(create_app({"HMUT_DATA": tmp_path_factory.mktemp("rules"), "TESTING": True}))


@pytest.fixture(scope="session")
def known() -> Known:
    return Known()


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role(
    page: Page, enter: Callable[[Page, str], str], pages: Pages, known: Known, role: str
) -> None:
    problems: list[str] = []
    at_hand(page).goto(enter(page, role))
    speak(page, "hy")
    opened: dict[str, str] = {}
    for rule in walk(page, pages, urlsplit(page.url).path, *BY_HAND.get(role, ())):
        opened[rule] = page.url
        check(page, problems, known.all_of(page, rule))
    in_english(page, opened, known, problems)
    assert not problems, "\n".join(problems)
    seen = {*opened, *OPENED_BELOW, *OPENED_BY_PLAY, *OPENED_BY_CANDIDATES, *NOT_IN_DEMO}
    unseen = pages.of(role) - seen - NOT_PAGES
    assert not unseen, f"no link leads there: {sorted(unseen)}; name it in BY_HAND"


def in_english(page: Page, opened: Mapping[str, str], known: Known, problems: list[str]) -> None:
    """The same pages once more, in a narrow window; axe looks at what Armenian did not show."""
    page = page.context.new_page()  # axe is seldom wanted here: it does not come with each document
    page.goto(next(iter(opened.values())))  # the last one opened may have no menu
    speak(page, "en")
    page.set_viewport_size(NARROW)
    for rule, address in opened.items():
        page.goto(address)
        assert not is_armenian(page), address
        measure(page, problems)
        if not known.all_of(page, rule):
            look(page, problems)


@pytest.mark.parametrize("language", ["hy", "en"])
def test_a_check_and_its_result(page: Page, enter: Callable[[Page, str], str], language: str) -> None:
    """Each question in both windows; axe looks where one is made of something that those before it were not."""
    sheet = Known()
    problems: list[str] = []
    at_hand(page).goto(enter(page, "trainee"))
    speak(page, language)
    module = {"hy": "listening-competitors", "en": "where-they-are"}[language]  # a second check must wait ten minutes
    page.goto(f"/courses/audience-and-customer/{module}")
    page.locator("form[action$='/checks'] button").first.click()
    page.wait_for_url(re.compile(r"/attempts/\d+"))
    for dot in range(page.locator(".dot").count()):
        page.locator(".dot").nth(dot).click()
        check(page, problems, sheet.all_of(page, "question"))
    page.locator("form.question:not([hidden]) button[data-go='end']").click()
    page.locator("#finish button").click()
    page.wait_for_url(re.compile(r"/result$"))
    check(page, problems)
    page.goto(page.url.replace("/result", "/submission"))
    check(page, problems)
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("language", ["hy", "en"])
def test_public_pages(page: Page, language: str) -> None:
    problems: list[str] = []
    at_hand(page).goto(PUBLIC[0])
    if not is_armenian(page) and language == "hy":
        with page.expect_navigation():
            page.locator("form.language button").first.click()
    for path in PUBLIC:
        page.goto(path)
        assert is_armenian(page) == (language == "hy"), path
        check(page, problems)
    assert not problems, "\n".join(problems)


@pytest.fixture(scope="session")
def beside(live_server: LiveServer) -> Flask:
    """A program of the operator, on the data of the running server."""
    database = f"sqlite:///{live_server.data / 'hmut.db'}"
    port = live_server.url.rpartition(":")[2]
    return create_app(settings({"HMUT_DATA": str(live_server.data), "HMUT_PORT": port, "DATABASE_URL": database}))


@pytest.fixture(scope="session")
def certificate(beside: Flask) -> str:
    """The address of a certificate, issued beside the running server: whether its own people have one is chance."""
    with beside.app_context():
        course = next(iter(publishing.library().courses.values()))
        learner = db.session.scalars(select(Person).where(Person.email.like("elen@%"))).one()
        issued = certify(learner, course, progress_of(learner.id))
        db.session.commit()
        return f"/certificates/{issued.code}"


@pytest.mark.parametrize("language", ["hy", "en"])
def test_anybody_sees_what_a_certificate_says(page: Page, certificate: str, language: str) -> None:
    problems: list[str] = []
    page.goto(certificate)
    speak(page, language)
    check(page, problems)
    box = page.locator(".scroll:has(table.matrix)").evaluate("box => box.scrollWidth - box.clientWidth")
    assert box <= 0, f"the matrix is cut off by {box} px"
    assert not problems, "\n".join(problems)


def test_the_account_menu_by_keyboard(page: Page, enter: Callable[[Page, str], str]) -> None:
    page.goto(enter(page, "trainee"))
    page.locator(".account summary").focus()
    page.keyboard.press("Enter")
    problems: list[str] = []
    check(page, problems)
    assert not problems, "\n".join(problems)
    for _ in range(3):  # profile, certificates, sign out
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("form[action='/demo/trainee']").is_visible()


@pytest.mark.parametrize("language", ["hy", "en"])
def test_pages_that_a_letter_opens(
    page: Page, enter: Callable[[Page, str], str], live_server: LiveServer, beside: Flask, language: str
) -> None:
    """Register, join by invitation, a new password, a first sign-in by a one-time link."""
    problems: list[str] = []
    enter(at_hand(page), "administrator")
    page.goto("/settings")
    page.check("#registration_open")
    page.locator("main form button.button-primary").click()
    page.goto("/people")
    page.fill("#email", f"invited-{language}@example.am")
    page.locator("input[type=checkbox][value=trainee]").check()
    with page.expect_navigation():
        page.locator("form[action='/invitations#invite'] button").click()
    page.goto("/reset")
    page.fill("#email", "nare@nrneni.example")
    with page.expect_navigation():
        page.locator("main form button").click()
    page.goto("/outbox")
    assert not re.findall(r"/links/[\w-]{20,}", page.content()), "a live link is shown"
    letters = letters_in(live_server.data)
    printed = beside.test_cli_runner().invoke(args=["people", "reset", "elen@nrneni.example"]).output
    letters += re.findall(r"http://\S+/links/[\w-]+", printed)
    page.context.clear_cookies()
    opened = []
    for address in (*letters, f"{live_server.url}/register/nrneni"):
        page.goto(address)
        speak(page, language)
        opened.append(urlsplit(page.url).path)
        check(page, problems)
    assert opened == ["/reset/password", "/join", "/sign-in/link", "/register/nrneni"]
    assert not problems, "\n".join(problems)


def letters_in(data: Path) -> list[str]:
    """The one-time links of the two newest letters, as their readers get them: no page shows them."""
    with closing(sqlite3.connect(f"file:{data / 'hmut.db'}?mode=ro", uri=True)) as database:
        newest = database.execute("SELECT body FROM outbox_mail ORDER BY id DESC LIMIT 2").fetchall()
    return [link for (body,) in newest for link in re.findall(r"http://\S+/links/[\w-]+", body)]


def weigh(page: Page, path: str) -> tuple[int, list[str]]:
    """Bytes over the wire of a cold load, and the addresses asked for."""
    replies: list[Response] = []
    page.on("response", lambda reply: replies.append(reply))  # playwright takes no built-in function
    page.goto(path)
    page.wait_for_load_state("networkidle")
    replies = [reply for reply in replies if reply.request.method == "GET"]  # how far one has read is sent later
    sizes = [reply.request.sizes() for reply in replies]
    return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes), [r.url for r in replies]


COURSE, MODULE = "/courses/smm-foundations", "/courses/audience-and-customer/customer-before-product"


@pytest.mark.parametrize("language", ["hy", "en"])
def test_pages_are_light_and_ask_nobody_else(page: Page, enter: Callable[[Page, str], str], language: str) -> None:
    enter(page, "trainee")
    page.goto(MODULE)
    speak(page, language)
    page.locator("form[action$='/checks'] button").click()
    page.wait_for_url("**/attempts/**")
    house = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
    browser = page.context.browser
    assert browser is not None
    for path, most in ((COURSE, 60_000), (MODULE, 60_000), (urlsplit(page.url).path, 80_000)):
        fresh = browser.new_context(base_url=house, storage_state=page.context.storage_state())
        size, asked = weigh(fresh.new_page(), path)
        fresh.close()
        assert 0 < size <= most, f"{path}: {size} bytes for {asked}"
        assert all(url.startswith(house + "/") for url in asked), asked
