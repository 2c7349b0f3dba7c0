"""Issuing quotes from the cart and from the order form (CAT-08)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from catalog.application.ports import UnitOfWork
from catalog.domain.errors import CompanyNotKnownYet, OfferNotFound, ProductDiscontinued, QuoteNotFound
from catalog.domain.quote import SEOUL, Quote, QuotedOrderType, QuoteLine, SupplierParty, admit, quote_number


@dataclass(frozen=True)
class IssueQuote:
    """A quote for offers, or for lines of the member's cart: all of them when none is named."""

    member_id: UUID
    company_id: UUID
    order_type: QuotedOrderType
    recipients: int
    offer_ids: Sequence[UUID] | None = None
    cart_line_ids: Sequence[UUID] = ()


def issue_quote(command: IssueQuote, supplier: SupplierParty, uow: UnitOfWork) -> Quote:
    """Issue the quote at present prices.

    Raises `QuoteIncomplete`, `QuoteRecipientsCount`, `OfferNotFound`, `ProductDiscontinued`, `CartLineNotFound`,
    `CompanyNotKnownYet`.
    """
    company_name = uow.companies.name_of(command.company_id)
    if company_name is None:
        raise CompanyNotKnownYet(command.company_id)
    issued_at = uow.now()
    offer_ids = _offer_ids(command, uow)
    admit(len(offer_ids), command.recipients, uow.rules)
    lines = _lines(offer_ids, uow)
    quote = Quote(
        id=uow.new_id(),
        number=quote_number(issued_at.astimezone(SEOUL).date(), uow.quotes.next_number()),
        issued_at=issued_at,
        member_id=command.member_id,
        company_id=command.company_id,
        company_name=company_name,
        supplier=supplier,
        order_type=command.order_type,
        recipients=command.recipients,
        valid_days=uow.rules.quote_valid_days,
        lines=lines,
    )
    uow.quotes.add(quote)
    return quote


def quote_of(quote_id: UUID, member_id: UUID, uow: UnitOfWork) -> Quote:
    """A quote that the member issued. Raises `QuoteNotFound`, also for another's."""
    quote = uow.quotes.find(quote_id)
    if quote is None or quote.member_id != member_id:
        raise QuoteNotFound(quote_id)
    return quote


def _offer_ids(command: IssueQuote, uow: UnitOfWork) -> Sequence[UUID]:
    if command.offer_ids is not None:
        return tuple(dict.fromkeys(command.offer_ids))
    cart = uow.carts.get(command.member_id)
    lines = [cart.line(line_id) for line_id in command.cart_line_ids] or cart.lines
    return [line.choice.offer_id for line in lines]


def _lines(offer_ids: Sequence[UUID], uow: UnitOfWork) -> tuple[QuoteLine, ...]:
    known = {
        offer.offer_id: (product, offer)
        for product in uow.views.products_of_offers(offer_ids)
        for offer in product.offers
    }
    lines = []
    for offer_id in offer_ids:
        if offer_id not in known:
            raise OfferNotFound(offer_id)
        product, offer = known[offer_id]
        if product.discontinued:
            raise ProductDiscontinued(product.product_id, product.name)
        lines.append(
            QuoteLine(
                product_id=product.product_id,
                brand_name=product.brand_name,
                product_name=product.name,
                validity_days=offer.validity_days,
                face_price_krw=offer.face_price_krw,
                sale_price_krw=offer.sale_price_krw,
            )
        )
    return tuple(lines)
