"""Headers that tell browsers how little an answer may do. What a service sets itself stays."""

from __future__ import annotations

from flask import Response

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_API_POLICY = "default-src 'none'; frame-ancestors 'none'"
_PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'"
)
_TRANSPORT_SECURITY = "max-age=31536000; includeSubDomains"


def protect(response: Response, *, is_page: bool, is_secure: bool) -> Response:
    """Add what is missing. No header of CORS is ever among it: browsers keep other sites out."""
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", _PAGE_POLICY if is_page else _API_POLICY)
    if is_secure:
        response.headers.setdefault("Strict-Transport-Security", _TRANSPORT_SECURITY)
    return response
