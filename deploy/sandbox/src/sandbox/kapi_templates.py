"""The channel provider's templates: registered, submitted, and decided by the clock after a while."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from sandbox.clock import Clock
from sandbox.kapi_answers import KapiError, coded
from sandbox.records import Json, Store, Table
from sandbox.settings import Settings
from sandbox.wire import Answer, Call

LETTERS_MAX = 1_000
CODE_LETTERS_MAX = 30
SENDER_KEY_LETTERS = 40
REJECTED_WHEN_NAMED = "[반려]"
"""A template whose name or text carries this is rejected. Any other is approved."""
REJECTION = "광고성 내용이 있어 반려합니다."


@dataclass(frozen=True, slots=True)
class ChannelTemplate:
    """A registered template. REG, then REQ; how that ends is decided by the clock."""

    code: str
    name: str
    content: str
    buttons: list[Json]
    category_code: str
    requested_at: float | None = None


class KapiTemplates:
    """The calls under /kapi/v3/kakao/template."""

    def __init__(self, settings: Settings, clock: Clock, store: Store) -> None:
        self._clock = clock
        self._inspection_seconds = settings.template_inspection_seconds
        self._templates: Table[ChannelTemplate] = Table(
            store, "channel_templates", lambda value: ChannelTemplate(**value)
        )

    def routes(self) -> Iterable[tuple[str, str, Callable[[Call], Answer]]]:
        """Name, path and handler of each call."""
        base = "/v3/kakao/template"
        return (
            ("template_add", f"{base}/add", self._add),
            ("template_request", f"{base}/request", self._request),
            ("template_detail", f"{base}/detail", self._detail),
        )

    def _add(self, call: Call) -> Answer:
        key, code = _key(call)
        name, content = str(call.json.get("templateName", "")), str(call.json.get("templateContent", ""))
        buttons, category = call.json.get("buttons", []), str(call.json.get("categoryCode", ""))
        if not name or not content or len(code) > CODE_LETTERS_MAX or not category.isdigit():
            raise KapiError(405)
        if len(content) > LETTERS_MAX:
            raise KapiError(506)
        if not isinstance(buttons, list) or not all(isinstance(each, dict) and each.get("name") for each in buttons):
            raise KapiError(510)
        if any(each.get("linkType") == "WL" and not each.get("linkMo") for each in buttons):
            raise KapiError(511)
        if key in self._templates:
            raise KapiError(504)
        if any(each.name == name for each in self._templates):
            raise KapiError(505)
        template = ChannelTemplate(code, name, content, buttons, category)
        self._templates.put(key, template)
        return coded(200, self._shown(template))

    def _request(self, call: Call) -> Answer:
        key, _ = _key(call)
        template = self._known(key)
        if template.requested_at is not None:
            raise KapiError(509)
        self._templates.put(key, replace(template, requested_at=self._clock.now()))
        return coded(200)

    def _detail(self, call: Call) -> Answer:
        return coded(200, self._shown(self._known(_key(call)[0])))

    def _known(self, key: str) -> ChannelTemplate:
        template = self._templates.get(key)
        if template is None:
            raise KapiError(508)
        return template

    def _shown(self, template: ChannelTemplate) -> Json:
        status = self._inspection_status(template)
        return {
            "templateCode": template.code,
            "templateName": template.name,
            "templateContent": template.content,
            "buttons": template.buttons,
            "categoryCode": template.category_code,
            "status": "R",
            "inspectionStatus": status,
            "serviceStatus": "RDY" if status == "APR" else status,
            "comments": [{"content": REJECTION, "status": "REJ"}] if status == "REJ" else [],
        }

    def _inspection_status(self, template: ChannelTemplate) -> str:
        if template.requested_at is None:
            return "REG"
        if self._clock.now() < template.requested_at + self._inspection_seconds:
            return "REQ"
        return "REJ" if REJECTED_WHEN_NAMED in template.name + template.content else "APR"


def _key(call: Call) -> tuple[str, str]:
    sender_key, code = str(call.json.get("senderKey", "")), str(call.json.get("templateCode", ""))
    if len(sender_key) != SENDER_KEY_LETTERS or not code or call.json.get("senderKeyType", "S") != "S":
        raise KapiError(405)
    return f"{sender_key}|{code}", code
