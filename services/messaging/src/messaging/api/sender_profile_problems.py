"""The errors of sender profiles as problems."""

from chassis.problems import ProblemType
from messaging.domain import sender_profile_errors as errors
from messaging.domain.errors import PhoneNotAllowed
from messaging.domain.sender_profile import RefusalReason

REFUSALS = {
    RefusalReason.NOT_PUBLIC: ("채널의 홈 공개 설정이 ON이 아닙니다.", "The channel is not public."),
    RefusalReason.NOT_VERIFIED: ("비즈니스 채널 인증이 되지 않은 채널입니다.", "The channel is not business-verified."),
    RefusalReason.NO_CENTRE_NUMBER: (
        "채널에 고객센터 번호가 저장되어 있지 않습니다.",
        "The channel has no customer-centre number.",
    ),
    RefusalReason.NOT_NORMAL: ("채널의 상태가 '정상'이 아닙니다.", "The channel's state is not normal."),
    RefusalReason.DEVELOPER_CHANNEL: (
        "개발자용 채널은 등록할 수 없습니다.",
        "Developer channels cannot be registered.",
    ),
    RefusalReason.UNKNOWN_CHANNEL: ("검색용 ID의 채널을 찾을 수 없습니다.", "There is no channel with this search id."),
    RefusalReason.WRONG_TOKEN_OR_PHONE: (
        "토큰 또는 관리자 전화번호가 올바르지 않습니다.",
        "The token or the manager's phone number is wrong.",
    ),
    RefusalReason.OTHER: ("카카오에서 등록을 제한한 채널입니다.", "The channel's registration is restricted."),
}


class RefusedChannel(Exception):
    """A refused channel with the words of its reason."""

    def __init__(self, refusal: errors.ChannelRefused) -> None:
        super().__init__(refusal.reason)
        self.reason = refusal.reason.value
        self.provider_code = refusal.provider_code
        self.ko, self.en = REFUSALS[refusal.reason]


SENDER_PROFILE_PROBLEMS: dict[type[Exception], ProblemType] = {
    errors.SenderProfileNotFound: ProblemType(
        "sender_profile_not_found", 404, "발신프로필을 찾을 수 없습니다.", "There is no such sender profile."
    ),
    errors.SenderProfilesFull: ProblemType(
        "sender_profiles_full",
        409,
        "발신프로필은 최대 {profiles_max}개까지 등록할 수 있습니다.",
        "At most {profiles_max} sender profiles.",
        ("profiles_max",),
    ),
    errors.SenderProfileTaken: ProblemType(
        "sender_profile_taken", 409, "이미 등록된 채널입니다.", "The channel is registered already."
    ),
    errors.SenderProfileInUse: ProblemType(
        "sender_profile_in_use",
        409,
        "예약 주문 또는 기념일 발송 {uses}건에서 사용 중인 발신프로필입니다.",
        "{uses} scheduled orders or anniversaries use the sender profile.",
        ("uses",),
    ),
    errors.ProfileOrderIncomplete: ProblemType(
        "profile_order_incomplete",
        422,
        "모든 발신프로필을 한 번씩 포함해 주세요.",
        "The order names every sender profile once.",
    ),
    errors.SearchIdNotAllowed: ProblemType(
        "search_id_not_allowed", 422, "검색용 ID 형식이 올바르지 않습니다.", "It is no search id of a channel."
    ),
    errors.CategoryUnknown: ProblemType(
        "category_unknown", 422, "카테고리를 찾을 수 없습니다.", "There is no such category."
    ),
    RefusedChannel: ProblemType("channel_refused", 422, "{ko}", "{en}", ("reason", "provider_code")),
    errors.ChannelProviderAway: ProblemType(
        "channel_provider_away",
        503,
        "카카오 채널 서비스에 연결할 수 없습니다. 잠시 후 다시 시도해 주세요.",
        "The channel provider does not answer. Try again shortly.",
    ),
    PhoneNotAllowed: ProblemType("phone_not_allowed", 422, "휴대전화번호 형식이 아닙니다.", "It is no mobile number."),
}
