"""The ordering service's recipient API on the other end of a wire, with the pictures of the catalogue beside it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from PIL import Image, ImageDraw

from chassis.testing.wire import Exchange

TOKEN = "kZ3vQ8mN2xR7tB5wL9pD4sHf"
PAGE = f"/c/{TOKEN}"
PROOF = "proof-8sJ2kL0qWmX4"
CODE = "402913"
CODE_ID = "01920000-0000-7000-8000-00000000c0de"
NUMBER = "900112345678"
SEND_TITLE = "창립기념일 감사 선물"
MESSAGE = "김하늘 님, 지난 한 해 함께해 주셔서 고맙습니다.\n작은 마음을 전해 드려요."
NOTICE = "전국 매장에서 쓸 수 있어요.\n다른 할인과 함께 쓸 수 없어요.\n현금으로 바꾸거나 거스름돈을 받을 수 없어요."
PICTURE_PATH = "9f/americano.png"
LINE, CODES, CHECK, COUPONS, CHOICE = (
    f"/v1/recipient/{name}" for name in ("line", "codes", "codes/check", "coupons", "choice")
)


def a_coupon(item_no: int = 1, **changed: Any) -> dict[str, Any]:
    """An issued coupon, as the API tells it, 30 days before its end."""
    return {
        "item_no": item_no,
        "brand_name": "모모커피",
        "product_name": "아메리카노 (ICE) Tall",
        "image_path": PICTURE_PATH,
        "validity_days": 30,
        "state": "issued",
        "number": NUMBER,
        "barcode_value": NUMBER,
        "expires_at": (datetime.now(UTC) + timedelta(days=30)).isoformat(),
        "notice": NOTICE,
    } | changed


def a_revoked_coupon(item_no: int = 1, **changed: Any) -> dict[str, Any]:
    """A coupon that was taken back: it has no number any more."""
    return a_coupon(item_no, state="revoked", number=None, barcode_value=None, **changed)


def a_choice(item_no: int = 1, **changed: Any) -> dict[str, Any]:
    """A product that can be picked."""
    return {
        "item_no": item_no,
        "brand_name": "모모커피",
        "product_name": "아메리카노 (ICE) Tall",
        "image_path": PICTURE_PATH,
        "validity_days": 30,
        "notice": NOTICE,
        "can_be_picked": True,
    } | changed


def a_picture() -> bytes:
    """The product's picture: a cup on a warm ground."""
    image = Image.new("RGB", (480, 480), "#F6E7D4")
    draw = ImageDraw.Draw(image)
    draw.polygon(((150, 150), (330, 150), (300, 400), (180, 400)), fill="#7A4A2B")
    draw.rectangle((135, 120, 345, 160), fill="#FFFFFF")
    packed = io.BytesIO()
    image.save(packed, "PNG")
    return packed.getvalue()


@dataclass
class RecipientApi:
    """One line behind one link; `refuses` says which path answers with which problem instead."""

    coupons: list[dict[str, Any]] = field(default_factory=lambda: [a_coupon()])
    refuses: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    calls: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    """Method, path and headers of each call, pictures left out."""
    holds_proof: bool = True
    choices: list[dict[str, Any]] = field(default_factory=list)
    """What there is to pick; picking one makes it a coupon."""
    state: str | None = None
    """The line's state, where coupons and choices do not tell it."""
    card: str = "basic"
    send_title: str = SEND_TITLE
    picture: bytes | None = field(default_factory=a_picture)
    code_seconds: int = 180
    resend_seconds: int = 60

    def answer(self, exchange: Exchange) -> None:
        """Answer as the service does."""
        if exchange.target.startswith("/v1/images/"):
            content, status = (self.picture, 200) if self.picture else (b"", 404)
            exchange.answer(status, content, Content_Type="image/png")
            return
        self.calls.append((exchange.method, exchange.target, exchange.headers))
        status, body = self._say(exchange)
        seconds = body.get("retry_after_seconds")
        headers = {"Retry-After": str(seconds)} if seconds else {}
        exchange.answer(status, json.dumps(body).encode(), Content_Type="application/json", **headers)

    def asked(self, path: str) -> list[dict[str, str]]:
        """The headers of the calls to a path."""
        return [headers for _, called, headers in self.calls if called == path]

    def _say(self, exchange: Exchange) -> tuple[int, dict[str, Any]]:
        if exchange.target in self.refuses:
            return self.refuses[exchange.target]
        if exchange.headers.get("link-token") != TOKEN:
            return a_problem(404, "link_unknown")
        is_proven = self.holds_proof and exchange.headers.get("proof") == PROOF
        answers: dict[tuple[str, str], Callable[[], tuple[int, dict[str, Any]]]] = {
            ("GET", LINE): lambda: (200, self._line(is_proven=is_proven)),
            ("POST", CODES): lambda: (201, self._code()),
            ("POST", CHECK): lambda: self._check(json.loads(exchange.body)),
            ("POST", CHOICE): lambda: self._choose(json.loads(exchange.body), is_proven=is_proven),
            ("GET", COUPONS): lambda: (200, self._coupons()) if is_proven else a_problem(404, "link_unknown"),
        }
        return answers[exchange.method, exchange.target]()

    def _choose(self, body: Mapping[str, Any], *, is_proven: bool) -> tuple[int, dict[str, Any]]:
        if not is_proven:
            return a_problem(404, "link_unknown")
        picked = next((one for one in self.choices if one["item_no"] == body["item_no"]), None)
        if picked is None:
            return a_problem(409, "choice_over")
        if not picked["can_be_picked"]:
            return a_problem(409, "choice_unavailable")
        self.choices = []
        self.coupons = [a_coupon(picked["item_no"], product_name=picked["product_name"])]
        return 200, self._coupons()

    def _state(self) -> str:
        if self.state is not None:
            return self.state
        if self.choices:
            return "choosing" if any(one["can_be_picked"] for one in self.choices) else "stopped"
        are_revoked = bool(self.coupons) and all(coupon["state"] == "revoked" for coupon in self.coupons)
        return "revoked" if are_revoked else "ready"

    def _line(self, *, is_proven: bool) -> dict[str, Any]:
        return {
            "state": self._state(),
            "phone_masked": "010-****-5678",
            "send_title": self.send_title,
            "order_type": "fixed",
            "card": self.card,
            "coupons": len(self.coupons) or len(self.choices[:1]),
            "is_proven": is_proven,
        }

    def _code(self) -> dict[str, Any]:
        expires_at = datetime.now(UTC) + timedelta(seconds=self.code_seconds)
        return {
            "code_id": CODE_ID,
            "expires_at": expires_at.isoformat(),
            "resend_after_seconds": self.resend_seconds,
        }

    def _check(self, body: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        if body != {"code_id": CODE_ID, "code": CODE}:
            return a_problem(422, "code_wrong", tries_left=4)
        return 200, {"proof": PROOF, "expires_at": (datetime.now(UTC) + timedelta(minutes=30)).isoformat()}

    def _coupons(self) -> dict[str, Any]:
        return {
            "state": self._state(),
            "send_title": self.send_title,
            "order_type": "fixed",
            "card": self.card,
            "message": MESSAGE,
            "coupons": self.coupons,
            "choices": self.choices,
            "choice_ends_at": "2026-12-10T00:00:00Z" if self.choices else None,
        }


def a_problem(status: int, code: str, **members: Any) -> tuple[int, dict[str, Any]]:
    """A problem document, as far as the page reads it."""
    return status, {"code": code, "message": {"ko": "", "en": ""}, **members}
