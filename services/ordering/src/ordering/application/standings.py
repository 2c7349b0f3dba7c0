"""Asking suppliers how issued coupons stand (ORD-19): those that are looked at, and those whose time is over.

`begin_asking` and `end_asking` are a transaction each, and the suppliers' calls lie between them. Asking changes
nothing at the supplier, so one whose answer was lost is made again.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from ordering.application.sending_ports import Supplier, SupplierCall
from ordering.application.standing_ports import StandingUnit
from ordering.domain.answers import Answer, NotDone, Stopped
from ordering.domain.attempt import Action
from ordering.domain.standing import AskedCoupon, StandingPatience, standing_after


def begin_asking(unit: StandingUnit, patience: StandingPatience) -> Sequence[AskedCoupon]:
    """Claim a portion of the coupons that are due."""
    return unit.standings.claim(unit.now(), patience.lease_seconds, patience.coupons_at_once_max)


def ask_suppliers(claimed: Sequence[AskedCoupon], suppliers: Mapping[str, Supplier]) -> Sequence[Answer]:
    """An answer for each of them. A supplier that this release does not know is as good as away."""
    answers: dict[int, Answer] = {}
    for name in {coupon.supplier for coupon in claimed}:
        places = [place for place, coupon in enumerate(claimed) if coupon.supplier == name]
        calls = [SupplierCall(Action.LOOK, claimed[place].tr_id, goods_code="", phone="") for place in places]
        supplier = suppliers.get(name)
        heard = [NotDone("supplier_unknown")] * len(calls) if supplier is None else supplier.call_all(calls)
        answers.update(zip(places, heard, strict=True))
    return [answers[place] for place in range(len(claimed))]


def end_asking(
    claimed: Sequence[AskedCoupon], answers: Sequence[Answer], unit: StandingUnit, patience: StandingPatience
) -> None:
    """Record the answers. Amounts stay confirmed: a coupon that was used or expired was issued."""
    at = unit.now()
    stopped = {
        coupon.supplier: answer.code
        for coupon, answer in zip(claimed, answers, strict=True)
        if isinstance(answer, Stopped)
    }
    for supplier, code in stopped.items():
        unit.stops.stop(supplier, code, at + timedelta(seconds=patience.stopped_seconds))
    unit.standings.record(
        [standing_after(coupon, answer, at, patience) for coupon, answer in zip(claimed, answers, strict=True)]
    )
