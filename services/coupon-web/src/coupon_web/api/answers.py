"""What every answer of the page carries, and refusals as pages for people instead of documents for programs."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from flask import Response, request

from chassis.problems import MEDIA_TYPE
from coupon_web.api.problems import HEADINGS, OTHER_HEADING

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}

Render = Callable[..., str]


def protect(response: Response) -> Response:
    """Add what is missing: stored nowhere, found nowhere, told to nobody, and nothing from other hosts."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def as_page(response: Response, render: Render) -> Response:
    """A refusal as a page, with its status and headers; other answers stay."""
    if response.mimetype != MEDIA_TYPE:
        return response
    problem = response.get_json(force=True)
    code = str(problem["code"])
    html = render(
        "notice.html",
        heading=HEADINGS.get(code, OTHER_HEADING),
        text=problem["message"]["ko"],
        is_passing=response.status_code in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE},
        is_reading=request.method in {"GET", "HEAD"},
        correlation_id=problem["correlation_id"],
    )
    response.set_data(html)
    response.mimetype = "text/html"
    # Where nobody logs in, the header would make some browsers ask for a password.
    response.headers.pop("WWW-Authenticate", None)
    return response
