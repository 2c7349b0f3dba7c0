"""`./coupbiz demo`: the main job once, step by step, with the links to open.

Exits non-zero when any step fails, or when the ledger's balance is wrong by a won. With COUPBIZ_GATEWAY_URL,
COUPBIZ_SANDBOX_URL and COUPBIZ_OPERATOR_FILE it runs against any suite, such as one under docker compose.
"""

import argparse
import os
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from launcher.journey.outside import Outside
from launcher.journey.people import Applicant, Master, Operator, OperatorLogin, SignUp
from launcher.journey.recipient import Recipient
from launcher.journey.rest import wait_for
from launcher.showcase.operator import operator_of
from launcher.showcase.seeding import seed
from launcher.showcase.templates import template_id
from launcher.suite import suite_of_checkout
from launcher.words import LauncherError, say

CHARGE_KRW = 100_000
BARCODE = 'aria-label="바코드'


@dataclass(frozen=True)
class Invited:
    """A recipient of the demonstration; the number decides what the sandbox does with the phone."""

    phone: str
    name: str
    what: str


def _recipients() -> tuple[Invited, ...]:
    """New phones with each run, so that no code is asked for twice within its minute."""
    ending = f"{random.randrange(10_000):04d}"  # noqa: S311 - a made-up phone
    return (
        Invited(f"0100000{ending}", "홍길동", "알림톡으로 받는 사람"),
        Invited(f"0100001{ending}", "이순신", "알림톡으로 받는 사람"),
        Invited(f"0109001{ending}", "유관순", "카카오톡을 쓰지 않아 MMS로 받는 사람"),
        Invited(f"0109011{ending}", "장영실", "공급사가 발행하지 못해 돈이 돌아오는 사람"),
    )


@dataclass(frozen=True)
class Places:
    """Where the suite is, and who its operator is."""

    gateway_url: str
    sandbox_url: str
    operator: OperatorLogin
    postgres_url: str = field(repr=False)
    """A superuser's, for the audit."""


def main(arguments: Sequence[str]) -> int:
    """Seed what is missing, run the main job, and say how it went."""
    argparse.ArgumentParser(prog="./coupbiz demo").parse_args(arguments)
    demonstrate(places_of_environment())
    return 0


def demonstrate(places: Places) -> None:
    """The main job in a suite. Raises `LauncherError` at the first thing that is not as it should be."""
    outside = Outside(places.sandbox_url)
    say("\nThe main job, from a company's sign-up to a recipient's phone:")
    with _step("The operator logs in, and the demo data are there"):
        operator = Operator(places.gateway_url, places.operator, outside)
        seed(operator, outside, _detail)
    applicant = Applicant.new(outside)
    master = _become_master(places, operator, applicant, outside)
    with _step(f"The master charges {CHARGE_KRW:,} KRW by card"):
        charge = master.charge(CHARGE_KRW)
        _detail(f"credited; balance {master.wallet()['balance_krw']:,} KRW; receipt {charge['receipt_url']}")
    invited = _recipients()
    order = _order(master, invited)
    links = _recipients_open(outside, order, invited)
    _balance_to_the_won(operator, master, order)
    _show(places, applicant, links)


def places_of_environment() -> Places:
    """The suite that the environment names, else this checkout's own."""
    gateway, sandbox = os.environ.get("COUPBIZ_GATEWAY_URL"), os.environ.get("COUPBIZ_SANDBOX_URL")
    suite = suite_of_checkout()
    return Places(gateway or suite.gateway_url, sandbox or suite.sandbox_url, operator_of(suite), suite.postgres_url)


def _become_master(places: Places, operator: Operator, applicant: Applicant, outside: Outside) -> Master:
    with _step(f"{applicant.company} signs up: business number, certificate, mail and phone codes, terms"):
        sign_up = SignUp(places.gateway_url, outside)
        submitted = sign_up.fill_in(applicant)
        _detail(f"business number {applicant.business_number}, state {submitted['state']}")
    with _step("An operator approves"):
        operator.approve(sign_up.id)
        letters = wait_for("the approval's mail", lambda: _with(outside.letters(applicant.email), "승인되었습니다"))
        _detail(f"mailed to {applicant.email}: {letters[-1]['subject']}")
    with _step("The master logs in: password, then a code to the phone"):
        return Master(places.gateway_url, applicant, outside)


def _order(master: Master, invited: Sequence[Invited]) -> dict[str, Any]:
    with _step("The master picks two products and orders them for four recipients"):
        offers = [master.products(query)[0]["offers"][0] for query in ("아메리카노 T", "ㅁㄴㅅㅌ")]
        template = next(each for each in master.templates() if each["template_id"] == template_id("THANKS_1"))
        recipients = [{"phone": each.phone, "name": each.name, "company": "한빛상사"} for each in invited]
        order = master.order(master.order_body(offers, recipients, template))
        if order["state"] == "rejected":
            raise LauncherError(f"The order was rejected: {order['rejected_reason']}")
        _detail(f"{order['order_number']}, {order['pay_amount_krw']:,} KRW reserved")
    with _step("Coupons are issued, messages go out, results come back"):
        order = master.follow(order["order_id"], lambda seen: seen["state"] == "sent", "the end of the sending")
        for line, each in zip(master.lines(order["order_id"]), invited, strict=True):
            _detail(f"{each.phone} {each.name} ({each.what}): {line['dispatch']} {line['channel'] or ''}")
        _expect("three recipients got their coupons", order["counts"]["success"] == 3)
        _expect("one recipient's coupons could not be issued", order["counts"]["error"] == 1)
    return order


def _recipients_open(outside: Outside, order: Mapping[str, Any], invited: Sequence[Invited]) -> dict[str, str]:
    with _step("A recipient opens the link, proves the phone, and sees a coupon with its barcode"):
        links = {each.name: outside.link_of(each.phone) for each in invited[:3]}
        first = invited[0]
        recipient = Recipient(first.phone, outside)
        before = recipient.open_link(links[first.name])
        _expect("no coupon is shown before the phone is proven", BARCODE not in before.html)
        after = recipient.prove()
        _expect("the coupon's barcode is shown", BARCODE in after.html and "아메리카노 T" in after.text)
        _detail(f"{order['send_title']}: {first.phone} sees {after.html.count(BARCODE)} barcodes")
    return links


def _balance_to_the_won(operator: Operator, master: Master, order: Mapping[str, Any]) -> None:
    with _step("The ledger balances to the won"):

        def look() -> dict[str, Any] | None:
            wallet = master.wallet()
            return wallet if wallet["held_krw"] == 0 else None

        wallet = wait_for("the end of the order's hold", look)
        spent = CHARGE_KRW - wallet["balance_krw"]
        _detail(f"charged {CHARGE_KRW:,} = spent {spent:,} + left {wallet['balance_krw']:,} KRW")
        _expect("what was spent is what was issued", spent == order["confirmed_amount_krw"])
        proof = operator.verify_ledger()
        _expect("the ledger proves itself", proof["proven"] is True)
        _detail(f"{proof['postings']} postings of {proof['companies']} companies proven: sums, holds, hash chains")


def _show(places: Places, applicant: Applicant, links: Mapping[str, str]) -> None:
    say("\nTo open in a browser:")
    for name, link in links.items():
        say(f"  {name}'s coupon page   {link}")
    say(f"  the recipients' phones   {places.sandbox_url}/phone   (the codes arrive there)")
    say(f"  the mailbox              {places.sandbox_url}/mailbox")
    say(f"  the master, for the API  {applicant.email} / {applicant.password} / phone {applicant.phone}")


@contextmanager
def _step(what: str) -> Iterator[None]:
    started = time.monotonic()
    say(f"- {what} …")
    yield
    _detail(f"done in {time.monotonic() - started:.1f} s")


def _detail(what: str) -> None:
    say(f"    {what}")


def _expect(what: str, so: bool) -> None:  # noqa: FBT001 - reads as a sentence
    if not so:
        raise LauncherError(f"It is not so that {what}.")


def _with(letters: Sequence[dict[str, Any]], words: str) -> list[dict[str, Any]]:
    return [letter for letter in letters if words in letter["subject"]]
