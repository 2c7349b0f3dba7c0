"""A recipient with a phone: opens the link, proves the number, sees the coupons."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import httpx

from launcher.journey.outside import Outside
from launcher.words import LauncherError

TIMEOUT_SECONDS = 20.0


@dataclass(frozen=True)
class Page:
    """A page as a browser without scripts has it."""

    status: int
    html: str
    forms: tuple[tuple[str, dict[str, str]], ...]

    @property
    def text(self) -> str:
        """The words on the page."""
        return " ".join(re.sub(r"<[^>]+>", " ", self.html).split())


class Recipient:
    """A browser on one phone."""

    def __init__(self, phone: str, outside: Outside) -> None:
        self.phone = phone
        self._outside = outside
        self._browser = httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=True, trust_env=False)

    def open_link(self, link: str) -> Page:
        """What the link shows before and after proving."""
        self._origin = "{0.scheme}://{0.netloc}".format(urlsplit(link))
        self._link = link
        return self._read(self._browser.get(link))

    def prove(self) -> Page:
        """Ask for a code, enter it, and see what is behind."""
        asked = []
        code = self._outside.code_after(self.phone, lambda: asked.append(self._press("/code")))
        return self._press("/proof", page=asked[0], code=code)

    def _press(self, ending: str, page: Page | None = None, **typed: str) -> Page:
        """Send the page's form whose address ends so."""
        shown = page or self._read(self._browser.get(self._link))
        for action, hidden in shown.forms:
            if urlsplit(action).path.endswith(ending):
                address = action if "://" in action else f"{self._origin}{action}"
                headers = {"Origin": self._origin}
                return self._read(self._browser.post(address, data={**hidden, **typed}, headers=headers))
        raise LauncherError(f"the coupon page has no form for {ending}")

    def _read(self, response: httpx.Response) -> Page:
        reader = _Forms()
        reader.feed(response.text)
        return Page(response.status_code, response.text, tuple(reader.forms))


class _Forms(HTMLParser):
    """The forms of a page with their hidden fields."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = dict(attrs)
        if tag == "form":
            self.forms.append((given.get("action") or "", {}))
        elif tag == "input" and self.forms and given.get("type") == "hidden" and given.get("name"):
            self.forms[-1][1][given["name"]] = given.get("value") or ""
