"""What the page needs of others."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from coupon_web.domain.link import Link, Proof, SentCode
from coupon_web.domain.page import CouponPage, LinePage


class Ordering(Protocol):
    """The ordering service on behalf of a recipient; `address` is the recipient's, by which its limits count.

    Every call raises `LinkUnknownError`, `OrderingAwayError` and `TooManyRequestsError`.
    """

    def line(self, link: Link, proof: str | None, *, address: str) -> LinePage:
        """What stands behind the link; changes nothing."""

    def coupons(self, link: Link, proof: str | None, *, address: str) -> CouponPage:
        """The coupons; `LinkUnknownError` also without a proof that holds."""

    def choose(self, link: Link, proof: str | None, item_no: int, *, address: str) -> CouponPage:
        """Pick a product, once and finally. Raises `ChoiceRefusedError`s."""

    def send_code(self, link: Link, *, address: str, at: datetime) -> SentCode:
        """Have a code sent to the line's own number. Raises `CodeTooSoonError` and `CodeLimitError`."""

    def prove(self, link: Link, code_id: UUID, code: str, *, address: str) -> Proof:
        """A proof for the right code. Raises `CodeWrongError`, `CodeOverError` and `CodeTriesOverError`."""


class Pictures(Protocol):
    """The catalogue's pictures."""

    def fetch(self, address: str) -> bytes | None:
        """The picture at an address; None when it is not to be had: a coupon is of use without it."""
