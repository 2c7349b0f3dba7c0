"""The table of public addresses: which part answers below a prefix, and who is let through to it.

The longest prefix decides. What stands in no row is not reachable from outside: health, metrics and OpenAPI documents
of services among others. A service checks its caller again; a row only spares it the calls of nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gateway.domain.parts import Part, Side

ORDINARY_TIMEOUT_SECONDS = 10.0
OUTSIDE_CALL_TIMEOUT_SECONDS = 30.0
"""Of routes whose service asks somebody outside before it answers: the tax office, the payment provider."""
PLACING_TIMEOUT_SECONDS = 20.0
"""Placing an order waits some seconds for the wallet's word before it answers 202."""
PAGE_TIMEOUT_SECONDS = 25.0
"""Longer than what a page calls through us itself, so that its own word about a failure arrives."""
WORKBOOK_TIMEOUT_SECONDS = 30.0
"""Of routes that read or write workbooks of up to 10,000 rows and more."""
CHANNEL_TIMEOUT_SECONDS = 50.0
"""Longer than the channel provider may take to answer."""
ADMIN_TIMEOUT_SECONDS = 60.0

WITHHELD = ("/admin/rest",)
"""Paths at services for the sandbox's clock alone, inside the network: how much work is still open."""


class Access(StrEnum):
    """Whose token a prefix asks for."""

    PUBLIC = "public"
    MEMBER = "member"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Route:
    """One row: requests below `prefix` go to `part`, below `target` there."""

    prefix: str
    part: Part
    access: Access
    side: Side = Side.API
    target_prefix: str | None = None
    timeout_seconds: float = ORDINARY_TIMEOUT_SECONDS
    is_careful: bool = False
    """Codes and passwords are tried here: what changes something counts against the tighter rate."""
    is_webhook: bool = False
    """A provider reports here, guarded by the secret in the address: one address sends as much as all clients cause."""
    may_wait: bool = False
    """Answers to GET may be waited for with `?wait_seconds=`."""
    is_page: bool = False
    """People see the answer in a browser."""

    def target_of(self, path: str) -> str | None:
        """The path at the service of a path below the prefix; None for one that is withheld."""
        rest = path[len(self.prefix) :]
        target = (self.prefix if self.target_prefix is None else self.target_prefix) + rest
        is_withheld = any(target == held or target.startswith(f"{held}/") for held in WITHHELD)
        return None if is_withheld else target


def _api(part: Part, access: Access, *prefixes: str, timeout_seconds: float = ORDINARY_TIMEOUT_SECONDS) -> list[Route]:
    return [Route(prefix, part, access, timeout_seconds=timeout_seconds) for prefix in prefixes]


def _admin(part: Part) -> Route:
    return Route(f"/admin/{part}", part, Access.OPERATOR, Side.ADMIN, "/admin", timeout_seconds=ADMIN_TIMEOUT_SECONDS)


ROUTES: tuple[Route, ...] = (
    *_api(Part.IDENTITY, Access.PUBLIC, "/v1/terms", "/.well-known/jwks.json"),
    Route(
        "/v1/sign-ups",
        Part.IDENTITY,
        Access.PUBLIC,
        timeout_seconds=OUTSIDE_CALL_TIMEOUT_SECONDS,
        is_careful=True,
    ),
    Route("/v1/sessions", Part.IDENTITY, Access.PUBLIC, is_careful=True),
    Route("/v1/invitations", Part.IDENTITY, Access.PUBLIC, is_careful=True),
    Route("/v1/password-resets", Part.IDENTITY, Access.PUBLIC, is_careful=True),
    Route("/v1/me/password", Part.IDENTITY, Access.MEMBER, is_careful=True),
    Route("/v1/me/secure-login", Part.IDENTITY, Access.MEMBER, is_careful=True),
    Route("/v1/me/phone-codes", Part.IDENTITY, Access.MEMBER, is_careful=True),
    Route("/v1/me/phone", Part.IDENTITY, Access.MEMBER, is_careful=True),
    *_api(Part.IDENTITY, Access.MEMBER, "/v1/sessions/current", "/v1/me", "/v1/company"),
    Route("/v1/members", Part.IDENTITY, Access.MEMBER, timeout_seconds=WORKBOOK_TIMEOUT_SECONDS, may_wait=True),
    *_api(Part.CATALOG, Access.MEMBER, "/v1/products", "/v1/brands", "/v1/categories", "/v1/popular-products"),
    *_api(Part.CATALOG, Access.MEMBER, "/v1/cart", "/v1/quotes", "/v1/banners"),
    *_api(Part.CATALOG, Access.PUBLIC, "/v1/images"),
    *_api(Part.WALLET, Access.MEMBER, "/v1/charges", timeout_seconds=OUTSIDE_CALL_TIMEOUT_SECONDS),
    *_api(Part.WALLET, Access.MEMBER, "/v1/wallet", "/v1/refunds", "/v1/spending-limits"),
    *_api(Part.WALLET, Access.MEMBER, "/v1/invoices", timeout_seconds=WORKBOOK_TIMEOUT_SECONDS),
    Route("/v1/webhooks/payments", Part.WALLET, Access.PUBLIC, is_webhook=True),
    Route("/v1/orders", Part.ORDERING, Access.MEMBER, timeout_seconds=PLACING_TIMEOUT_SECONDS, may_wait=True),
    *_api(Part.ORDERING, Access.MEMBER, "/v1/recipients"),
    *_api(Part.ORDERING, Access.MEMBER, "/v1/statements", timeout_seconds=WORKBOOK_TIMEOUT_SECONDS),
    Route("/v1/anniversary-plans", Part.ORDERING, Access.MEMBER, timeout_seconds=WORKBOOK_TIMEOUT_SECONDS),
    # The recipient's link token and proof are the ordering service's to check.
    *_api(Part.ORDERING, Access.PUBLIC, "/v1/recipient"),
    Route("/v1/recipient/codes", Part.ORDERING, Access.PUBLIC, is_careful=True),
    *_api(Part.MESSAGING, Access.PUBLIC, "/v1/cards"),
    *_api(Part.MESSAGING, Access.MEMBER, "/v1/templates", "/v1/notifications"),
    *_api(Part.MESSAGING, Access.MEMBER, "/v1/address-book", timeout_seconds=WORKBOOK_TIMEOUT_SECONDS),
    Route("/v1/sender-profiles", Part.MESSAGING, Access.MEMBER, timeout_seconds=CHANNEL_TIMEOUT_SECONDS),
    Route(
        "/v1/sender-profiles/tokens",
        Part.MESSAGING,
        Access.MEMBER,
        timeout_seconds=CHANNEL_TIMEOUT_SECONDS,
        is_careful=True,
    ),
    Route("/v1/webhooks/messages", Part.MESSAGING, Access.PUBLIC, is_webhook=True),
    Route(
        "/c",
        Part.COUPON_WEB,
        Access.PUBLIC,
        timeout_seconds=PAGE_TIMEOUT_SECONDS,
        is_careful=True,
        is_page=True,
    ),
    *(_admin(part) for part in Part if part is not Part.COUPON_WEB),
    Route("/admin/identity/sessions", Part.IDENTITY, Access.PUBLIC, Side.ADMIN, "/admin/sessions", is_careful=True),
    Route("/admin/identity/sessions/current", Part.IDENTITY, Access.OPERATOR, Side.ADMIN, "/admin/sessions/current"),
    # Links to uploaded papers are signed and short-lived; a browser opens them without a token.
    Route("/admin/identity/files", Part.IDENTITY, Access.PUBLIC, Side.ADMIN, "/admin/files"),
    Route("/admin/wallet/files", Part.WALLET, Access.PUBLIC, Side.ADMIN, "/admin/files"),
)
