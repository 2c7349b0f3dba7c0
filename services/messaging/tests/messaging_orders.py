"""What ordering asks messaging for, in tests."""

from uuid import UUID, uuid4

from chassis.sealing import Sealer
from contracts.ordering.dispatches import DispatchPurpose, DispatchRecipient, DispatchRequested, DispatchRow
from messaging.application.templates import DraftTemplate, JudgeTemplate, draft_template, record_approval
from messaging.domain.template import Template
from messaging.storage.unit_of_work import Transactions

TEMPLATE_ID = UUID("0192f3a0-0000-7000-8000-000000000001")


def publish(transaction: Transactions, body: str = "#{이름}님, 쿠폰이 도착했습니다.", **changes: object) -> Template:
    """Draft the template that requests use, and record its approval."""
    fields = {
        "operator_id": uuid4(),
        "template_id": TEMPLATE_ID,
        "provider_code": "COUPON_1",
        "theme": "감사",
        "name": "감사 인사",
        "button_name": "확인하러 가기",
    }
    with transaction() as uow:
        drafted = draft_template(DraftTemplate(body=body, **{**fields, **changes}), uow)
        seen = JudgeTemplate(uuid4(), drafted.id, drafted.version)
        return record_approval(seen, drafted.provider_code, uow)


def a_request(sealer: Sealer, *phones: str, order_id: UUID | None = None, wave: int = 0) -> DispatchRequested:
    """A chunk of recipients with these phones."""
    return DispatchRequested(
        order_id=order_id or uuid4(),
        company_id=uuid4(),
        chunk_no=0,
        wave=wave,
        purpose=DispatchPurpose.COUPONS,
        template_id=TEMPLATE_ID,
        template_version=1,
        send_title="한빛상사 감사선물",
        rows=tuple(a_row(sealer, phone, number) for number, phone in enumerate(phones)),
        requested_at="2026-03-02T00:00:00Z",
    )


def a_row(sealer: Sealer, phone: str, number: int = 0, name: str = "홍길동") -> DispatchRow:
    """A recipient of a chunk."""
    recipient = DispatchRecipient(
        phone=phone, values={"이름": name} if name else {}, link=f"http://127.0.0.1:1/c/link-{number}"
    )
    return DispatchRow(line_id=uuid4(), recipient=sealer.seal(recipient))
