"""Mail texts from templates; the subject is the first line of the text part's template."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from messaging.domain.mail import Mail

LINK_LABELS = {"member_invited": "서비스 초대 수락하기", "password_reset": "비밀번호 재설정하기"}
"""What the button of a mail's link says, by occasion."""
DETAIL = "▪ "
"""How a line begins that names a thing and says it; paragraphs of such are tables in HTML."""
CODE_PURPOSES = {"sign_up": "회원가입", "login": "로그인", "settings": "보안 설정", "recipient": "쿠폰 확인"}


class JinjaMailTexts:
    """`MailTexts` from the templates beside this file."""

    def __init__(self, service_name: str, customer_centre: str) -> None:
        self._shared = {"service": service_name, "customer_centre": customer_centre}
        self._templates = Environment(
            loader=PackageLoader("messaging.documents", "mails"),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def render(self, occasion: str, to: str, mail_id: UUID, values: Mapping[str, str]) -> Mail:
        """The mail of an occasion, with HTML and text part."""
        known = {**self._shared, **values, "purposes": CODE_PURPOSES}
        text = self._templates.get_template(f"{occasion}.txt").render(known)
        subject, _, body = text.partition("\n")
        paragraphs = [paragraph.strip().splitlines() for paragraph in body.strip().split("\n\n")]
        html = self._templates.get_template("frame.html").render(
            known,
            subject=subject,
            heading=subject.removeprefix(f"[{self._shared['service']}] "),
            paragraphs=[(lines, _details(lines)) for lines in paragraphs],
            highlight=values.get("code", ""),
            link=values.get("link", ""),
            link_label=LINK_LABELS.get(occasion, ""),
        )
        # A name may hold a line break, and a subject must not.
        return Mail(id=mail_id, to=to, subject=" ".join(subject.split()), text=body.strip() + "\n", html=html)


def _details(lines: Sequence[str]) -> list[tuple[str, str]]:
    """The names and values of a paragraph that is all details; none for another."""
    if not all(line.startswith(DETAIL) and ": " in line for line in lines):
        return []
    return [(name, value) for name, _, value in (line.removeprefix(DETAIL).partition(": ") for line in lines)]
