"""The naive baseline: Celery as its first page suggests. A task a recipient and step, the ORM, a commit a step."""

import os
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import requests
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from headline import worker_settings as told
from headline.stand import LINK, MESSAGE, PRICE_KRW, issue_form, message_body, new_tr_id
from headline.tables import Coupon, Entry, Line, Message, Order, Wallet, engine_for

TIMEOUT_SECONDS = 30

app = told.celery_app("naive", prefetch=4)


@cache
def _sessions() -> sessionmaker[Session]:
    return sessionmaker(engine_for(os.environ[told.DATABASE_URL]))


@cache
def _http() -> requests.Session:
    return requests.Session()


@app.task
def reserve(order_id: str) -> None:
    """Hold the order's money and start each recipient."""
    with _sessions()() as session:
        order = session.get_one(Order, UUID(order_id))
        wallet = session.scalars(_locked(order)).one()
        if wallet.balance_krw < order.amount_krw:
            raise RuntimeError("the order cannot be paid")
        wallet.balance_krw -= order.amount_krw
        wallet.held_krw += order.amount_krw
        session.add(Entry(id=uuid4(), order_id=order.id, account="balance", amount_krw=-order.amount_krw))
        session.add(Entry(id=uuid4(), order_id=order.id, account="held", amount_krw=order.amount_krw))
        order.state = "sending"
        session.commit()
        lines = session.scalars(select(Line).where(Line.order_id == order.id).order_by(Line.line_no)).all()
    for line in lines:
        issue.delay(str(line.id))


@app.task
def issue(line_id: str) -> None:
    """Have one coupon issued."""
    with _sessions()() as session:
        line = session.get_one(Line, UUID(line_id))
        tr_id = new_tr_id()
        url = f"{os.environ[told.SANDBOX_URL]}/giftishow/bizApi/send"
        answer = _posted(url, data=issue_form(tr_id, line.phone))
        number = answer["result"]["result"]["pinNo"]
        now = datetime.now(UTC)
        session.add(Coupon(line_id=line.id, order_id=line.order_id, tr_id=tr_id, number=number, issued_at=now))
        session.commit()
    capture.delay(line_id)


@app.task
def capture(line_id: str) -> None:
    """Take one coupon's price from the held money."""
    with _sessions()() as session:
        line = session.get_one(Line, UUID(line_id))
        order = session.get_one(Order, line.order_id)
        wallet = session.scalars(_locked(order)).one()
        wallet.held_krw -= PRICE_KRW
        session.add(Entry(id=uuid4(), order_id=order.id, account="held", amount_krw=-PRICE_KRW))
        session.add(Entry(id=uuid4(), order_id=order.id, account="captured", amount_krw=PRICE_KRW))
        session.commit()
    hand_over.delay(line_id)


@app.task
def hand_over(line_id: str) -> None:
    """Hand one message over, and count it."""
    with _sessions()() as session:
        line = session.get_one(Line, UUID(line_id))
        url = f"{os.environ[told.SANDBOX_URL]}/bizppurio/v3/message"
        bearer = {"Authorization": f"Bearer {os.environ[told.SANDBOX_TOKEN]}"}
        _posted(url, json=message_body(uuid4().hex, line.phone), headers=bearer)
        message = Message(
            line_id=line.id, order_id=line.order_id, phone=line.phone, text=MESSAGE, link=LINK, state="handed_over"
        )
        session.add(message)
        order = session.scalars(select(Order).where(Order.id == line.order_id).with_for_update()).one()
        order.handed_over += 1
        if order.handed_over == order.recipients:
            order.state = "sent"
        session.commit()


def _locked(order: Order) -> Any:
    return select(Wallet).where(Wallet.company_id == order.company_id).with_for_update()


def _posted(url: str, **more: Any) -> Any:
    answer = _http().post(url, timeout=TIMEOUT_SECONDS, **more)
    answer.raise_for_status()
    return answer.json()
