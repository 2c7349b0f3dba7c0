"""Whose page made a request that changes something."""

from __future__ import annotations

from flask import request

from coupon_web.domain.errors import ForeignRequestError

OWN_SITES = frozenset({"same-origin", "none"})
"""`none` is a person's own doing: an address typed, a form sent again by reloading."""
HIDDEN_ORIGIN = "null"
"""How browsers write the origin of our own forms too, because the pages send no referrer."""


def refuse_foreign(public_origin: str) -> None:
    """Raise `ForeignRequestError` for a request that another site's page made.

    Browsers say so in `Sec-Fetch-Site`, older ones in `Origin`. One that says neither is let through: whoever can
    forge its request would have to know the link's token, which stands in the address.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in OWN_SITES:
            raise ForeignRequestError
        return
    origin = request.headers.get("Origin")
    if origin not in {None, HIDDEN_ORIGIN, public_origin}:
        raise ForeignRequestError
