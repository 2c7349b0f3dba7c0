"""The payment window: a page where a person approves, is declined, or walks away."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from sandbox.clock import Clock, kst_iso
from sandbox.pages import escaped, page
from sandbox.toss import TOSS
from sandbox.toss_codes import WINDOW_SECONDS, TossError
from sandbox.toss_ledger import ORDER_ID, TossLedger
from sandbox.toss_payment import CARD, METHODS, Payment
from sandbox.wire import Answer, Call, Wire

FIELDS = ("orderId", "amount", "orderName", "successUrl", "failUrl", "customerName")
BUTTONS = (
    ("approve", "승인 Approve"),
    ("deny", "카드사 거절 Decline"),
    ("close", "창 닫기 Close"),
    ("expire", "승인 후 만료 Approve, then let it expire"),
)


class TossWindow:
    """GET /toss/window shows the page; its buttons lead to successUrl or failUrl, as the original's do."""

    def __init__(self, clock: Clock, ledger: TossLedger) -> None:
        self._clock = clock
        self._ledger = ledger

    def serve_on(self, wire: Wire) -> None:
        """Lay the window's routes; they are no API and need no key."""
        wire.route(TOSS, "window", ("GET", "/window"), self._show)
        wire.route(TOSS, "window_answer", ("POST", "/window"), self._answer)
        wire.route(TOSS, "receipt", ("GET", "/receipt/{paymentKey}"), self._receipt)
        wire.route(TOSS, "checkout", ("GET", "/checkout/{paymentKey}"), self._receipt)

    def _show(self, call: Call) -> Answer:
        fields = {name: call.query.get(name, "") for name in FIELDS}
        wrong = wrong_field(fields)
        if wrong:
            return page("결제창을 열 수 없습니다", f"<p>Bad or missing: {escaped(wrong)}</p>", 400)
        chosen = call.query.get("method", CARD)
        hidden = "".join(
            f'<input type="hidden" name="{name}" value="{escaped(value)}">' for name, value in fields.items()
        )
        options = "".join(
            f'<option value="{method}"{" selected" if method == chosen else ""}>{method}</option>' for method in METHODS
        )
        buttons = "".join(f'<button name="choice" value="{value}">{label}</button>' for value, label in BUTTONS)
        body = (
            f"<p>{escaped(fields['orderName'])}<br><strong>{int(fields['amount']):,}원</strong><br>"
            f"<small>{escaped(fields['orderId'])}</small></p>"
            f'<form method="post" action="/toss/window">{hidden}'
            f'<input type="hidden" name="openedAt" value="{self._clock.now():.3f}">'
            f'<p><select name="method">{options}</select></p>{buttons}</form>'
        )
        return page("샌드박스 결제창", body)

    def _answer(self, call: Call) -> Answer:
        form = call.form
        wrong = wrong_field({name: form.get(name, "") for name in FIELDS})
        if wrong:
            return page("결제창을 열 수 없습니다", f"<p>Bad or missing: {escaped(wrong)}</p>", 400)
        order_id = form["orderId"]
        choice = form.get("choice", "close")
        if choice == "close":
            return failed(form, "PAY_PROCESS_CANCELED", "사용자가 결제를 취소하였습니다")
        if choice == "deny":
            return failed(form, "REJECT_CARD_COMPANY", "카드사에서 결제를 거절했습니다")
        try:
            payment = self._approve(form)
        except TossError as error:
            return failed(form, error.code, "결제를 진행하지 못했습니다")
        if choice == "expire":
            self._ledger.expire(payment)
        return redirect(
            form["successUrl"],
            {"paymentType": "NORMAL", "paymentKey": payment.payment_key, "orderId": order_id, "amount": form["amount"]},
        )

    def _approve(self, form: dict[str, str]) -> Payment:
        opened_at = form.get("openedAt", "")
        if is_number(opened_at) and self._clock.now() - float(opened_at) > WINDOW_SECONDS:
            raise TossError("NOT_FOUND_PAYMENT_SESSION")
        return self._ledger.authenticate(
            form["orderId"],
            form["orderName"],
            int(form["amount"]),
            form.get("method", CARD),
            customer_name=form.get("customerName") or "샌드박스",
        )

    def _receipt(self, call: Call) -> Answer:
        try:
            payment = self._ledger.by_key(call.params["paymentKey"])
        except TossError:
            return page("매출전표", "<p>없는 결제입니다. No such payment.</p>", 404)
        rows = (
            ("주문", payment.order_name),
            ("주문번호", payment.order_id),
            ("결제수단", payment.method),
            ("결제금액", f"{payment.total_krw:,}원"),
            ("남은 금액", f"{payment.balance_krw:,}원"),
            ("상태", payment.status),
            ("승인", kst_iso(payment.approved_at) if payment.approved_at else "-"),
        )
        cells = "".join(f"<tr><th>{name}</th><td>{escaped(value)}</td></tr>" for name, value in rows)
        return page("매출전표", f"<table>{cells}</table>")


def wrong_field(fields: dict[str, str]) -> str | None:
    """The name of the first field that the window cannot work with."""
    if not ORDER_ID.match(fields["orderId"]):
        return "orderId"
    if not fields["amount"].isdigit() or int(fields["amount"]) == 0:
        return "amount"
    for name in ("successUrl", "failUrl"):
        if urlsplit(fields[name]).scheme not in {"http", "https"}:
            return name
    return None if fields["orderName"] else "orderName"


def failed(form: dict[str, str], code: str, message: str) -> Answer:
    """Back to the shop with a reason; a payer who walked away brings no order id, as in the original."""
    order = {} if code == "PAY_PROCESS_CANCELED" else {"orderId": form["orderId"]}
    return redirect(form["failUrl"], {"code": code, "message": message, **order})


def redirect(url: str, query: dict[str, str]) -> Answer:
    """See-other to the shop's address with these values added to its own."""
    joint = "&" if "?" in url else "?"
    return Answer(303, b"", "text/html", headers={"Location": f"{url}{joint}{urlencode(query)}"})


def is_number(value: str) -> bool:
    """Whether this is a plain decimal number."""
    return value.replace(".", "", 1).isdigit()
