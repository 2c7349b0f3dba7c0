"""How KAPI is called: JSON by POST, with account and key in the body, and the outcome as a code in the answer's."""

from dataclasses import dataclass, field
from typing import Any

from chassis.answers import Response, UnreadableAnswerError
from chassis.http import HttpClient
from messaging.domain.sender_profile_errors import ChannelProviderAway

OK = "200"


@dataclass(frozen=True)
class KapiAccount:
    """Who we are at the channel provider."""

    base_url: str
    business_id: str
    api_key: str = field(repr=False)
    timeout_seconds: float


class KapiWire:
    """Single calls, each once."""

    def __init__(self, account: KapiAccount) -> None:
        self._account = account
        self._client = HttpClient(account.base_url, name="kapi", read_timeout_seconds=account.timeout_seconds)

    def call(self, path: str, asked: dict[str, Any]) -> tuple[str, Any]:
        """The answer's code and data. Raises `ChannelProviderAway` when no answer came that can be read."""
        body = {"bizId": self._account.business_id, "apiKey": self._account.api_key, **asked}
        answer = self._client.request("POST", path, json=body)
        if not isinstance(answer, Response):
            raise ChannelProviderAway
        try:
            read = answer.json()
        except UnreadableAnswerError:
            raise ChannelProviderAway from None
        if not isinstance(read, dict):
            raise ChannelProviderAway
        return str(read.get("code")), read.get("data")
