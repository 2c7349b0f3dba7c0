"""The one map of the gateway's refusals to problem documents. Those of services pass through as they are."""

from chassis.problems import BAD_REQUEST, ProblemType
from gateway.domain.errors import AnswerLost, PartAway, PartBusy, PartSlow, TooManyRequests, TooManyWaiting
from gateway.domain.exchange import UnsendableRequest

PROBLEMS: dict[type[Exception], ProblemType] = {
    PartAway: ProblemType(
        "service_away",
        503,
        "{part_ko} 서비스가 잠시 응답하지 않습니다. 요청은 처리되지 않았으니 잠시 후 다시 시도해 주세요.",
        "The {part} service is away. Nothing was done; try again shortly.",
        members=("part",),
    ),
    PartBusy: ProblemType(
        "service_busy",
        503,
        "{part_ko} 서비스에 요청이 몰려 있습니다. 요청은 처리되지 않았으니 잠시 후 다시 시도해 주세요.",
        "The {part} service is busy. Nothing was done; try again shortly.",
        members=("part",),
    ),
    PartSlow: ProblemType(
        "service_slow",
        504,
        "{part_ko} 서비스의 응답이 늦습니다. 처리되었는지 확인한 뒤, 같은 Idempotency-Key로 다시 시도해 주세요.",
        "The {part} service did not answer in time. It may have been done: look, or repeat with the same key.",
        members=("part",),
    ),
    AnswerLost: ProblemType(
        "service_answer_lost",
        502,
        "{part_ko} 서비스의 응답을 받지 못했습니다. 처리되었는지 확인한 뒤, 같은 Idempotency-Key로 다시 시도해 주세요.",
        "The {part} service's answer was lost. It may have been done: look, or repeat with the same key.",
        members=("part",),
    ),
    TooManyRequests: ProblemType(
        "too_many_requests",
        429,
        "요청이 너무 많습니다. {retry_after_seconds}초 후에 다시 시도해 주세요.",
        "Too many requests. Try again in {retry_after_seconds} seconds.",
    ),
    TooManyWaiting: ProblemType(
        "too_many_waiting",
        503,
        "기다리는 요청이 너무 많습니다. 잠시 후 wait_seconds 없이 조회해 주세요.",
        "Too many requests are waiting. Ask again shortly, without wait_seconds.",
    ),
    UnsendableRequest: BAD_REQUEST,
}
