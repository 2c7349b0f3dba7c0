"""The one map of messaging's errors to problems."""

from chassis.problems import ProblemType
from messaging.api.address_book_problems import ADDRESS_BOOK_PROBLEMS
from messaging.api.sender_profile_problems import SENDER_PROFILE_PROBLEMS
from messaging.domain.errors import MessageTooLong, TemplateNotFound, ValueMissing

PROBLEMS: dict[type[Exception], ProblemType] = {
    TemplateNotFound: ProblemType(
        "template_not_found", 404, "메시지 템플릿을 찾을 수 없습니다.", "There is no such template.", ("template_id",)
    ),
    ValueMissing: ProblemType(
        "value_missing",
        422,
        "입력하지 않은 값이 있습니다: {variables}",
        "A used variable has no value.",
        ("variables",),
    ),
    MessageTooLong: ProblemType(
        "message_too_long",
        422,
        "메시지가 보낼 수 있는 길이를 넘었습니다. ({shown})",
        "The message is longer than it may be: {shown}.",
        ("passed",),
    ),
    **ADDRESS_BOOK_PROBLEMS,
    **SENDER_PROFILE_PROBLEMS,
}
