"""Message templates of the demo, by theme, as an operator would submit them."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5


def _text(*lines: str) -> str:
    return "\n".join(lines)


TEXTS: dict[str, tuple[str, str, str]] = {
    "THANKS_1": (
        "감사",
        "고마운 마음",
        _text(
            "안녕하세요 #{이름}님,",
            "#{회사명}입니다.",
            "",
            "늘 보내 주시는 성원에 깊이 감사드리며,",
            "작은 선물을 준비했습니다.",
            "아래 버튼을 눌러 확인해 주세요.",
        ),
    ),
    "BIRTHDAY_1": (
        "기념일",
        "축하 인사",
        _text(
            "안녕하세요 #{이름}님",
            "#{회사명}입니다.",
            "",
            "#{이름}님의 뜻깊은 #{기념일}을(를) 진심으로 축하드립니다.",
            "언제나 웃는 일이 가득하시길 기원합니다.",
        ),
    ),
    "EVENT_1": (
        "이벤트",
        "당첨 안내",
        _text(
            "#{이름}님, 축하드립니다!",
            "#{회사명} 이벤트에 당첨되셨습니다.",
            "",
            "아래 버튼을 눌러 선물을 받아 주세요.",
        ),
    ),
    "REWARD_1": (
        "포상",
        "수고 인사",
        _text(
            "#{이름}님,",
            "그동안의 노력에 감사드립니다.",
            "#{회사명}이(가) 준비한 작은 선물로 잠시 쉬어 가세요.",
        ),
    ),
    "WELCOME_1": (
        "환영",
        "입사 환영",
        _text(
            "#{이름}님, #{회사명}의 가족이 되신 것을 환영합니다.",
            "앞으로의 걸음을 함께 응원하겠습니다.",
        ),
    ),
    "PLAIN_1": ("기본", "쿠폰 도착", _text("쿠폰이 도착했습니다.", "아래 버튼을 눌러 확인해 주세요.")),
}
"""Provider's code → theme, name, text."""


def templates() -> dict[str, dict[str, Any]]:
    """The templates by their ids, as the admin endpoint takes them."""
    return {
        template_id(code): {"provider_code": code, "theme": theme, "name": name, "body": body}
        for code, (theme, name, body) in TEXTS.items()
    }


def template_id(code: str) -> str:
    """The lasting id of a demo template."""
    return str(uuid5(NAMESPACE_URL, f"urn:coupbiz:demo:template:{code}"))
