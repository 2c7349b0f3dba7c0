"""An order looked at before it is placed: whom to ask, and what their answers come to (ORD-13, ORD-15, ORD-35)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from gateway.domain.parts import Part
from gateway.domain.questions import Question

Piece = Mapping[str, Any]
FUNDS, MESSAGE = "funds", "message"


def order_question(form: bytes) -> Question:
    """Ordering judges the form itself, by the code of placing."""
    return Question("order", Part.ORDERING, "/internal/order-previews", form)


def further_questions(order: Piece) -> tuple[Question, ...]:
    """What the judged form lets us ask of wallet, and of messaging once there is a message to fill."""
    amounts = {name: order[name] for name in ("pay_amount_krw", "cash_like_krw")}
    funds = Question(FUNDS, Part.WALLET, "/internal/reservation-previews", json.dumps(amounts).encode())
    row = order["message_row"]
    if row is None:
        return (funds,)
    filling = {name: row[name] for name in ("template_id", "template_version", "values")}
    return (funds, Question(MESSAGE, Part.MESSAGING, "/internal/message-previews", json.dumps(filling).encode()))


def would_pass(order: Piece, funds: Piece | None) -> bool | None:
    """Whether placing would accept it; None when nothing speaks against it and the money could not be asked for."""
    faults: Sequence[object] = [*order["faults"], *(() if funds is None else funds["faults"])]
    if faults:
        return False
    return None if funds is None else True
