"""What is wrong with a row of contacts, in words."""

from messaging.domain.contact import ContactFault, ContactProblem

_KO = {
    ContactFault.MISSING: "필수 입력 항목입니다.",
    ContactFault.TOO_LONG: "최대 {letters_max}자까지 입력할 수 있습니다.",
    ContactFault.UNREADABLE: "사용할 수 없는 문자가 있습니다.",
    ContactFault.NO_MOBILE_NUMBER: "휴대전화번호 형식이 아닙니다.",
    ContactFault.NO_SUCH_DAY: "YYYY/MM/DD 형식의 실제 날짜를 입력해 주세요.",
    ContactFault.UNKNOWN_CALENDAR: "양력 또는 음력만 입력할 수 있습니다.",
    ContactFault.CALENDAR_WITHOUT_DAY: "음력은 기념일과 함께 입력해 주세요.",
    ContactFault.PHONE_IN_GROUP: "그룹에 이미 등록된 번호입니다.",
    ContactFault.PHONE_REPEATED: "앞의 행과 번호가 같습니다.",
}
_EN = {
    ContactFault.MISSING: "It is required.",
    ContactFault.TOO_LONG: "At most {letters_max} letters.",
    ContactFault.UNREADABLE: "It holds characters that cannot be used.",
    ContactFault.NO_MOBILE_NUMBER: "It is no mobile number.",
    ContactFault.NO_SUCH_DAY: "It is no existing day as YYYY/MM/DD.",
    ContactFault.UNKNOWN_CALENDAR: "It is neither solar nor lunar.",
    ContactFault.CALENDAR_WITHOUT_DAY: "Lunar needs an anniversary.",
    ContactFault.PHONE_IN_GROUP: "The group has this number already.",
    ContactFault.PHONE_REPEATED: "An earlier row has the same number.",
}


def problem_ko(problem: ContactProblem) -> str:
    """The fault in Korean."""
    return _KO[problem.fault].format(letters_max=problem.letters_max)


def problem_en(problem: ContactProblem) -> str:
    """The fault in English."""
    return _EN[problem.fault].format(letters_max=problem.letters_max)
