"""A recipient's row: what is cleaned, what is refused (ORD-09, ORD-10)."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ordering.domain.errors import RecipientsCountError, RecipientsRefusedError, RowProblem
from ordering.domain.limits import OrderLimits

_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―−\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Also the marks of direction that phones and chats put unseen around a number that is copied from them."""
_LOST_ZERO = re.compile(r"1(?:0\d{8}|[16789]\d{7,8})", re.ASCII)
_MOBILE = re.compile(r"010\d{8}|01[16789]\d{7,8}", re.ASCII)


class Row(NamedTuple):
    """A row as it was given; nothing is trusted yet."""

    phone: str
    name: str = ""
    company: str = ""
    title: str = ""


class Recipient(NamedTuple):
    """A row that may be ordered for; the phone is digits only and stays out of every log."""

    row_no: int
    phone: str
    name: str
    company: str
    title: str

    def __repr__(self) -> str:
        return f"Recipient(row_no={self.row_no})"


def cleaned_phone(given: str) -> str:
    """Digits of a phone: separators removed, full-width digits and a lost leading 0 restored (ORD-09)."""
    digits = _SEPARATORS.sub("", given if given.isascii() else unicodedata.normalize("NFKC", given))
    digits = digits.removeprefix("+82")
    return "0" + digits if _LOST_ZERO.fullmatch(digits) else digits


def is_mobile(phone: str) -> bool:
    """010 with 11 digits, 011/016/017/018/019 with 10 or 11."""
    return _MOBILE.fullmatch(phone) is not None


def masked_phone(phone: str) -> str:
    """`010-****-5678`: what a recipient sees of the number before proving it (ORD-26)."""
    return f"{phone[:3]}-{'*' * (len(phone) - 7)}-{phone[-4:]}"


def cleaned_text(given: str) -> str:
    """Composed Hangul, without spaces around."""
    text = given.strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def recipients_of(
    rows: Sequence[Row], limits: OrderLimits, *, repeats_allowed: bool, single_recipient: bool
) -> tuple[Recipient, ...]:
    """The recipients that the rows name, empty rows skipped.

    Raises `RecipientsCountError`, or `RecipientsRefusedError` with every problem of every row.
    """
    recipients, problems = sort_rows(rows, limits)
    if not 1 <= len(recipients) <= limits.recipients_max:
        raise RecipientsCountError(len(recipients), limits.recipients_max)
    if not repeats_allowed or single_recipient:
        problems += _repeats(recipients)
    if problems:
        raise RecipientsRefusedError(tuple(sorted(problems, key=lambda problem: problem.row_no)))
    return recipients


def good_recipients(
    rows: Sequence[Row], limits: OrderLimits, *, repeats_allowed: bool, single_recipient: bool
) -> tuple[Recipient, ...]:
    """Those of the rows that could be ordered for as they are; at most as many as an order has."""
    recipients, problems = sort_rows(rows, limits)
    if not repeats_allowed or single_recipient:
        problems += _repeats(recipients)
    bad = {problem.row_no for problem in problems}
    return tuple(one for one in recipients if one.row_no not in bad)[: limits.recipients_max]


def sort_rows(rows: Sequence[Row], limits: OrderLimits) -> tuple[tuple[Recipient, ...], list[RowProblem]]:
    """The rows that are not empty, cleaned, and what is wrong with each by itself."""
    recipients = tuple(_filled(rows))
    return recipients, [problem for recipient in recipients for problem in _problems(recipient, limits)]


def _filled(rows: Iterable[Row]) -> Iterator[Recipient]:
    for row_no, row in enumerate(rows, start=1):
        phone = cleaned_phone(row.phone)
        name, company, title = cleaned_text(row.name), cleaned_text(row.company), cleaned_text(row.title)
        if phone or name or company or title:
            yield Recipient(row_no, phone, name, company, title)


def _problems(recipient: Recipient, limits: OrderLimits) -> Iterator[RowProblem]:
    if not recipient.phone:
        yield RowProblem(recipient.row_no, "phone", "phone_missing")
    elif not is_mobile(recipient.phone):
        yield RowProblem(recipient.row_no, "phone", "phone_invalid")
    for field, text, characters_max in (
        ("name", recipient.name, limits.name_characters_max),
        ("company", recipient.company, limits.company_characters_max),
        ("title", recipient.title, limits.title_characters_max),
    ):
        if len(text) > characters_max:
            yield RowProblem(recipient.row_no, field, f"{field}_too_long")
        elif text and not text.isprintable():
            yield RowProblem(recipient.row_no, field, f"{field}_unprintable")


def _repeats(recipients: Iterable[Recipient]) -> Iterator[RowProblem]:
    first_row_of: dict[str, int] = {}
    for recipient in recipients:
        first = first_row_of.setdefault(recipient.phone, recipient.row_no)
        if recipient.phone and first != recipient.row_no:
            yield RowProblem(recipient.row_no, "phone", "phone_repeated", repeats_row_no=first)
