"""The bank behind virtual accounts, for people: a page where money is paid in, or taken back."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.clock import Clock, kst_iso
from sandbox.pages import escaped, page
from sandbox.toss import TOSS
from sandbox.toss_codes import TossError
from sandbox.toss_ledger import TossLedger
from sandbox.toss_payment import VIRTUAL_ACCOUNT, Payment
from sandbox.toss_webhooks import TossWebhooks
from sandbox.wire import Answer, Call, Wire

SHOWN_MAX = 50
ACTS = {"WAITING_FOR_DEPOSIT": ("deposit", "입금 Deposit"), "DONE": ("reverse", "입금 취소 Take back")}


class TossBank:
    """GET /toss/bank lists the virtual accounts; its buttons do what a payer or a bank does, and the notices follow."""

    def __init__(self, clock: Clock, ledger: TossLedger, webhooks: TossWebhooks) -> None:
        self._clock = clock
        self._ledger = ledger
        self._webhooks = webhooks

    def serve_on(self, wire: Wire) -> None:
        """Lay the page's routes; they are no API and need no key."""
        wire.route(TOSS, "bank", ("GET", "/bank"), self._show)
        wire.route(TOSS, "bank_act", ("POST", "/bank"), self._act)

    def _show(self, _call: Call) -> Answer:
        return page("샌드박스 은행: 가상계좌", self._table())

    def _act(self, call: Call) -> Answer:
        acts: dict[str, Callable[[Payment], Payment]] = {
            "deposit": lambda payment: payment.deposited(self._clock.now()),
            "reverse": lambda payment: payment.taken_back(),
        }
        act = acts.get(call.form.get("act", ""))
        if act is None:
            return self._refused("INVALID_REQUEST")
        try:
            changed = act(self._ledger.by_order(call.form.get("orderId", "")))
        except TossError as error:
            return self._refused(error.code)
        self._ledger.save(changed)
        self._webhooks.deposit_changed(changed)
        if changed.status == "DONE":
            self._webhooks.status_changed(changed)
        return Answer(303, b"", "text/html", headers={"Location": "/toss/bank"})

    def _refused(self, code: str) -> Answer:
        return page("처리하지 못했습니다", f"<p>{escaped(code)}</p>{self._table()}", 400)

    def _table(self) -> str:
        accounts = [payment for payment in self._ledger.listed() if payment.method == VIRTUAL_ACCOUNT]
        rows = "".join(_row(payment) for payment in reversed(accounts[-SHOWN_MAX:]))
        heads = "".join(f"<th>{name}</th>" for name in ("은행", "계좌번호", "예금주", "금액", "기한", "상태", ""))
        return f"<table><tr>{heads}</tr>{rows}</table>" if rows else "<p>가상계좌가 없습니다. No virtual accounts.</p>"


def _row(payment: Payment) -> str:
    cells = (
        payment.bank,
        payment.account_number,
        payment.customer_name,
        f"{payment.total_krw:,}원",
        kst_iso(payment.due_at) if payment.due_at else "-",
        payment.status,
    )
    act = ACTS.get(payment.status)
    button = ""
    if act is not None:
        button = (
            f'<form method="post" action="/toss/bank"><input type="hidden" name="orderId"'
            f' value="{escaped(payment.order_id)}"><button name="act" value="{act[0]}">{act[1]}</button></form>'
        )
    return "<tr>" + "".join(f"<td>{escaped(cell)}</td>" for cell in cells) + f"<td>{button}</td></tr>"
