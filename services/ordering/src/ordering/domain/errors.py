"""What can be wrong with an order or a link. Each error carries its subject; the API maps them once."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


class OrderingError(Exception):
    """The base of this service's expected errors."""


class OrderNameInvalidError(OrderingError):
    """The order name is too long or holds control characters (ORD-06)."""

    def __init__(self, characters_max: int) -> None:
        super().__init__("order name")
        self.characters_max = characters_max


class SendTitleMissingError(OrderingError):
    """The send title is empty (ORD-07)."""


class SendTitleInvalidError(OrderingError):
    """The send title is too long or holds something else than digits, Hangul, Latin letters (ORD-07)."""

    def __init__(self, characters_max: int) -> None:
        super().__init__("send title")
        self.characters_max = characters_max


class ProductsCountError(OrderingError):
    """A fixed order holds 1 to 20 products, a choice 2 to 20 (ORD-01, ORD-02)."""

    def __init__(self, count: int, products_min: int, products_max: int) -> None:
        super().__init__(f"{count} products")
        self.count = count
        self.products_min = products_min
        self.products_max = products_max


class DefaultItemUnknownError(OrderingError):
    """The default item is none of the choice order's products (ORD-04)."""

    def __init__(self, offer_id: UUID) -> None:
        super().__init__(f"default {offer_id}")
        self.offer_id = offer_id


class OfferRepeatedError(OrderingError):
    """Every product comes once (ORD-01)."""

    def __init__(self, offer_id: UUID) -> None:
        super().__init__(f"offer {offer_id} twice")
        self.offer_id = offer_id


class OfferNotOnSaleError(OrderingError):
    """The offer is unknown, discontinued or has no price yet."""

    def __init__(self, offer_id: UUID) -> None:
        super().__init__(f"offer {offer_id}")
        self.offer_id = offer_id


class RecipientsCountError(OrderingError):
    """An order has 1 to 10,000 recipients (ORD-09)."""

    def __init__(self, count: int, recipients_max: int) -> None:
        super().__init__(f"{count} recipients")
        self.count = count
        self.recipients_max = recipients_max


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with one recipient's row; rows count from 1 as they were given."""

    row_no: int
    field: str
    code: str
    repeats_row_no: int | None = None


class RecipientsRefusedError(OrderingError):
    """Rows are wrong, repeated, or lack a value that the template uses (ORD-09, ORD-10, ORD-13)."""

    def __init__(self, rows: tuple[RowProblem, ...]) -> None:
        super().__init__(f"{len(rows)} problems in recipients")
        self.rows = rows
        self.count = len(rows)


class TypedValueError(OrderingError):
    """A typed value is too long, or the template has no such variable (ORD-13)."""

    def __init__(self, variable: str, characters_max: int) -> None:
        super().__init__(f"value of {variable}")
        self.variable = variable
        self.characters_max = characters_max


class TypedValueMissingError(OrderingError):
    """The template uses a variable that no recipient's row can fill, and no value was typed (ORD-13)."""

    def __init__(self, variable: str) -> None:
        super().__init__(f"value of {variable}")
        self.variable = variable


class MessageTooLongError(OrderingError):
    """The filled message of the longest row passes a limit: CP949 bytes, or the provider's characters (ORD-13)."""

    def __init__(self, limit: str, size: int, size_max: int) -> None:
        super().__init__(f"{size} {limit}")
        self.limit = limit
        self.size = size
        self.size_max = size_max


class PriceChangedError(OrderingError):
    """The amount seen differs from what the order costs now; carries the new figures in KRW (ORD-15)."""

    def __init__(self, seen_krw: int, list_amount_krw: int, pay_amount_krw: int) -> None:
        super().__init__(f"seen {seen_krw}, costs {pay_amount_krw}")
        self.seen_krw = seen_krw
        self.list_amount_krw = list_amount_krw
        self.discount_amount_krw = list_amount_krw - pay_amount_krw
        self.pay_amount_krw = pay_amount_krw


class SendTimeRefusedError(OrderingError):
    """An order cannot be sent at that time (ORD-08); `reason` is one of the schedule's faults."""

    def __init__(self, reason: str, first_at: datetime, last_on: date, step_minutes: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.first_at = first_at
        self.last_on = last_on
        self.step_minutes = step_minutes


class NotCancellableError(OrderingError):
    """Only a scheduled order can be cancelled, before its sending starts (ORD-20)."""

    def __init__(self, order_id: UUID, state: str) -> None:
        super().__init__(f"order {order_id} is {state}")
        self.order_id = order_id
        self.state = state


class TermsNotAgreedError(OrderingError):
    """The required tick is missing (ORD-15)."""


class TemplateUnknownError(OrderingError):
    """No usable template has the id."""

    def __init__(self, template_id: UUID) -> None:
        super().__init__(f"template {template_id}")
        self.template_id = template_id


class MemberMayNotOrderError(OrderingError):
    """The member is unknown here, not active, or of another company."""


class CompanyMayNotOrderError(OrderingError):
    """The company is unknown here or suspended."""


class OrderUnknownError(OrderingError):
    """No order of the caller has the id (ORD-24)."""


class FundsShortError(OrderingError):
    """Wallet refused the order; names the figure that was short, in KRW (ORD-15)."""

    def __init__(self, order_id: UUID, reason: str, figure_ko: str, *, required_krw: int, available_krw: int) -> None:
        super().__init__(reason)
        self.order_id = order_id
        self.reason = reason
        self.figure_ko = figure_ko
        self.required_krw = required_krw
        self.available_krw = available_krw
        self.short_krw = max(required_krw - available_krw, 0)


class ReservationTimedOutError(OrderingError):
    """The money was waited for too long; nothing is held, and the order may be placed anew."""

    def __init__(self, order_id: UUID) -> None:
        super().__init__(f"order {order_id}")
        self.order_id = order_id


class LinkUnknownError(OrderingError):
    """The link or its proof is unknown, foreign or expired: one answer for all, which tells nothing (ORD-26)."""


class ChoiceOverError(OrderingError):
    """A choice is made once and is final; here it was made, or there is none to make (ORD-28)."""


class ChoiceUnavailableError(OrderingError):
    """The product is none of the order's, or cannot be had any more: another one has to be picked (ORD-27, ORD-28)."""

    def __init__(self, item_no: int) -> None:
        super().__init__(f"item {item_no}")
        self.item_no = item_no


class WorkbookUnreadableError(OrderingError):
    """The file is no workbook, damaged, packed too far, or its first sheet has no column of phone numbers (ORD-11)."""


class WorkbookRowsError(OrderingError):
    """The sheet has more rows than anybody looks at."""

    def __init__(self, rows_max: int) -> None:
        super().__init__(f"more than {rows_max} rows")
        self.rows_max = rows_max


class LineUnknownError(OrderingError):
    """The order has no such recipient."""


class OrdererOnlyError(OrderingError):
    """Coupon numbers are shown to who ordered them, and to nobody else (ORD-25)."""


class ResendRefusedError(OrderingError):
    """The message cannot be sent again now, or not at all (ORD-21)."""

    def __init__(self, reason: str, resends: int, resends_max: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.resends = resends
        self.resends_max = resends_max
