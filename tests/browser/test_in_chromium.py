"""Every page in a real browser: nothing fails, nothing overflows, nothing shuts people out.

`make test-browser` runs this; with SCREENSHOTS=folder it leaves pictures of every page there.
"""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.web.served import Served

pytestmark = pytest.mark.browser

PAGES = {
    "board": "/",
    "past": "/?as_of=2025-01-01",
    "empty": "/?as_of=2000-01-01",
    "capability": "/capability/negation",
    "stage": "/stage/video/open-realtime",
    "gap": "/gap/image/closed/image/open",
    "forecasts": "/forecasts",
    "digests": "/digests",
    "digest": "/digests/2026-W33",
    "sources": "/sources",
    "candidate": "/sighting/{candidate}",
    "confirmed": "/sighting/{confirmed}",
    "hostile": "/sighting/{hostile}",
}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FOCUSED = """() => {
    const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
    return {
        words: (one.innerText || one.name || one.getAttribute("aria-labelledby") || "").trim(),
        seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        inside: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
    };
}"""


OUTSIDE = """() => [...document.querySelectorAll(".board td a, .board th a")].filter(cell => {
    const outer = cell.getBoundingClientRect(), words = document.createRange();
    return [...cell.childNodes].filter(one => one.className !== "vh").some(one => {
        words.selectNode(one);
        const inner = words.getBoundingClientRect();
        return inner.width > 0 && (inner.left < outer.left - 1 || inner.right > outer.right + 1);
    });
}).map(cell => cell.innerText)"""


def _open(visit: Visit, site: Served, name: str) -> Page:
    path = PAGES[name].format(**{key: one.id for key, one in site.made.items()})
    answer = visit.page.goto(path)
    assert answer is not None
    assert answer.ok
    return visit.page


def _picture(page: Page, name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def _serious(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("name", PAGES)
def test_on_a_phone(phone: Visit, site: Served, name: str) -> None:
    """At 360 px nothing sticks out sideways, nothing fails, and axe finds nothing."""
    page = _open(phone, site, name)
    _picture(page, f"{name}-360")
    assert page.evaluate(WIDER) == 0
    assert _serious(page) == []
    assert phone.troubles == []


@pytest.mark.parametrize("name", PAGES)
def test_on_a_desk_by_night(desk: Visit, site: Served, name: str) -> None:
    """At 1280 px and in dark colours the same holds."""
    page = _open(desk, site, name)
    _picture(page, f"{name}-1280-dark")
    assert page.evaluate(WIDER) == 0
    assert _serious(page) == []
    assert desk.troubles == []


@pytest.mark.parametrize("name", ["board", "past", "empty"])
def test_words_stay_in_their_cells(phone: Visit, desk: Visit, site: Served, name: str) -> None:
    """No word of the board runs over its cell's edge, however narrow the screen and however early the day."""
    for visit in (phone, desk):
        assert _open(visit, site, name).evaluate(OUTSIDE) == []


def test_by_keyboard(desk: Visit, site: Served) -> None:
    """Tab reaches the skip link, every page, both dates, and the cells in reading order; Enter opens one.

    Whatever has the focus shows it and is on the screen.
    """
    page, passed = _open(desk, site, "board"), []
    for _ in range(40):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        assert at["seen"], at
        assert at["inside"], at
        passed.append(at["words"])
    assert passed[0] == "Skip to the content"
    order = [passed.index(words) for words in ("Board", "Sources", "as_of", "known_by", "Show", "fine-grained editing")]
    assert order == sorted(order)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sighting/*")
    assert "works since" in page.inner_text("h1")
    assert desk.troubles == []


def test_the_skip_links_skip(desk: Visit, site: Served) -> None:
    """From the top to the content, and from before the table to what stands below it."""
    page = _open(desk, site, "board")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.get_by_role("link", name="Skip the table").focus()
    page.keyboard.press("Enter")
    assert page.url.endswith("#newest")


def test_dates_turn_the_board_back(phone: Visit, site: Served) -> None:
    """The date fields lead to the board of that day, and the way back to today's."""
    page = _open(phone, site, "board")
    page.locator("#as_of").fill("2025-01-01")
    page.get_by_role("button", name="Show").press("Enter")
    page.wait_for_url("**/?as_of=2025-01-01*")
    assert "Not today’s board" in page.inner_text("main")
    page.get_by_role("link", name="Show today’s").click()
    page.wait_for_url("**/")
    assert phone.troubles == []


@pytest.mark.parametrize("name", ["board", "forecasts", "hostile"])
def test_without_scripts_it_is_the_same(scriptless: Visit, desk: Visit, site: Served, name: str) -> None:
    """A browser that runs no script shows the same words."""
    mine = _open(scriptless, site, name).locator("main").inner_text()
    assert mine == _open(desk, site, name).locator("main").inner_text()
    assert scriptless.troubles == []


def test_printed(desk: Visit, site: Served) -> None:
    """On paper the table is whole and the ways to click are gone."""
    page = _open(desk, site, "board")
    page.emulate_media(media="print", color_scheme="light")
    assert page.locator(".board table").is_visible()
    assert not page.locator(".top nav").is_visible()
    assert not page.locator(".clocks").is_visible()
    assert page.pdf().startswith(b"%PDF")


def test_every_way_on_the_board_leads_somewhere(desk: Visit, site: Served) -> None:
    """No link of the board is dead, nor the place in the page that it names."""
    page = _open(desk, site, "board")
    ways = {link.split(site.base)[1] for link in page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")}
    for way in sorted(ways):
        path, _, place = way.partition("#")
        reply = site.ask(path)
        assert reply.status == 200, way
        assert not place or f'id="{place}"' in reply.text, way
