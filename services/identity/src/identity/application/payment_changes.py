"""결제수단 변경 by an operator: freeze, ask ordering and wallet, then change or leave it (IDN-28)."""

from dataclasses import dataclass
from uuid import UUID

from contracts.audit import Act
from identity.application import messages
from identity.application.companies import lock_company
from identity.application.open_affairs import Ask, ask
from identity.application.ports import UnitOfWork
from identity.domain.company import Company, CompanyAct, CompanyState, PaymentMethod
from identity.domain.errors import PaymentChangeNotFoundError
from identity.domain.open_affairs import Hindrance, HindranceKind, Inquiry, InquiryPurpose
from identity.domain.payment_change import PaymentChange, PaymentChangeState
from identity.domain.sign_up import Contract


@dataclass(frozen=True)
class ChangePayment:
    """What the customer centre was asked for; a change to postpaid comes with its contract."""

    company_id: UUID
    operator_id: UUID
    to: PaymentMethod
    contract: Contract | None
    reason: str


def begin_payment_change(command: ChangePayment, uow: UnitOfWork) -> PaymentChange:
    """The company takes no new order, charge or refund until ordering and wallet have answered what is open.

    Raises `CompanyNotFoundError`, `CompanyStateRefusedError` while suspended or changing already, `InvalidValueError`,
    `ContractMissingError`, `ContractNotNeededError`.
    """
    before = lock_company(command.company_id, uow)
    frozen = before.act(CompanyAct.BEGIN_PAYMENT_CHANGE)
    change_id = uow.new_id()
    asked = Ask(InquiryPurpose.PAYMENT_CHANGE, frozen.id, frozen.version, concern_id=change_id)
    uow.companies.save(frozen)
    uow.outbox.add(messages.company_changed(frozen))
    change = PaymentChange(
        id=change_id,
        company_id=frozen.id,
        to=command.to,
        contract=command.contract,
        requested_by=command.operator_id,
        requested_at=uow.now(),
        reason=command.reason,
        inquiry_id=ask(asked, uow).id,
    )
    change.require_sense(before)
    uow.payment_changes.add(change)
    _say_acted(change, before.payment_method, uow)
    return change


def conclude_payment_change(inquiry: Inquiry, uow: UnitOfWork) -> None:
    """Both answered: the method changes, or everything stays as it was and the change says what is open."""
    named = None if inquiry.concern_id is None else uow.payment_changes.get(inquiry.concern_id)
    if named is None:
        raise PaymentChangeNotFoundError
    before = lock_company(named.company_id, uow)
    if named.state is not PaymentChangeState.CHECKING:
        return
    hindrances = inquiry.hindrances
    if before.state is not CompanyState.CHANGING_PAYMENT:
        hindrances = (*hindrances, Hindrance(HindranceKind.COMPANY_SUSPENDED, 1))
    change = named.hear(hindrances, uow.now())
    uow.payment_changes.save(change)
    if before.state is CompanyState.CHANGING_PAYMENT:
        _thaw(before, change, uow)
    _say_acted(change, before.payment_method, uow)


def _thaw(company: Company, change: PaymentChange, uow: UnitOfWork) -> None:
    """Everything is accepted again; a change that found nothing open is in force from here on."""
    is_done = change.state is PaymentChangeState.DONE
    paying = company.pay_by(change.to) if is_done else company
    thawed = paying.act(CompanyAct.END_PAYMENT_CHANGE)
    uow.companies.save(thawed)
    uow.outbox.add(messages.company_changed(thawed))
    if is_done and change.contract is not None:
        uow.outbox.add(messages.credit_contracted(thawed, change.contract, uow.now()))


def _say_acted(change: PaymentChange, method: PaymentMethod, uow: UnitOfWork) -> None:
    contract = change.contract
    uow.outbox.add_act(
        change.requested_by,
        Act(
            f"payment_change.{change.state.value}",
            "company",
            str(change.company_id),
            before={"payment_method": method.value},
            after={
                "payment_method": (method if change.state is PaymentChangeState.REFUSED else change.to).value,
                "monthly_limit_krw": contract and contract.monthly_limit_krw,
                "hindrances": {each.kind.value: each.count for each in change.hindrances},
            },
            company_id=change.company_id,
            reason=change.reason,
        ),
    )
