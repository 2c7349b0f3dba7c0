"""The one map of messaging's errors to problems."""

from chassis.problems import ProblemType
from messaging.api.address_book_problems import ADDRESS_BOOK_PROBLEMS
from messaging.api.sender_profile_problems import SENDER_PROFILE_PROBLEMS
from messaging.domain.card import CardNotAllowed
from messaging.domain.errors import (
    MessageTooLong,
    ProviderCodeTaken,
    SubmissionNotOffered,
    TemplateChanged,
    TemplateNotFound,
    TemplateStepNotAllowed,
    ValueMissing,
)
from messaging.domain.notification import ChannelMissing, KindNotOffered

PROBLEMS: dict[type[Exception], ProblemType] = {
    TemplateNotFound: ProblemType(
        "template_not_found", 404, "메시지 템플릿을 찾을 수 없습니다.", "There is no such template.", ("template_id",)
    ),
    TemplateStepNotAllowed: ProblemType(
        "template_step_not_allowed",
        409,
        "지금 상태({state})의 템플릿에는 할 수 없는 작업입니다. 최신 상태를 확인해 주세요.",
        "A template that is {state} does not allow this step. Look at it again.",
        ("state", "step"),
    ),
    TemplateChanged: ProblemType(
        "template_changed",
        409,
        "템플릿의 최신 버전은 {version}입니다. 내용을 다시 확인해 주세요.",
        "The newest version of this template is {version}. Look at it again.",
        ("version",),
    ),
    ProviderCodeTaken: ProblemType(
        "template_code_taken",
        409,
        "이미 다른 내용으로 사용된 템플릿 코드입니다. 새 코드를 입력해 주세요.",
        "This template code stands for another text. Give the new text a code of its own.",
        ("provider_code",),
    ),
    SubmissionNotOffered: ProblemType(
        "template_submission_not_offered",
        409,
        "현재 발송사에는 여기서 검수를 요청할 수 없습니다. 승인 후 승인 내역을 등록해 주세요.",
        "This provider takes no submissions from here. Record the approval once you have it.",
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
