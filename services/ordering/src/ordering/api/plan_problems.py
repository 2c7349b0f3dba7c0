"""What is said of the errors of anniversary plans."""

from chassis.problems import ProblemType
from ordering.domain.plan_errors import (
    PlanChangedError,
    PlanEndPastError,
    PlanPricesChangedError,
    PlansCountError,
    PlanUnknownError,
)

PLAN_PROBLEMS: dict[type[Exception], ProblemType] = {
    PlanUnknownError: ProblemType(
        "plan_unknown", 404, "기념일 발송을 찾을 수 없습니다.", "There is no such anniversary plan."
    ),
    PlanChangedError: ProblemType(
        "plan_changed",
        409,
        "그 사이 기념일 발송이 변경되었습니다. 다시 불러온 뒤 수정해 주세요.",
        "The plan was changed meanwhile; load it again, then edit it.",
        ("plan_id", "version"),
    ),
    PlanPricesChangedError: ProblemType(
        "plan_prices_changed",
        409,
        "상품 가격이 변경되었습니다. 변경된 가격을 확인해 주세요.",
        "Prices have changed. Look at the present ones, and send them to accept them.",
        ("prices_krw",),
    ),
    PlanEndPastError: ProblemType(
        "plan_end_past",
        422,
        "종료 일자는 내일 이후로 선택해 주세요.",
        "The end date is tomorrow at the earliest.",
    ),
    PlansCountError: ProblemType(
        "plans_count",
        409,
        "기념일 발송은 {plans_max:,}개까지 등록할 수 있습니다.",
        "A member has at most {plans_max:,} anniversary plans.",
        ("plans_max",),
    ),
}
