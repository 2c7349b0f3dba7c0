"""충전: asking for a charge, confirming it after the payment window, and looking at it."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, Field

from chassis.access import caller, members
from chassis.idempotency import idempotency_key, keyed
from wallet.api.tenancy import own_company_id
from wallet.application.cancellations import CancelCharge, CancelCharges, quote_cancellation
from wallet.application.charges import ConfirmCharge, ConfirmCharges, RequestCharge, request_charge
from wallet.application.ports import Transactions
from wallet.domain.cancellation import CancellationRules
from wallet.domain.charge import Charge, ChargeMethod, ChargeRules, ChargeState

ORDER_NAME = "충전금 충전"
"""What the payer reads in the payment window."""

NAMES = {
    ChargeMethod.CARD: "신용카드",
    ChargeMethod.TRANSFER: "실시간 계좌이체",
    ChargeMethod.VIRTUAL_ACCOUNT: "가상계좌",
}
WINDOW_METHODS = {ChargeMethod.CARD: "카드", ChargeMethod.TRANSFER: "계좌이체"}
"""The means that are paid in the payment window, in the provider's words."""


class ChargePath(BaseModel):
    charge_id: UUID


class ChargeRequest(BaseModel):
    amount_krw: Annotated[int, Field(strict=True, description="whole KRW", examples=[100_000])]
    method: ChargeMethod = ChargeMethod.CARD
    bank_code: Annotated[
        str | None, Field(max_length=10, description="for a virtual account: one of the banks of the options")
    ] = None


class ChargeConfirmation(BaseModel):
    """What the payment window handed to the page that it returned to."""

    payment_key: Annotated[str, Field(min_length=1, max_length=200)]
    amount_krw: Annotated[int, Field(strict=True, description="whole KRW")]


class PaymentWindow(BaseModel):
    """Where to pay: the address of the window, or its parts for the provider's own script."""

    window_url: str
    provider_order_id: str
    order_name: str
    amount_krw: int
    method: str = Field(description="what the payer chose beforehand, in the provider's words", examples=["카드"])


class DepositView(BaseModel):
    """Where to pay a charge by virtual account, and until when."""

    bank_code: str
    bank_name: str
    account_number: str
    account_holder: str
    amount_krw: int
    deposit_until: datetime


class MethodOption(BaseModel):
    method: ChargeMethod
    name: str = Field(examples=["신용카드"])


class BankOption(BaseModel):
    bank_code: str
    name: str


class ChargeOptions(BaseModel):
    """What the form 충전하기 offers at present."""

    methods: list[MethodOption]
    amount_min_krw: int
    amount_max_krw: int
    banks: list[BankOption] = Field(description="of virtual accounts; empty while these are switched off")


class ChargeFailure(BaseModel):
    """Why nothing was collected, in the payment provider's words."""

    code: str
    message: str


class ChargeView(BaseModel):
    """`confirming`, `issuing`: the provider has not said yet how it went; it is asked until it does."""

    charge_id: UUID
    state: ChargeState
    method: ChargeMethod
    amount_krw: int
    provider_order_id: str
    requested_at: datetime
    expires_at: datetime
    credited_at: datetime | None
    means: str | None
    receipt_url: str | None = Field(description="신용카드 매출전표, of the card company; card only")
    failure: ChargeFailure | None
    payment: PaymentWindow | None = Field(description="while the charge waits to be paid in the window")
    deposit: DepositView | None = Field(description="of a charge by virtual account, once that is issued")


class WaitingCharges(BaseModel):
    items: list[ChargeView]


class CancellationQuoteView(BaseModel):
    """What a cancellation would send back now by the charge's own means, to be shown before confirming."""

    amount_krw: int
    fee_krw: int
    payout_krw: int = Field(description="to be sent with the cancellation")


class CancellationRequest(BaseModel):
    payout_krw: Annotated[int, Field(strict=True, description="what was shown beforehand")]


def charges_blueprint(
    transactions: Transactions,
    confirm_charges: ConfirmCharges,
    cancel_charges: CancelCharges,
    rules: ChargeRules,
    *,
    cancellation_rules: CancellationRules,
    window_url: str,
    return_url: str | None,
    deposits_shown: int,
) -> APIBlueprint:
    """The routes under /v1/charges, for prepaid masters."""
    blueprint = APIBlueprint("charges", __name__, abp_tags=[Tag(name="charges")])

    def shown(charge: Charge) -> ChargeView:
        return view_of(charge, window_url, return_url, rules)

    @blueprint.get("/v1/charges/options", responses={200: ChargeOptions})
    @members(roles={"master"})
    def read_options() -> ChargeOptions:
        """The means that are switched on, the amounts, and the banks of virtual accounts."""
        with transactions() as uow:
            uow.companies.get(own_company_id()).must_charge_in_advance()
        by_deposit = ChargeMethod.VIRTUAL_ACCOUNT in rules.methods
        return ChargeOptions(
            methods=[
                MethodOption(method=method, name=NAMES[method]) for method in ChargeMethod if method in rules.methods
            ],
            amount_min_krw=rules.amount_min_krw,
            amount_max_krw=rules.amount_max_krw,
            banks=[
                BankOption(bank_code=code, name=name)
                for code, name in sorted(rules.deposit_banks.items())
                if by_deposit
            ],
        )

    @blueprint.get("/v1/charges/waiting", responses={200: WaitingCharges})
    @members(roles={"master"})
    def list_waiting() -> WaitingCharges:
        """가상계좌 충전 대기 내역: the latest charges that can still be paid into."""
        company_id = own_company_id()
        with transactions() as uow:
            uow.companies.get(company_id).must_charge_in_advance()
            charges = uow.charges.waiting(company_id, after=uow.at, rows_max=deposits_shown)
        return WaitingCharges(items=[shown(charge) for charge in charges])

    @blueprint.post("/v1/charges", responses={201: ChargeView})
    @members(roles={"master"})
    @keyed
    def create_charge(body: ChargeRequest) -> tuple[ChargeView, int]:
        """Ask for a charge; it is paid in the payment window and then confirmed, or into its virtual account."""
        company_id, member_id = own_company_id(), caller().subject_id
        command = RequestCharge(company_id, member_id, body.method, body.amount_krw, body.bank_code)
        with transactions() as uow:
            charge_id = uow.once(
                scope=str(company_id),
                key=idempotency_key(),
                operation="create_charge",
                body=body.model_dump(mode="json"),
                create=lambda: request_charge(command, rules, uow),
            )
        confirm_charges.issue(company_id, charge_id)
        with transactions() as uow:
            charge = uow.charges.of_company(company_id, charge_id)
        return shown(charge), HTTPStatus.CREATED

    @blueprint.get("/v1/charges/<uuid:charge_id>", responses={200: ChargeView})
    @members(roles={"master"})
    def read_charge(path: ChargePath) -> ChargeView:
        """One charge of the company."""
        company_id = own_company_id()
        with transactions() as uow:
            uow.companies.get(company_id).must_be_prepaid()
            return shown(uow.charges.of_company(company_id, path.charge_id))

    @blueprint.post("/v1/charges/<uuid:charge_id>/confirm", responses={200: ChargeView, 202: ChargeView})
    @members(roles={"master"})
    def confirm_charge(path: ChargePath, body: ChargeConfirmation) -> tuple[ChargeView, int]:
        """Confirm a payment. 202 while its outcome is not known; repeating is harmless."""
        company_id = own_company_id()
        confirm_charges.confirm(ConfirmCharge(company_id, path.charge_id, body.payment_key, body.amount_krw))
        with transactions() as uow:
            charge = uow.charges.of_company(company_id, path.charge_id)
        open_still = charge.state is ChargeState.CONFIRMING
        return shown(charge), HTTPStatus.ACCEPTED if open_still else HTTPStatus.OK

    @blueprint.get("/v1/charges/<uuid:charge_id>/cancellation", responses={200: CancellationQuoteView})
    @members(roles={"master"})
    def read_cancellation_quote(path: ChargePath) -> CancellationQuoteView:
        """What [취소하기] would send back now, and the fee; a refusal says why not."""
        with transactions() as uow:
            quote = quote_cancellation(own_company_id(), path.charge_id, cancellation_rules, uow)
        payout_krw = quote.amount_krw - quote.fee_krw
        return CancellationQuoteView(amount_krw=quote.amount_krw, fee_krw=quote.fee_krw, payout_krw=payout_krw)

    @blueprint.post("/v1/charges/<uuid:charge_id>/cancel", responses={200: ChargeView, 202: ChargeView})
    @members(roles={"master"})
    def cancel_charge(path: ChargePath, body: CancellationRequest) -> tuple[ChargeView, int]:
        """충전취소, whole and once. 202 while its outcome is not known; repeating is harmless."""
        cancel_charges.cancel(CancelCharge(own_company_id(), path.charge_id, body.payout_krw))
        with transactions() as uow:
            charge = uow.charges.of_company(own_company_id(), path.charge_id)
        open_still = charge.state is ChargeState.CANCELLING
        return shown(charge), HTTPStatus.ACCEPTED if open_still else HTTPStatus.OK

    return blueprint


def view_of(charge: Charge, window_url: str, return_url: str | None, rules: ChargeRules) -> ChargeView:
    """A charge as the API shows it."""
    failure = None
    in_window = charge.state is ChargeState.REQUESTED and charge.method is not ChargeMethod.VIRTUAL_ACCOUNT
    if charge.failure_code is not None:
        failure = ChargeFailure(code=charge.failure_code, message=charge.failure_message or "")
    return ChargeView(
        charge_id=charge.id,
        state=charge.state,
        method=charge.method,
        amount_krw=charge.amount_krw,
        provider_order_id=charge.provider_order_id,
        requested_at=charge.requested_at,
        expires_at=charge.expires_at,
        credited_at=charge.credited_at,
        means=charge.means,
        receipt_url=charge.receipt_url if charge.method is ChargeMethod.CARD else None,
        failure=failure,
        payment=_window_of(charge, window_url, return_url) if in_window else None,
        deposit=_deposit_of(charge, rules),
    )


def _deposit_of(charge: Charge, rules: ChargeRules) -> DepositView | None:
    if charge.account_number is None or charge.bank_code is None:
        return None
    return DepositView(
        bank_code=charge.bank_code,
        bank_name=rules.deposit_banks.get(charge.bank_code, charge.bank_code),
        account_number=charge.account_number,
        account_holder=charge.account_holder or "",
        amount_krw=charge.amount_krw,
        deposit_until=charge.expires_at,
    )


def _window_of(charge: Charge, window_url: str, return_url: str | None) -> PaymentWindow:
    query = {"orderId": charge.provider_order_id, "orderName": ORDER_NAME, "amount": str(charge.amount_krw)}
    query["method"] = WINDOW_METHODS[charge.method]
    if return_url is not None:
        query |= {"successUrl": return_url, "failUrl": return_url}
    joint = "&" if "?" in window_url else "?"
    return PaymentWindow(
        window_url=f"{window_url}{joint}{urlencode(query)}",
        provider_order_id=charge.provider_order_id,
        order_name=ORDER_NAME,
        amount_krw=charge.amount_krw,
        method=WINDOW_METHODS[charge.method],
    )
