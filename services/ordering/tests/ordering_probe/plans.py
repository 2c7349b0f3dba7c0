"""Anniversary plans with everything that a test does not care about filled in."""

from datetime import date
from typing import Any
from uuid import UUID

from ordering.adapters.lunar import KoreanAlmanac
from ordering.application.plan_ports import PlanRules
from ordering.application.plans import PlanDraft
from ordering.domain.line import Row
from ordering.domain.order import OrderType
from ordering.domain.plan import PlanItem, PlanRow
from ordering.settings import OrderRules
from ordering_probe.builders import CAKE, COFFEE, COMPANY, MASTER, TEMPLATE

ALMANAC = KoreanAlmanac()
PLAN_RULES = PlanRules(OrderRules().placing(), ALMANAC, plans_max=5)
PROFILE = UUID(int=0x9F)
TODAY = date(2026, 3, 2)
"""The day in Seoul of the tests' fixed clock."""


def on_days(*anniversaries: str, calendar: str = "") -> tuple[PlanRow, ...]:
    """A recipient a day, each with a number of its own."""
    return tuple(
        PlanRow(Row(phone=f"010-0000-{number:04d}", name="홍길동"), written, calendar)
        for number, written in enumerate(anniversaries)
    )


def a_draft(**changes: Any) -> PlanDraft:
    """A coffee at 4,500 KRW for one recipient on every 5 March."""
    filled = {
        "company_id": COMPANY,
        "member_id": MASTER,
        "order_name": "생일 선물",
        "send_title": "생일 축하",
        "order_type": OrderType.FIXED,
        "items": (PlanItem(COFFEE, 4_500),),
        "default_offer_id": None,
        "rows": on_days("1990/03/05"),
        "template_id": TEMPLATE,
        "values": {},
        "repeats_allowed": False,
        "sender_profile_id": None,
        "ends_on": None,
        "agreed_terms": True,
        "terms_version": None,
    }
    return PlanDraft(**(filled | changes))


def a_choice_draft(**changes: Any) -> PlanDraft:
    """A coffee at 4,500 or a cake at 9,000 KRW."""
    items = (PlanItem(COFFEE, 4_500), PlanItem(CAKE, 9_000))
    return a_draft(**({"order_type": OrderType.CHOICE, "items": items} | changes))
