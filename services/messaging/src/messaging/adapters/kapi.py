"""KAPI: registering KakaoTalk channels as sender profiles. Codes come in the body; account and key go in it.

Which of its codes means which refused condition is not written down in one place: `_REASONS` is our reading of them.
"""

import threading
import time
from collections.abc import Sequence
from typing import Any

from messaging.adapters.kapi_wire import OK, KapiWire
from messaging.domain.sender_profile import Category, ProfileState, RefusalReason
from messaging.domain.sender_profile_errors import ChannelProviderAway, ChannelRefused

CATEGORIES_KEPT_SECONDS = 3_600.0
_REASONS = {
    "405": RefusalReason.WRONG_TOKEN_OR_PHONE,
    "508": RefusalReason.UNKNOWN_CHANNEL,
    "512": RefusalReason.DEVELOPER_CHANNEL,
    "514": RefusalReason.NOT_VERIFIED,
    "801": RefusalReason.NOT_PUBLIC,
    "802": RefusalReason.NO_CENTRE_NUMBER,
    "803": RefusalReason.NOT_NORMAL,
    "804": RefusalReason.OTHER,
    "805": RefusalReason.OTHER,
}
_STATES = {
    "A": ProfileState.NORMAL,
    "B": ProfileState.BLOCKED,
    "C": ProfileState.DEACTIVATED,
    "D": ProfileState.DELETED,
    "E": ProfileState.DELETED,
}


class Kapi:
    """`ChannelProvider` over KAPI's wire protocol."""

    def __init__(self, wire: KapiWire) -> None:
        self._wire = wire
        self._lock = threading.Lock()
        self._categories: tuple[Category, ...] = ()
        self._categories_until = 0.0

    def categories(self) -> Sequence[Category]:
        """All categories, asked for once an hour. Raises `ChannelProviderAway`."""
        with self._lock:
            if self._categories and time.monotonic() < self._categories_until:
                return self._categories
        rows = self._data("/v3/kakao/profile/category/all", {})
        read = tuple(_category(row) for row in rows) if isinstance(rows, list) else ()
        with self._lock:
            self._categories = read
            self._categories_until = time.monotonic() + CATEGORIES_KEPT_SECONDS
        return read

    def send_token(self, search_id: str, phone: str) -> None:
        """Raises `ChannelRefused`, `ChannelProviderAway`."""
        self._data("/v3/kakao/profile/token", {"yellowId": search_id, "phoneNumber": phone})

    def register(self, search_id: str, phone: str, token: str, category_code: str) -> str:
        """Raises `ChannelRefused`, `ChannelProviderAway`."""
        asked = {"token": token, "phoneNumber": phone, "yellowId": search_id, "categoryCode": category_code}
        data = self._data("/v3/kakao/profile/create", asked)
        sender_key = data.get("senderKey") if isinstance(data, dict) else None
        if not isinstance(sender_key, str) or not sender_key:
            raise ChannelProviderAway
        return sender_key

    def state(self, sender_key: str) -> ProfileState:
        """Raises `ChannelProviderAway`. What the provider no longer knows is deleted."""
        try:
            data = self._data("/v3/kakao/profile", {"senderKey": sender_key})
        except ChannelRefused as refusal:
            if refusal.reason is RefusalReason.UNKNOWN_CHANNEL:
                return ProfileState.DELETED
            raise ChannelProviderAway from refusal
        if not isinstance(data, dict):
            raise ChannelProviderAway
        if data.get("block"):
            return ProfileState.BLOCKED
        if data.get("dormant"):
            return ProfileState.DORMANT
        state = _STATES.get(str(data.get("profileStatus")))
        if state is None:
            raise ChannelProviderAway
        return state

    def _data(self, path: str, asked: dict[str, Any]) -> Any:
        code, data = self._wire.call(path, asked)
        if code in _REASONS:
            raise ChannelRefused(_REASONS[code], code)
        if code != OK:
            raise ChannelProviderAway
        return data


def _category(row: Any) -> Category:
    """A row's name is its three levels with commas between."""
    if not isinstance(row, dict):
        raise ChannelProviderAway
    levels = [level.strip() for level in str(row.get("name", "")).split(",")]
    large, medium, small = (*levels, "", "", "")[:3]
    return Category(str(row.get("code", "")), large, medium, small)
