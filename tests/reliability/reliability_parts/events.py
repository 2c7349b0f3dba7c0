"""What publishers say beside the course of the main job, made from the contracts' examples."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from chassis.ids import new_id
from chassis.sealing import Sealer
from contracts import audit, catalog, identity, messaging, scheduler, wallet
from contracts.event import Event
from contracts.examples import example
from contracts.ordering import coupons, dispatches, orders, plans

EventT = TypeVar("EventT", bound=Event)

COMPANY = UUID("0192f3a0-7c1e-7000-8000-000000000001")
MASTER = UUID("0192f3a0-7c1e-7000-8000-000000000002")
SEOUL = ZoneInfo("Asia/Seoul")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def an(event: type[EventT], **changes: Any) -> EventT:
    """The contract's example of an event, changed."""
    return event.model_validate(example(event.type) | changes)


class Sayings:
    """News of one company, its master, one offer and one template."""

    price_krw = 4_410

    def __init__(self, sealer: Sealer, goods_code: str) -> None:
        self._sealer = sealer
        self.template = new_id()
        self.offer = new_id()
        self._goods_code = goods_code

    def first_states(self) -> list[Event]:
        """What has to be known before an order."""
        return [self._company(1), self._member(1), self._offer(1), self._permission(1)]

    def later_states(self) -> list[Event]:
        """Every state anew, two versions each, and sessions revoked; a day began and opened; notices."""
        said: list[Event] = []
        for version in (2, 3):
            said += [self._company(version), self._member(version), self._offer(version), self._permission(version)]
            said += [self._template(version), self._profile_use(version), self.sessions_revoked(version)]
            said.append(an(wallet.LimitSet, member_id=MASTER, company_id=COMPANY, version=version, limit_krw=version))
        more = [*self._answers(), *self._notices()]
        more.append(an(coupons.IssuingMonthClosed, company_id=COMPANY))
        more.append(an(plans.PlanDayNear, plan_id=uuid4(), company_id=COMPANY, member_id=MASTER))
        return [*said, *more, an(scheduler.DayBegan), an(scheduler.DayOpened), an(scheduler.MonthTurned)]

    def of_an_application(self, application_id: UUID) -> list[Event]:
        """An application, its decision and the act; every other mail of identity; a contract, a refund's end."""
        about = {"application_id": application_id, "email": self._sealed("hana@hanbit.example")}
        acted = an(audit.OperatorActed, act_id=uuid4(), target_id=str(application_id))
        submitted, decided = identity.ApplicationSubmitted, identity.ApplicationDecided
        link = self._sealed("http://127.0.0.1/invitations/one")
        invited = an(identity.MemberInvited, invitation_id=uuid4(), email=about["email"], link=link)
        reset = an(identity.PasswordResetMade, reset_id=uuid4(), email=about["email"], link=link)
        dormancy = an(identity.DormancyNear, warning_id=uuid4(), email=about["email"])
        contracted = an(identity.CreditContracted, company_id=uuid4())
        refunded = an(wallet.RefundDecided, refund_id=uuid4(), email=about["email"])
        of_mails = [invited, reset, dormancy, contracted, refunded]
        return [an(submitted, **about), an(decided, **about), acted, *of_mails]

    def _answers(self) -> list[Event]:
        """What is open of the company is asked and counted; coupons are revoked."""
        asked = an(identity.OpenAffairsAsked, request_id=uuid4(), company_id=COMPANY, member_id=None)
        about = {"request_id": asked.request_id, "company_id": COMPANY}
        revoked = an(coupons.CouponsRevoked, revocation_id=uuid4(), company_id=COMPANY, member_id=MASTER)
        return [asked, an(orders.OpenOrdersCounted, **about), an(wallet.OpenMoneyCounted, **about), revoked]

    def _notices(self) -> list[Event]:
        """What members are told of, beside sent and refused orders."""
        return [
            an(orders.ChoicesStopped, order_id=uuid4(), company_id=COMPANY, member_id=MASTER),
            an(plans.PlanStopped, company_id=COMPANY, member_id=MASTER),
            an(wallet.BalanceLow, company_id=COMPANY),
            an(wallet.InvoiceIssued, company_id=COMPANY),
            an(wallet.ForecastShort, company_id=COMPANY, member_id=MASTER),
        ]

    def timer_fired(self, asker: str, key: str) -> scheduler.TimerFired:
        """A timer of a service is due."""
        return an(scheduler.TimerFired, timer_id=uuid4(), asker=asker, key=key)

    def coupon_revoked(self, order_id: UUID) -> coupons.CouponsRevoked:
        """An operator revoked one coupon that was issued just now, and had it repaid."""
        issued = {"month": f"{datetime.now(SEOUL):%Y-%m}", "coupons": 1, "amount_krw": self.price_krw}
        totals = {"coupons": 1, "amount_krw": self.price_krw, "months": [issued]}
        return an(
            coupons.CouponsRevoked, revocation_id=uuid4(), order_id=order_id, company_id=COMPANY, repaid=True, **totals
        )

    def sessions_revoked(self, generation: int) -> identity.SessionsRevoked:
        """A member who has nothing to do with the job is logged out."""
        subject = UUID(int=0xA9)
        return identity.SessionsRevoked(subject_id=subject, version=generation, lowest_generation=generation)

    def _company(self, version: int) -> Event:
        return an(identity.CompanyChanged, company_id=COMPANY, version=version, name=f"한빛상사 {version}")

    def _member(self, version: int) -> Event:
        reached = {"email": self._sealed("hana@hanbit.example"), "phone": self._sealed("01000000001")}
        return an(identity.MemberStateChanged, member_id=MASTER, version=version, name=f"김하나 {version}", **reached)

    def _permission(self, version: int) -> Event:
        return an(identity.CashLikeGranted, version=version, monthly_limit_krw=1_000_000 + version)

    def _profile_use(self, version: int) -> Event:
        return an(dispatches.SenderProfileUsed, version=version, uses=version)

    def _offer(self, version: int) -> Event:
        price = {"sale_price_krw": self.price_krw + version - 1, "effective_at": LONG_AGO}
        return an(
            catalog.OfferPublished,
            offer_id=self.offer,
            version=version,
            prices=[price],
            supplier_goods_code=self._goods_code,
        )

    def _template(self, version: int) -> Event:
        return an(messaging.TemplatePublished, template_id=self.template, version=version, name=f"감사 인사 {version}")

    def _sealed(self, value: str) -> dict[str, str]:
        return self._sealer.seal_text(value).model_dump()
