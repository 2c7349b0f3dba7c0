"""The page on a phone: Debian's Chromium, driven by Playwright, before the service on a port of this machine."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from recipient_api import PAGE, RecipientApi
from werkzeug.serving import make_server

from chassis.web import WsgiApp

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CHROMIUM = Path("/usr/bin/chromium")
PHONE = {"width": 390, "height": 844}
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser is as good as a server: these tests run with the integration tests."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.integration)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser."""
    if not CHROMIUM.exists():
        pytest.fail("Chromium is missing: apt-get install --yes --no-install-recommends chromium fonts-nanum")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def address(make_page: Callable[..., WsgiApp], recipient_api: RecipientApi) -> Iterator[str]:
    """Where the link leads. Pictures come from the same host, as they do behind the gateway."""
    api = make_page(secure_cookies=False).api

    def host(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/v1/images/"):
            start_response("200 OK", [("Content-Type", "image/png")])
            return [recipient_api.picture or b""]
        return api(environ, start_response)

    server = make_server("127.0.0.1", 0, host, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}{PAGE}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=[True])
def scripts(request: pytest.FixtureRequest) -> bool:
    """Whether the phone runs scripts."""
    return bool(request.param)


@pytest.fixture
def page(browser: Browser, *, scripts: bool) -> Iterator[Page]:
    """A page of a phone in Korea."""
    context = browser.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        device_scale_factor=3,
        is_mobile=True,
        has_touch=True,
        locale="ko-KR",
        timezone_id="Asia/Seoul",
        java_script_enabled=scripts,
    )
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    yield opened
    context.close()


@pytest.fixture
def look(page: Page) -> Callable[[str], None]:
    """Keeps a picture where `COUPON_WEB_PICTURES` says, for people to look at."""
    folder = os.environ.get("COUPON_WEB_PICTURES")

    def keep(name: str) -> None:
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return keep
