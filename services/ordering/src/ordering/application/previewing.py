"""A preview: what placing would say, with every figure of the order form, and nothing reserved (ORD-35, ORD-36)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ordering.application.judging import Gathering, Judged, PlaceOrder, judge
from ordering.application.ports import UnitOfWork
from ordering.domain.errors import OrderingError
from ordering.domain.limits import PlacingRules
from ordering.domain.message import MessageSize, filled, size_of, values_of
from ordering.domain.prices import confirm_price


@dataclass(frozen=True)
class RenderedMessage:
    """The message as one recipient reads it."""

    row_no: int
    text: str = field(repr=False)
    size: MessageSize


@dataclass(frozen=True)
class Preview:
    """An order as it would be placed now; faults in the order in which placing would find them."""

    judged: Judged
    faults: tuple[OrderingError, ...]
    message: RenderedMessage | None
    coupon_message: RenderedMessage | None = None
    """The message of the page that the alimtalk's button opens (ORD-14)."""


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
    template, page = judged.template, judged.coupon_page
    return Preview(
        judged,
        tuple(faults.found),
        _rendered(judged, row_no, template.body, template.variables),
        _rendered(judged, row_no, page.message, page.variables),
    )


def _rendered(judged: Judged, row_no: int | None, body: str, variables: Sequence[str]) -> RenderedMessage | None:
    found = [one for one in judged.recipients if row_no is None or one.row_no == row_no]
    if not found or not body:
        return None
    recipient = found[0]
    text = filled(body, values_of(variables, judged.typed_values, recipient.name, recipient.company))
    return RenderedMessage(recipient.row_no, text, size_of(text))
