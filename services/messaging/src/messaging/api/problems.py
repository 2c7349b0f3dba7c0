"""The one map of messaging's errors to problems."""

from chassis.problems import ProblemType
from messaging.api.address_book_problems import ADDRESS_BOOK_PROBLEMS
from messaging.api.sender_profile_problems import SENDER_PROFILE_PROBLEMS
from messaging.domain.card import CardNotAllowed
from messaging.domain.errors import MessageTooLong, TemplateNotFound, ValueMissing
from messaging.domain.notification import ChannelMissing, KindNotOffered

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
    CardNotAllowed: ProblemType(
        "card_not_allowed",
        422,
        "카드는 300KB 이하의 JPEG 그림 한 장이어야 합니다.",
        "A card is one JPEG of at most 300 KB.",
        ("bytes_given", "bytes_max"),
    ),
    KindNotOffered: ProblemType(
        "notification_not_offered",
        422,
        "이 알림은 설정할 수 없습니다.",
        "This member is never told of this, so there is nothing to choose.",
        ("kind",),
    ),
    ChannelMissing: ProblemType(
        "notification_channel_missing",
        422,
        "기념일 발송 알림은 메일과 알림톡 중 하나 이상을 선택해 주세요.",
        "Choose mail, alimtalk or both: this notification cannot be switched off.",
        ("kind",),
    ),
    **ADDRESS_BOOK_PROBLEMS,
    **SENDER_PROFILE_PROBLEMS,
}
