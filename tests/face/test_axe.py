"""What axe is spared is what it has judged: a text in other colours, or on another ground, is looked at."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.face.axe import COLOURS, all_violations, violations

PAGE = '<html lang="en"><title>t</title><main><h1>A page</h1>{}</main></html>'


def contrast(found: list[str]) -> list[str]:
    return [one for one in found if one.startswith("color-contrast: ")]


def test_a_text_painted_as_one_before_is_spared_and_any_other_is_not(browser: Browser) -> None:
    page = browser.new_page()
    for body, faults in (
        ('<p style="color: #707070">pale</p>', 0),
        ('<i style="color: #707070">as before</i><p style="color: #aaa">too pale</p>', 1),
        ('<i style="color: #aaa">a fault is told on each page</i>', 1),
        ('<div style="background: #ccc"><p style="color: #707070">pale on grey</p></div>', 1),
        ('<p style="color: #707070; font-weight: 700">pale and bold</p>', 0),
        ('<div><p style="color: #707070">in a box</p></div>', 0),
        ('<p style="color: #909090; font-size: 24px">pale and large</p>', 0),
        ('<p style="color: #909090; font-size: 23px">not large enough</p>', 1),
        ('<b style="color: #949494; font-size: 19px; font-weight: 700">bold and large</b>', 0),
        ('<b style="color: #949494; font-size: 19px; font-weight: 600">not bold enough</b>', 1),
        ('<p style="color: #aaa">too pale, among single signs</p><p style="color: #aaa">x</p>', 1),
        ('<div style="opacity: .5"><p style="color: #707070">half seen</p></div>', 1),
    ):
        page.set_content(PAGE.format(body))
        assert len(contrast(violations(page))) == len(contrast(all_violations(page))) == faults, body
    page.close()


def test_a_link_that_hides_among_the_words_is_found_though_it_stood_alone_before(browser: Browser) -> None:
    page = browser.new_page()
    plain = '<a href="#" style="color: #333; text-decoration: none">a link</a>'
    page.set_content(PAGE.format(f"<p>{plain}</p>"))
    assert violations(page) == []
    for body, faults in (
        (f"<p>{plain}</p>", 0),
        (f"<p>Words and {plain} among them</p>", 1),
        (f"<p>Words and <span>{plain}</span> again</p>", 1),
        (f"<p>Words and <b>{plain}</b> in bold</p>", 0),
        (f'<p style="color: #888">Pale words and {plain}</p>', 0),
        (f"<div>{plain}<p>words of another block</p></div>", 0),
        (f"<p>Words and {plain.replace('none', 'underline')}</p>", 0),
    ):
        page.set_content(PAGE.format(body))
        found = [[one for one in look(page) if "link-in" in one] for look in (violations, all_violations)]
        assert [len(each) for each in found] == [faults, faults], body
    page.close()


def test_where_no_colour_is_new_axe_stays_away(browser: Browser) -> None:
    page = browser.new_page()
    for body, asked in (("<p>one</p>", True), ("<p>two</p>", False), ('<p style="color: navy">three</p>', True)):
        page.goto("data:text/html," + PAGE.format(body))
        violations(page, COLOURS)
        assert page.evaluate("'axe' in window") == asked
    page.close()
