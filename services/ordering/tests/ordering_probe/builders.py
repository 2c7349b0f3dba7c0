"""Events of others, and orders, with everything that a test does not care about filled in."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from chassis.sealing import Keyring, Sealer
from contracts.catalog import OfferAvailability, OfferPublished, TimedPrice
from contracts.identity import CompanyChanged, CompanyState, MemberState, MemberStateChanged
from contracts.messaging import DeliveryChannel, DeliveryOutcome, DeliveryReport, TemplatePublished
from contracts.values import MemberRole, PaymentMethod, Sealed
from contracts.wallet import FundsRefused, FundsReserved, RefusalReason
from ordering.application.judging import PlaceOrder
from ordering.domain.line import Row
from ordering.domain.order import OrderType

SEALER = Sealer(Keyring("test-1", {"test-1": bytes([1]) * 32}))
"""Seals as the settings of the tests do."""
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
COMPANY = UUID(int=0xC0)
MASTER = UUID(int=0xA1)
SUB = UUID(int=0xA2)
TEMPLATE = UUID(int=0x7E)
COFFEE = UUID(int=0x0F1)
CAKE = UUID(int=0x0F2)


def a_company(**changes: Any) -> CompanyChanged:
    """An approved company."""
    said = {
        "company_id": COMPANY,
        "version": 1,
        "state": CompanyState.APPROVED,
        "name": "다우기술",
        "representative_name": "김대표",
        "business_number": "1208147521",
        "payment_method": PaymentMethod.PREPAID,
        "master_id": MASTER,
        "approved_at": BEGINNING,
    }
    return CompanyChanged(**(said | changes))


def a_member(**changes: Any) -> MemberStateChanged:
    """The company's active master."""
    said = {
        "member_id": MASTER,
        "company_id": COMPANY,
        "version": 1,
        "role": MemberRole.MASTER,
        "state": MemberState.ACTIVE,
        "name": "홍마스터",
        "department": "총무",
        "title": "과장",
        "email": SEALER.seal_text("master@daou.example"),
        "phone": Sealed(key_id="k", ciphertext="x"),
        "joined_at": BEGINNING,
    }
    return MemberStateChanged(**(said | changes))


def a_sub_member(**changes: Any) -> MemberStateChanged:
    """A sub-member of the same company."""
    return a_member(**({"member_id": SUB, "role": MemberRole.SUB, "name": "김서브"} | changes))


def an_offer(offer_id: UUID = COFFEE, *, price_krw: int = 4_500, **changes: Any) -> OfferPublished:
    """An offer on sale at one price since the beginning."""
    said = {
        "offer_id": offer_id,
        "version": 1,
        "product_id": uuid4(),
        "brand_name": "더벤티",
        "product_name": "아이스 아메리카노" if offer_id == COFFEE else "엘팅초코바나나",
        "notice": "매장에서 제시하세요.",
        "image_path": "products/coffee.png",
        "validity_days": 30,
        "face_price_krw": 5_000,
        "prices": (TimedPrice(sale_price_krw=price_krw, effective_at=BEGINNING),),
        "availability": OfferAvailability.ON_SALE,
        "cash_like": False,
        "night_restricted": False,
        "single_recipient": False,
        "supplier": "giftishow",
        "supplier_goods_code": f"G{offer_id.int:011d}",
    }
    return OfferPublished(**(said | changes))


def a_repricing(offer: OfferPublished, price_krw: int, effective_at: datetime) -> OfferPublished:
    """The same offer with one more price to come."""
    prices = (*offer.prices, TimedPrice(sale_price_krw=price_krw, effective_at=effective_at))
    return offer.model_copy(update={"version": offer.version + 1, "prices": prices})


def a_template(**changes: Any) -> TemplatePublished:
    """A template that greets by name."""
    said = {
        "template_id": TEMPLATE,
        "version": 1,
        "theme": "감사",
        "name": "감사 인사",
        "body": "안녕하세요 #{이름}님",
        "variables": ("#{이름}",),
        "usable": True,
    }
    return TemplatePublished(**(said | changes))


def rows(count: int) -> tuple[Row, ...]:
    """So many recipients with different numbers that no provider treats badly."""
    return tuple(Row(phone=f"010-0000-{number:04d}", name="홍길동") for number in range(count))


def many_rows(count: int) -> tuple[Row, ...]:
    """More recipients than a range of four digits holds."""
    return tuple(Row(phone=f"0102{number:07d}", name="홍길동", company="다우기술") for number in range(count))


def an_order(**changes: Any) -> PlaceOrder:
    """A coffee for one recipient at 4,500 KRW."""
    asked = {
        "company_id": COMPANY,
        "member_id": MASTER,
        "order_name": "연말 선물",
        "send_title": "연말 감사",
        "offer_ids": (COFFEE,),
        "rows": rows(1),
        "template_id": TEMPLATE,
        "values": {},
        "pay_amount_krw": 4_500,
        "agreed_terms": True,
    }
    return PlaceOrder(**(asked | changes))


def a_choice(**changes: Any) -> PlaceOrder:
    """A coffee at 4,500 or a cake at 9,000 for one recipient."""
    asked = {"order_type": OrderType.CHOICE, "offer_ids": (COFFEE, CAKE), "pay_amount_krw": 9_000}
    return an_order(**(asked | changes))


def funds_reserved(order_id: UUID, amount_krw: int = 4_500) -> FundsReserved:
    """Wallet holds the money."""
    return FundsReserved(
        order_id=order_id, company_id=COMPANY, hold_id=uuid4(), amount_krw=amount_krw, reserved_at=BEGINNING
    )


def funds_refused(order_id: UUID, **changes: Any) -> FundsRefused:
    """The balance is short by 500 KRW."""
    said = {
        "order_id": order_id,
        "company_id": COMPANY,
        "reason": RefusalReason.BALANCE,
        "required_krw": 4_500,
        "available_krw": 4_000,
        "refused_at": BEGINNING,
    }
    return FundsRefused(**(said | changes))


def a_report(line_id: UUID, outcome: DeliveryOutcome = DeliveryOutcome.SUCCESS) -> DeliveryReport:
    """How one message ended."""
    return DeliveryReport(
        line_id=line_id,
        outcome=outcome,
        channel=DeliveryChannel.ALIMTALK,
        code="7000",
        at=BEGINNING + timedelta(days=60),
    )
