from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from assistant.ui.page import launch
from tests.fakes import FakeAssistant
from tests.ui.shopfront import PRODUCTS


@dataclass
class Site:
    """The page, served with fakes behind it."""

    url: str
    shops: dict[str, FakeAssistant]

    @property
    def demo(self) -> FakeAssistant:
        return self.shops["demo"]


@dataclass
class Tab:
    """A browser tab on the page, with what happened in it that should not have."""

    page: Any
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        box = self.page.get_by_label("Say what you are looking for")
        said = self.page.locator("#sm-chat .user-row")
        before = said.count()
        box.fill(text)
        box.press("Enter")
        if text.strip():
            said.nth(before).wait_for()

    def cards(self) -> list[str]:
        return [
            str(t)
            for t in self.page.locator(".sm-grid .sm-card:not(.sm-near) h3").all_inner_texts()
        ]

    def wait_idle(self) -> None:
        # A turn that waits is "…" in the chat, while the shelf still tells of the one before it.
        waiting = self.page.locator("#sm-chat .bot-row").get_by_text("…", exact=True)
        waiting.last.wait_for(state="detached")
        self.page.wait_for_selector('.sm-status[data-busy="no"]', state="attached")


def chromium_path() -> str | None:
    named = os.environ.get("SHOPMOMENT_CHROMIUM")
    found = (shutil.which(n) for n in ("chromium", "chromium-browser", "google-chrome"))
    return named or next((path for path in found if path), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    path = chromium_path()
    if path is None:
        pytest.skip("no chromium: run scripts/setup_browser.sh or set SHOPMOMENT_CHROMIUM")
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=quiet)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def served() -> Iterator[Site]:
    shops = {name: FakeAssistant(PRODUCTS, name=name) for name in ("demo", "toys")}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    page = launch(
        lambda catalog, shopper: shops[catalog],
        ["demo", "toys"],
        catalog="demo",
        port=port,
        wait=False,
    )
    yield Site(page.local_url, shops)
    page.close()


@pytest.fixture
def site(served: Site) -> Iterator[Site]:
    for shop in served.shops.values():
        shop.gate.set()
        shop.heard.clear()
    yield served
    for shop in served.shops.values():
        shop.gate.set()


class OpenTab:
    """Opens tabs in browser contexts of their own; closed at the end of the test."""

    def __init__(self, browser: Any, url: str) -> None:
        self.browser, self.url = browser, url
        self.contexts: list[Any] = []

    def __call__(self, width: int = 1280, height: int = 800, **options: Any) -> Tab:
        context = self.browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(15_000)
        self.contexts.append(context)
        tab = Tab(context.new_page())
        tab.page.on("console", lambda m: tab.errors.append(m.text) if m.type == "error" else None)
        tab.page.on("pageerror", lambda error: tab.errors.append(str(error)))
        tab.page.on("request", lambda r: self._note(tab, r.url))
        tab.page.on("dialog", lambda d: self._dismiss(tab, d))
        tab.page.goto(self.url)
        tab.page.get_by_text("things from the").wait_for()
        return tab

    def _dismiss(self, tab: Tab, dialog: Any) -> None:
        tab.dialogs.append(dialog.message)
        dialog.dismiss()

    def _note(self, tab: Tab, url: str) -> None:
        if not url.startswith((self.url, "data:", "blob:")):
            tab.outside.append(url)


@pytest.fixture
def open_tab(browser: Any, site: Site) -> Iterator[OpenTab]:
    opener = OpenTab(browser, site.url)
    yield opener
    for context in opener.contexts:
        context.close()
