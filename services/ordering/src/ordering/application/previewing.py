"""A preview: what placing would say but for the money, with every figure of the form (ORD-35, ORD-36)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from ordering.application.judging import Gathering, Judged, PlaceOrder, judge
from ordering.application.ports import UnitOfWork
from ordering.domain.errors import OrderingError
from ordering.domain.limits import PlacingRules
from ordering.domain.line import Recipient
from ordering.domain.message import MessageSize, filled, size_of, values_of
from ordering.domain.prices import confirm_price


@dataclass(frozen=True)
class MessageRow:
    """Whose message is looked at, and what fills it; messaging renders it, as it renders what is sent."""

    row_no: int
    template_id: UUID
    template_version: int
    values: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class RenderedMessage:
    """The message of the page that the alimtalk's button opens, as one recipient reads it (ORD-14)."""

    row_no: int
    text: str = field(repr=False)
    size: MessageSize


@dataclass(frozen=True)
class Preview:
    """An order as it would be placed now; faults in the order in which placing would find them."""

    judged: Judged
    faults: tuple[OrderingError, ...]
    message_row: MessageRow | None
    coupon_message: RenderedMessage | None


def preview_order(
    command: PlaceOrder, uow: UnitOfWork, rules: PlacingRules, *, seen_krw: int | None, row_no: int | None
) -> Preview:
    """Judge an order as placing does. `seen_krw` is compared when given; the message is that of `row_no`, or the first.

    Whether the money is there only wallet can say, and says at placing.
    """
    faults = Gathering()
    judged = judge(replace(command, agreed_terms=True), uow, rules, faults)
    if seen_krw is not None:
        faults.value(lambda: confirm_price(judged.figures, seen_krw), lambda: None)
    recipient = next((one for one in judged.recipients if row_no is None or one.row_no == row_no), None)
    found = tuple(faults.found)
    if recipient is None:
        return Preview(judged, found, None, None)
    return Preview(judged, found, _message_row(judged, recipient), _coupon_message(judged, recipient))


def _message_row(judged: Judged, recipient: Recipient) -> MessageRow | None:
    template = judged.template
    if not template.usable:
        return None
    values = values_of(template.variables, judged.typed_values, recipient.name, recipient.company)
    return MessageRow(recipient.row_no, template.template_id, template.version, values)


def _coupon_message(judged: Judged, recipient: Recipient) -> RenderedMessage | None:
    page = judged.coupon_page
    if not page.message:
        return None
    text = filled(page.message, values_of(page.variables, judged.typed_values, recipient.name, recipient.company))
    return RenderedMessage(recipient.row_no, text, size_of(text))
