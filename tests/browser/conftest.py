"""A real browser on a real page; what it complains about is kept."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, sync_playwright

from tests.web.served import Served, serve

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line sets it
PATIENCE = 20_000  # milliseconds


@dataclass
class Visit:
    """One page, and what the browser said about it."""

    page: Page
    troubles: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Keep console errors, uncaught errors, dialogs and requests that failed or were refused."""
        self.page.on("console", lambda said: self._keep(said.type != "log", f"console: {said.text}"))
        self.page.on("pageerror", lambda error: self._keep(True, f"error: {error}"))
        self.page.on("requestfailed", lambda request: self._keep(True, f"failed: {request.url}"))
        self.page.on("response", lambda answer: self._keep(answer.status >= 400, f"{answer.status}: {answer.url}"))
        self.page.on("dialog", self._dismiss)

    def _keep(self, is_trouble: bool, words: str) -> None:
        if is_trouble:
            self.troubles.append(words)

    def _dismiss(self, dialog: Dialog) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The page of a team after some months, with hostile words from outside in it."""
    with serve(tmp_path_factory.mktemp("site")) as served:
        yield served


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium. Its own sandbox needs what containers lack."""
    path = shutil.which("chromium")
    if path is None:
        pytest.exit("chromium is missing: apt-get install chromium", returncode=1)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def phone(browser: Browser, site: Served) -> Iterator[Visit]:
    """A narrow screen by day."""
    yield from _visit(browser.new_context(base_url=site.base, viewport={"width": 360, "height": 740}))


@pytest.fixture
def desk(browser: Browser, site: Served) -> Iterator[Visit]:
    """A wide screen by night."""
    wide = browser.new_context(base_url=site.base, viewport={"width": 1280, "height": 800}, color_scheme="dark")
    yield from _visit(wide)


@pytest.fixture
def scriptless(browser: Browser, site: Served) -> Iterator[Visit]:
    """A browser that runs no script."""
    yield from _visit(browser.new_context(base_url=site.base, java_script_enabled=False))


def _visit(context: BrowserContext) -> Iterator[Visit]:
    context.set_default_timeout(PATIENCE)
    visit = Visit(context.new_page())
    visit.watch()
    yield visit
    context.close()
