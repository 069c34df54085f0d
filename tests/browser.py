"""What tests in a browser do to a page that a hand could not."""

from __future__ import annotations

from playwright.sync_api import Page, Route


def reload_as(page: Page, older: str) -> None:
    """Load it again as the server wrote it before. The route stays: were it let go at once (`times=1`), requests that
    the new page makes meanwhile would be lost on a busy machine, and it would never be there."""
    pages = [older]

    def answer(route: Route) -> None:
        if pages and route.request.is_navigation_request():
            route.fulfill(body=pages.pop(), content_type="text/html")
        else:
            route.fallback()

    page.route(page.url, answer)
    page.reload()
