"""What can be wrong when a statement is asked for, as HTTP tells it."""

from chassis.problems import ProblemType
from ordering.domain.statement import StatementOrdersCountError, StatementStateRefusedError, StatementUnknownError

STATEMENT_PROBLEMS: dict[type[Exception], ProblemType] = {
    StatementStateRefusedError: ProblemType(
        "statement_state_refused",
        409,
        "거래명세서는 전송중, 발송완료인 주문만 발행할 수 있습니다. {order_number} 등 {count:,}건을 제외해 주세요.",
        "Only orders being sent or sent are stated; leave out {order_number} ({state}), {count:,} in all.",
        ("order_number", "state", "count"),
    ),
    StatementOrdersCountError: ProblemType(
        "statement_orders_count",
        409,
        "거래명세서에는 전송중, 발송완료인 주문을 1건 이상 {orders_max:,}건 이하로 담을 수 있습니다.",
        "A statement holds 1 to {orders_max:,} orders being sent or sent; change the filters.",
        ("orders_max",),
    ),
    StatementUnknownError: ProblemType(
        "statement_unknown", 404, "거래명세서를 찾을 수 없습니다.", "There is no such statement."
    ),
}
