"""The floor under the main job: the bare HTTP calls that it cannot do without, to a sandbox of their own."""

import base64
import json
import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from chassis.answers import Answer, Response
from chassis.chunks import Call, ChunkCaller
from launcher.journey.rest import Rest

IN_FLIGHT = 100
GOODS = "FLOOR-30"
MESSAGE = "안녕하세요 홍길동님,\n한빛입니다.\n\n작은 선물을 준비했습니다."
CREDENTIALS = {
    "SANDBOX_TOSS_SECRET_KEY": "test_sk_floor",
    "SANDBOX_BIZPPURIO_ACCOUNT": "floor",
    "SANDBOX_BIZPPURIO_PASSWORD": "floor",
    "SANDBOX_GIFTISHOW_AUTH_CODE": "floor",
    "SANDBOX_GIFTISHOW_AUTH_TOKEN": "floor",
    "SANDBOX_NTS_SERVICE_KEY": "floor",
}


@dataclass(frozen=True)
class Floor:
    """A sandbox that only the floor speaks to."""

    url: str

    def seconds(self, recipients: int) -> float:
        """How long a supplier call and a message call for each recipient take, made side by side as the job does."""
        login = base64.b64encode(b"floor:floor").decode()
        token = Rest(f"{self.url}/bizppurio").post("/v1/token", Authorization=f"Basic {login}")["accesstoken"]
        issues = [self._issue(number) for number in range(recipients)]
        messages = [self._message(token, number) for number in range(recipients)]
        with ChunkCaller() as caller:
            began = time.monotonic()
            for calls in (issues, messages):
                answers = caller.call_all(calls, in_flight_max=IN_FLIGHT)
                if not all(_is_well(answer) for answer in answers):
                    raise SystemExit("the floor's calls failed")
            return time.monotonic() - began

    def _issue(self, number: int) -> Call:
        form = {
            "api_code": "0204",
            "custom_auth_code": "floor",
            "custom_auth_token": "floor",
            "dev_yn": "N",
            "tr_id": uuid.uuid4().hex[:20],
            "user_id": "floor",
            "goods_code": GOODS,
            "phone_no": _phone(number),
            "callback_no": "15996567",
            "mms_title": "쿠폰",
            "mms_msg": "쿠폰",
            "gubun": "Y",
        }
        return Call("POST", f"{self.url}/giftishow/bizApi/send", form=form)

    def _message(self, token: str, number: int) -> Call:
        link = "http://127.0.0.1/c/abcdefghijklmnopqrstuvwx"
        button = {"name": "확인하러 가기", "type": "WL", "url_mobile": link, "url_pc": link}
        alimtalk = {"senderkey": "s" * 40, "templatecode": "T", "message": MESSAGE, "button": [button]}
        body: Mapping[str, object] = {
            "account": "floor",
            "type": "at",
            "from": "15996567",
            "to": _phone(number),
            "refkey": uuid.uuid4().hex,
            "content": {"at": alimtalk},
            "resend": {"first": "mms"},
            "recontent": {"mms": {"subject": "제목", "message": f"{MESSAGE}\n{link}"}},
        }
        headers = {"Authorization": f"Bearer {token}"}
        return Call("POST", f"{self.url}/bizppurio/v3/message", headers=headers, json=body)


@contextmanager
def floor() -> Iterator[Floor]:
    """A sandbox process for the length of the block."""
    with tempfile.TemporaryDirectory(prefix="coupbiz-floor-") as folder:
        environment = {**os.environ, **CREDENTIALS, "SANDBOX_DATA_DIR": folder}
        command = [sys.executable, "-P", "-m", "sandbox"]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
            if process.stdout is None:
                raise SystemExit("the floor's sandbox says nothing")
            url = f"http://127.0.0.1:{json.loads(process.stdout.readline())['http_port']}"
            try:
                goods = {"goodsCode": GOODS, "goodsName": "바닥", "discountPrice": 1_000, "validPrdDay": 30}
                Rest(url).post("/__sim/giftishow/goods", [goods])
                yield Floor(url)
            finally:
                process.terminate()


def _phone(number: int) -> str:
    return f"0100{number:07d}"


def _is_well(answer: Answer) -> bool:
    return isinstance(answer, Response) and answer.ok
