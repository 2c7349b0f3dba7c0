"""KAPI's templates: registered under a code of ours, then inspected by people at the provider.

Of the provider's two kinds of states the inspection's decides here. Where a rejection's reason stands in a detail is
our reading of it: the last comment.
"""

from dataclasses import dataclass, field
from typing import Any

from messaging.adapters.kapi_wire import OK, KapiWire
from messaging.application.template_inspection import TemplateNotTaken
from messaging.domain.sender_profile_errors import ChannelProviderAway
from messaging.domain.template import Template
from messaging.domain.template_approval import Inspection, InspectionState

NO_DATA = "508"
_NEVER_TAKEN = {
    "405": "요청 값이 올바르지 않습니다",
    "505": "이미 있는 템플릿 이름입니다",
    "506": "내용이 1,000자를 넘습니다",
    "510": "버튼이 올바르지 않습니다",
    "511": "버튼의 링크가 올바르지 않습니다",
}
"""Codes about the template itself; any other may pass, so it is asked again."""
_STATES = {
    "REG": InspectionState.REGISTERED,
    "REQ": InspectionState.REQUESTED,
    "APR": InspectionState.APPROVED,
    "REJ": InspectionState.REJECTED,
}


@dataclass(frozen=True)
class TemplateDesk:
    """What every template of ours is registered with."""

    sender_key: str = field(repr=False)
    category_code: str
    button_link: str


class KapiTemplates:
    """`TemplateInspector` over KAPI's wire protocol."""

    def __init__(self, wire: KapiWire, desk: TemplateDesk) -> None:
        self._wire = wire
        self._desk = desk

    def detail(self, provider_code: str) -> Inspection | None:
        """Raises `ChannelProviderAway`."""
        code, data = self._call("detail", {"templateCode": provider_code})
        if code == NO_DATA:
            return None
        state = _STATES.get(str(data.get("inspectionStatus"))) if isinstance(data, dict) else None
        if code != OK or state is None:
            raise ChannelProviderAway
        return Inspection(state, str(data.get("templateContent", "")), _last_comment(data.get("comments")))

    def add(self, template: Template) -> None:
        """Raises `TemplateNotTaken`, `ChannelProviderAway`."""
        link = self._desk.button_link
        # Names must differ at the provider, and ours need not: the code makes them do.
        asked = {
            "templateCode": template.provider_code,
            "templateName": f"{template.name} {template.provider_code}",
            "templateContent": template.body,
            "templateMessageType": "BA",
            "templateEmphasizeType": "NONE",
            "categoryCode": self._desk.category_code,
            "securityFlag": False,
            "buttons": [{"name": template.button_name, "linkType": "WL", "linkMo": link, "linkPc": link}],
        }
        self._done("add", asked)

    def request(self, provider_code: str) -> None:
        """Raises `TemplateNotTaken`, `ChannelProviderAway`."""
        self._done("request", {"templateCode": provider_code})

    def _done(self, call: str, asked: dict[str, Any]) -> None:
        code, _ = self._call(call, asked)
        if code in _NEVER_TAKEN:
            raise TemplateNotTaken(f"{_NEVER_TAKEN[code]} ({code})")
        if code != OK:
            raise ChannelProviderAway

    def _call(self, call: str, asked: dict[str, Any]) -> tuple[str, Any]:
        whose = {"senderKey": self._desk.sender_key, "senderKeyType": "S"}
        return self._wire.call(f"/v3/kakao/template/{call}", {**whose, **asked})


def _last_comment(comments: Any) -> str:
    said = [str(each.get("content", "")) for each in comments if isinstance(each, dict)] if comments else []
    return said[-1] if said else ""
