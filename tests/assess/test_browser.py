"""F6, F7, F9 in Chromium: offline in the middle, a closed tab, across the deadline, two tabs; and rank by buttons."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Route, expect

from lms.database import db
from lms.identity.models import Person
from tests.assess.conftest import Sitting
from tests.browser import reload_as
from tests.storm.stage import signed_cookie

Begun, Profile = Callable[..., Sitting], Callable[[Sitting], BrowserContext]


ROUND = 4000  # ms between two looks of the page at itself; the server is asked each time only while something is open
TYPING = 1000  # ms after a key until what was typed is kept


def opened(page: Page, address: str) -> None:
    """Open the sheet and wait until the page is its writer."""
    with page.expect_response("**/writer"):
        page.goto(address)


@contextlib.contextmanager
def tried(page: Page) -> Iterator[None]:
    """What is done inside makes the page send an answer, which does not arrive."""
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/responses")):
        yield


def next_round(page: Page) -> None:
    """The page asks the server for its state, and sends what waits."""
    with page.expect_response("**/state") as reply:
        for _ in range(16):  # a minute, in which the page asks in any case
            page.clock.run_for(ROUND)
            page.wait_for_timeout(20)  # real time, so that replies come in between
            if reply.is_done():
                break


def choose(page: Page, item: int, letter: str) -> None:
    page.locator(f"#q{item} input[value={letter}]").check()


def saved(page: Page) -> None:
    expect(page.locator("#status")).to_have_text("Saved", timeout=10_000)


def test_a_check_is_sat_and_finished(begun: Begun, profile: Profile) -> None:
    test = begun()
    page = profile(test).new_page()
    opened(page, test.address(1))
    older = page.request.get(page.url).text()
    choose(page, 1, "b")
    saved(page)
    reload_as(page, older)  # and the server wrote the page before the answer reached it
    expect(page.locator("#q1 input[value=b]")).to_be_checked()
    page.get_by_role("button", name="Save and go on").dblclick()  # presses no button of the question that comes
    expect(page.locator("#q2")).to_be_visible()
    page.locator("#q2 input[value=a]").check()
    page.locator(".dot[data-go='5']").click()
    page.locator("#q5 input[type=text]").fill("մի բառ")
    page.locator("#q5").get_by_role("button", name="To the end").click()
    expect(page.locator("#missing")).to_contain_text("3, 4, 6, 7, 8")
    test.holds({1: {"answer": ["b"]}, 2: {"answer": ["a"]}, 5: {"answer": ["մի բառ"]}})
    page.get_by_role("button", name="Finish and see the result").click()
    page.wait_for_url("**/result")


def test_steps_are_ordered_by_buttons(begun: Begun, profile: Profile) -> None:
    test = begun()
    page = profile(test).new_page()
    page.goto(test.address(3))
    last = page.locator("#q3 li").last
    moved = last.locator("select").get_attribute("name") or ""
    last.get_by_role("button", name="Move up").click()
    last = page.locator("#q3 li").nth(1)
    last.get_by_role("button", name="Move up").click()
    saved(page)
    places = test.answers()[3]
    assert places[moved] == ["1"]
    assert sorted(place for (place,) in places.values()) == ["1", "2", "3"]


def test_offline_in_the_middle_loses_nothing_and_says_how_many_wait(begun: Begun, profile: Profile) -> None:
    test = begun()
    context = profile(test)
    page = context.new_page()
    page.goto(test.address(1))
    choose(page, 1, "a")
    saved(page)
    context.set_offline(True)
    with tried(page):
        choose(page, 1, "c")
    page.locator("#q1").get_by_role("button", name="Save and go on").click()
    page.locator("#q2 input[value=b]").check()
    expect(page.locator("#status")).to_have_text("2 answers not yet saved")
    for _ in range(2):
        with page.expect_event("requestfailed"):
            page.clock.run_for(ROUND)
    expect(page.locator("#status")).to_have_text("2 answers not yet saved")
    assert test.answers() == {1: {"answer": ["a"]}}
    context.set_offline(False)
    saved(page)
    test.holds({1: {"answer": ["c"]}, 2: {"answer": ["b"]}})


BOTH = {1: {"answer": ["d"]}, 5: {"answer": ["written offline"]}}


def crash(page: Page) -> None:
    with page.expect_event("crash"), contextlib.suppress(Error):
        page.goto("chrome://crash", timeout=3000)
    page.close()


def lose_the_tab_offline(test: Sitting, context: BrowserContext, until: Callable[[], object] = lambda: None) -> Page:
    """Two answers offline, the tab dies, and the check is opened again online. It dies rather than closes, since the
    last requests of a closing page escape the browser's pretence of being offline."""
    page = context.new_page()
    page.goto(test.address(1))
    choose(page, 1, "a")
    saved(page)
    context.set_offline(True)
    with tried(page):
        choose(page, 1, "d")
    page.locator(".dot[data-go='5']").click()
    page.locator("#q5 input[type=text]").fill("written offline")
    with tried(page):
        page.clock.run_for(TYPING)
    crash(page)
    until()
    context.set_offline(False)
    page = context.new_page()
    page.goto(test.address())
    return page


def test_a_tab_lost_offline_sends_its_answers_when_the_check_is_opened_again(begun: Begun, profile: Profile) -> None:
    """And the page then shows what the server holds, not what it held when the page was made."""
    test = begun()
    page = lose_the_tab_offline(test, profile(test))
    test.holds(BOTH)
    expect(page.locator("#kept")).to_have_text("2 of 8 answers are saved")
    expect(page.locator("#q1 input[value=d]")).to_be_checked()
    expect(page.locator("#q5 input[type=text]")).to_have_value("written offline")


def test_another_device_goes_on_from_what_was_acknowledged_and_says_so(begun: Begun, profile: Profile) -> None:
    test = begun()
    page = profile(test).new_page()
    page.goto(test.address(1))
    expect(page.locator("#as-of")).to_have_count(0)
    choose(page, 1, "a")
    saved(page)
    page.context.set_offline(True)
    choose(page, 1, "d")
    elsewhere = profile(test).new_page()
    elsewhere.goto(test.address(1))
    expect(elsewhere.locator("#q1 input[value=a]")).to_be_checked()
    expect(elsewhere.locator("#kept")).to_have_text("1 of 8 answers are saved")
    expect(elsewhere.locator("#as-of")).to_have_text(re.compile(r"last saved: .*, \d\d:\d\d"))
    expect(elsewhere.locator("#elsewhere")).to_contain_text("what was saved when this page was opened")


MUTANTS = {
    "journal emptied before the acknowledgement": (
        "journal.js",
        "const reply = await send(entry",
        'await act("readwrite", store => store.delete(entry.key)); const reply = await send(entry',
    ),
    "restored answers taken for saved": ("assess.js", "for (const entry of kept || [])", "for (const entry of [])"),
    "answers in the page only": ("assess.js", "await journal.keep(entry)", ""),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_journal_that_forgets_is_caught(begun: Begun, profile: Profile, name: str) -> None:
    test = begun()
    context = profile(test)
    file, true, mutated = MUTANTS[name]
    script = (Path(__file__).parents[2] / "lms/static" / file).read_text()
    assert true in script
    served: list[str] = []

    def serve(route: Route) -> None:
        served.append(route.request.url)
        route.fulfill(body=script.replace(true, mutated), content_type="text/javascript")

    context.route(re.compile(f"/{file}"), serve)
    page = lose_the_tab_offline(test, context)
    for _ in range(3):
        next_round(page)
    assert served
    assert test.answers() != BOTH


def test_what_was_typed_a_moment_before_the_tab_closes_arrives(begun: Begun, profile: Profile) -> None:
    test = begun()
    page = profile(test).new_page()
    opened(page, test.address(5))
    expect(page.locator("#elsewhere")).to_be_hidden()
    page.locator("#q5 input[type=text]").press_sequentially("half a wo")
    page.goto("about:blank")
    test.holds({5: {"answer": ["half a wo"]}})


def answer_with(status: int, body: str, route: Route) -> None:
    route.fulfill(status=status, body=body)


def test_a_server_that_fails_is_never_taken_for_a_success(begun: Begun, profile: Profile) -> None:
    test = begun()
    context = profile(test)
    page = context.new_page()
    opened(page, test.address(1))
    for letter, status, body in (("a", 503, "{}"), ("b", 200, "<html>sign in</html>"), ("c", 500, '{"saved": true}')):
        context.route("**/responses", partial(answer_with, status, body))
        with page.expect_response("**/responses"):
            choose(page, 1, letter)
        page.clock.run_for(TYPING)  # the page says every second how it stands
        expect(page.locator("#status")).to_have_text("1 answer not yet saved")
        context.unroute("**/responses")
    next_round(page)
    saved(page)
    test.holds({1: {"answer": ["c"]}})


def test_answers_given_in_time_but_sent_after_it_are_kept_as_late(begun: Begun, profile: Profile) -> None:
    test = begun(seconds=600)
    context = profile(test)
    page = context.new_page()
    page.goto(test.address(1))
    choose(page, 1, "a")
    saved(page)
    context.set_offline(True)
    with tried(page):
        choose(page, 1, "b")
    test.expire()
    page.clock.fast_forward(600_000)
    expect(page.locator("#status")).to_contain_text("1 answer not yet saved · Goes on by itself")
    context.set_offline(False)
    page.wait_for_url("**/result", timeout=15_000)
    assert [(row.value["answer"][0], row.late) for row in test.responses()] == [("a", False), ("b", True)]
    expect(page.locator("#item-1")).to_contain_text("kept, not counted")


def test_answers_of_a_lost_tab_are_kept_as_late_though_the_test_was_ended_meanwhile(
    begun: Begun, profile: Profile
) -> None:
    test = begun(seconds=600)
    page = lose_the_tab_offline(test, profile(test), until=test.run_out)
    expect(page).to_have_url(re.compile("/result$"))
    expect(page.locator("main")).to_contain_text("arrived too late and not counted: 2")
    kept = sorted(test.responses()[1:], key=lambda row: row.client_seq)
    assert [(row.value, row.late) for row in kept] == [(value, True) for value in BOTH.values()]


def test_finishing_waits_for_the_server_and_a_change_of_mind_calls_it_off(begun: Begun, profile: Profile) -> None:
    test = begun()
    context = profile(test)
    page = context.new_page()
    opened(page, test.address("end"))
    context.set_offline(True)
    page.get_by_role("button", name="Finish and see the result").click()
    expect(page.locator("#status")).to_contain_text("Goes on by itself")
    page.locator(".dot[data-go='1']").click()
    context.set_offline(False)
    next_round(page)
    choose(page, 1, "b")
    saved(page)
    page.locator(".dot[data-go='2']").click()
    page.locator("#q2").get_by_role("button", name="To the end").click()
    context.set_offline(True)
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Finish and see the result").click()
    assert "/result" not in page.url
    context.set_offline(False)
    page.clock.run_for(ROUND)
    page.wait_for_url("**/result")
    assert test.answers() == {1: {"answer": ["b"]}}


def test_two_tabs_one_writes_and_the_other_can_take_over(begun: Begun, profile: Profile) -> None:
    test = begun()
    first, second = profile(test).new_page(), profile(test).new_page()
    first.goto(test.address(1))
    choose(first, 1, "a")
    saved(first)
    second.goto(test.address(1))
    expect(second.locator("#elsewhere")).to_be_visible()
    with second.expect_event("load"):  # it is loaded anew, to show what the other one saved
        second.get_by_role("button", name="Continue here").click()
    expect(second.locator("#elsewhere")).to_be_hidden()
    expect(second.locator("#q1 input[value=a]")).to_be_checked()
    choose(second, 1, "b")
    saved(second)
    next_round(first)
    expect(first.locator("#elsewhere")).to_be_visible()
    test.holds({1: {"answer": ["b"]}})


def test_signing_in_again_in_another_tab_lets_the_waiting_answers_through(begun: Begun, profile: Profile) -> None:
    test = begun()
    context = profile(test)
    page = context.new_page()
    page.goto(test.address(1))
    choose(page, 1, "a")
    saved(page)
    context.clear_cookies()
    choose(page, 1, "c")
    expect(page.locator("#signed-out")).to_be_visible()
    with test.app.test_request_context("/", method="POST"):
        name, value = signed_cookie(test.app, db.session.get_one(Person, test.person))[0].split("=", 1)
    context.add_cookies([{"name": name, "value": value, "url": test.url}])
    next_round(page)
    saved(page)
    test.holds({1: {"answer": ["c"]}})


def test_a_placement_goes_forward_question_by_question(page: Page, enter: Callable[[Page, str], str]) -> None:
    home = page.request.get(enter(page, "trainee")).text()
    (token, *_) = re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', home)
    page.goto(page.request.post("/placements", form={"csrf_token": token}).url)
    begun = int(page.locator("form.question").get_attribute("data-item") or 0)
    for position in range(begun, begun + 3):
        form = page.locator(f"#q{position}")
        radios = form.locator("input[type=radio]")
        if radios.count():
            radios.first.check()
        form.locator("button.button-primary").click()
        skip = page.locator(f"#q{position} button[name=skip]")
        expect(skip.or_(page.locator(f"#q{position + 1}"))).to_be_visible()
        if skip.is_visible():
            skip.click()
        expect(page.locator(f"#q{position + 1}")).to_be_visible()
        expect(page.locator("form.question")).to_have_count(1)
    page.reload()
    expect(page.locator(f"#q{begun + 3}")).to_be_visible()
