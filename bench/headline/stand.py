"""An outside world of its own for baselines and floors, and the calls that it takes: the same that the suite makes."""

import base64
import json
import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from chassis.chunks import Call
from launcher.environment import MARK
from launcher.journey.rest import Rest
from launcher.suite import Suite

GOODS = "BENCH-30"
PRICE_KRW = 1_000
MESSAGE = "안녕하세요 홍길동님,\n한빛입니다.\n\n작은 선물을 준비했습니다."
LINK = "http://127.0.0.1/c/abcdefghijklmnopqrstuvwx"
CREDENTIALS = {
    "SANDBOX_TOSS_SECRET_KEY": "test_sk_bench",
    "SANDBOX_BIZPPURIO_ACCOUNT": "bench",
    "SANDBOX_BIZPPURIO_PASSWORD": "bench",
    "SANDBOX_GIFTISHOW_AUTH_CODE": "bench",
    "SANDBOX_GIFTISHOW_AUTH_TOKEN": "bench",
    "SANDBOX_NTS_SERVICE_KEY": "bench",
}
PAGE_ROWS = 1_000


@dataclass(frozen=True)
class Stand:
    """A sandbox that the suite does not speak to."""

    url: str

    def token(self) -> str:
        """A token of the message provider."""
        login = base64.b64encode(b"bench:bench").decode()
        answer = Rest(f"{self.url}/bizppurio").post("/v1/token", Authorization=f"Basic {login}")
        return str(answer["accesstoken"])


@contextmanager
def stand(suite: Suite) -> Iterator[Stand]:
    """A sandbox process for the length of the block, with one product to issue; it is cleared away with the suite."""
    with tempfile.TemporaryDirectory(prefix="sandbox-", dir=suite.data) as folder:
        facts = {MARK: str(suite.data), "SANDBOX_DATA_DIR": folder, "SANDBOX_BIZMONEY_KRW": str(10**12)}
        environment = {**os.environ, **CREDENTIALS, **facts}
        command = [sys.executable, "-P", "-m", "sandbox"]
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
        ) as process:
            if process.stdout is None:
                raise SystemExit("the sandbox of the baselines says nothing")
            url = f"http://127.0.0.1:{json.loads(process.stdout.readline())['http_port']}"
            try:
                goods = {"goodsCode": GOODS, "goodsName": "바닥", "discountPrice": PRICE_KRW, "validPrdDay": 30}
                Rest(url).post("/__sim/giftishow/goods", [goods])
                yield Stand(url)
            finally:
                process.terminate()


def issue_form(tr_id: str, phone: str) -> dict[str, str]:
    """What the supplier is sent for one coupon."""
    return {
        "api_code": "0204",
        "custom_auth_code": "bench",
        "custom_auth_token": "bench",
        "dev_yn": "N",
        "tr_id": tr_id,
        "user_id": "bench",
        "goods_code": GOODS,
        "phone_no": phone,
        "callback_no": "15996567",
        "mms_title": "쿠폰",
        "mms_msg": "쿠폰",
        "gubun": "Y",
    }


def message_body(refkey: str, phone: str) -> dict[str, object]:
    """What the message provider is sent for one recipient."""
    button = {"name": "확인하러 가기", "type": "WL", "url_mobile": LINK, "url_pc": LINK}
    alimtalk = {"senderkey": "s" * 40, "templatecode": "T", "message": MESSAGE, "button": [button]}
    return {
        "account": "bench",
        "type": "at",
        "from": "15996567",
        "to": phone,
        "refkey": refkey,
        "content": {"at": alimtalk},
        "resend": {"first": "mms"},
        "recontent": {"mms": {"subject": "제목", "message": f"{MESSAGE}\n{LINK}"}},
    }


def issue_call(url: str, tr_id: str, phone: str) -> Call:
    """The supplier's call for one coupon."""
    return Call("POST", f"{url}/giftishow/bizApi/send", form=issue_form(tr_id, phone))


def message_call(url: str, token: str, refkey: str, phone: str) -> Call:
    """The provider's call for one message."""
    headers = {"Authorization": f"Bearer {token}"}
    return Call("POST", f"{url}/bizppurio/v3/message", headers=headers, json=message_body(refkey, phone))


def new_tr_id() -> str:
    """A key for the supplier, who takes 20 letters."""
    return uuid.uuid4().hex[:20]


def phone_of(number: int) -> str:
    """A made-up phone on which nothing goes wrong."""
    return f"0100{number:07d}"


class Journal:
    """What a sandbox was asked to do and did, from the moment of asking on."""

    def __init__(self, sandbox_url: str) -> None:
        self._rest = Rest(sandbox_url)
        self._before = {kind: self._total(kind) for kind in ("coupons", "messages")}

    def coupons(self) -> list[Mapping[str, str]]:
        """Coupons that the supplier issued since."""
        return [row for row in self._since("coupons") if row["issued"]]

    def messages(self) -> list[Mapping[str, str]]:
        """Messages that the provider took since."""
        return [row for row in self._since("messages") if row["type"] != "sms"]

    def after(self, *, messages: int) -> Callable[[], bool]:
        """A question: have so many messages been taken since?"""
        return lambda: self._total("messages") - self._before["messages"] >= messages

    def _since(self, kind: str) -> Iterator[Mapping[str, str]]:
        after: int | None = self._before[kind]
        while after is not None:
            page = self._rest.get(f"/__sim/journal/{kind}", after=after, limit=PAGE_ROWS)
            yield from page["items"]
            after = page["next"]

    def _total(self, kind: str) -> int:
        return int(self._rest.get(f"/__sim/journal/{kind}", limit=1)["total"])


def last_of(rows: list[Mapping[str, str]], name: str) -> float:
    """The latest time among the rows, in seconds since the epoch."""
    return max(datetime.fromisoformat(row[name]).timestamp() for row in rows)
