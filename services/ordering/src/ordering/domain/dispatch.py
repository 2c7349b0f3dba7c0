"""How a recipient's message ends (ORD-18)."""

from collections.abc import Iterable
from enum import StrEnum

from ordering.domain.coupon import CouponState
from ordering.domain.state_table import StateTable


class DispatchState(StrEnum):
    """진행, 성공, 실패, 오류."""

    IN_PROGRESS = "in_progress"
    SUCCESS = "success"
    FAILED = "failed"
    ERROR = "error"


class DispatchStep(StrEnum):
    """What moves a recipient's message on."""

    REPORTED_SUCCESS = "reported_success"
    REPORTED_FAILURE = "reported_failure"
    NOTHING_ISSUED = "nothing_issued"


DISPATCH_STATES: StateTable[DispatchState, DispatchStep] = StateTable(
    subject="dispatch",
    initial=DispatchState.IN_PROGRESS,
    moves={
        (DispatchState.IN_PROGRESS, DispatchStep.REPORTED_SUCCESS): DispatchState.SUCCESS,
        (DispatchState.IN_PROGRESS, DispatchStep.REPORTED_FAILURE): DispatchState.FAILED,
        (DispatchState.IN_PROGRESS, DispatchStep.NOTHING_ISSUED): DispatchState.ERROR,
        # A late truth: the provider reported failure and then reached the recipient after all.
        (DispatchState.FAILED, DispatchStep.REPORTED_SUCCESS): DispatchState.SUCCESS,
    },
)


class Readiness(StrEnum):
    """What a recipient's coupons say about the message."""

    WAITS = "waits"
    GOES = "goes"
    NOTHING_TO_SEND = "nothing_to_send"


def readiness(coupons: Iterable[CouponState]) -> Readiness:
    """Whether the message may go: it waits for open coupons, goes with those issued, and is an error without any.

    A choice needs no issued coupon: its message asks for the choice (ORD-18).
    """
    states = set(coupons)
    if CouponState.WAITING in states:
        return Readiness.WAITS
    return Readiness.GOES if states & {CouponState.ISSUED, CouponState.AWAITING_CHOICE} else Readiness.NOTHING_TO_SEND
