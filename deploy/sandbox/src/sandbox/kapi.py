"""The channel provider: categories, tokens by KakaoTalk, sender profiles. Codes are in the body, the status is 200."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import asdict, dataclass, replace

from sandbox.clock import Clock
from sandbox.kapi_answers import KapiError, coded
from sandbox.kapi_templates import KapiTemplates
from sandbox.message_desk import MessageDesk
from sandbox.phones import digits
from sandbox.records import Json, Store, Table
from sandbox.settings import Settings
from sandbox.wire import Answer, Call, Vendor, Wire, Work

TOKEN_SECONDS = 600
CATEGORIES = {
    "00100010001": "건강,병원,종합병원",
    "00100010002": "건강,병원,한의원",
    "00200010001": "교육,학원,입시학원",
    "00300010001": "금융,은행,은행",
    "01200010001": "기업,서비스업,기업서비스",
}
# How the beginning of a search id says what is wrong with the channel. Any other is in order.
CODE_BY_BEGINNING = {
    "@private": 801,
    "@nocentre": 802,
    "@abnormal": 803,
    "@developer": 512,
    "@unverified": 514,
    "@unknown": 508,
}

KAPI = Vendor(
    name="kapi",
    failure=lambda _status: {"code": "500", "message": "internal server error"},
    busy=Answer(429, {"code": "500", "message": "too many requests"}),
    bad_body=Answer(200, {"code": "405", "message": "invalid parameter"}),
)


@dataclass(frozen=True, slots=True)
class ChannelToken:
    """A token that a channel's manager was sent."""

    token: str
    expires_at: float


@dataclass(frozen=True, slots=True)
class ChannelProfile:
    """A registered channel. A, B, C, D or E; blocked and dormant are told apart from it."""

    sender_key: str
    search_id: str
    category_code: str
    profile_status: str = "A"
    block: bool = False
    dormant: bool = False


class Kapi:
    """The calls under /kapi/v3/kakao/profile, and beside them those of templates."""

    def __init__(self, settings: Settings, clock: Clock, store: Store, desk: MessageDesk) -> None:
        self._credentials = settings.credentials
        self._clock = clock
        self._desk = desk
        self._tokens: Table[ChannelToken] = Table(store, "channel_tokens", lambda value: ChannelToken(**value))
        self._profiles: Table[ChannelProfile] = Table(store, "channels", lambda value: ChannelProfile(**value))
        self._templates = KapiTemplates(settings, clock, store)

    def serve_on(self, wire: Wire) -> None:
        """Lay the vendor's routes."""
        base = "/v3/kakao/profile"
        for name, path, handler in (
            ("categories", f"{base}/category/all", self._categories),
            ("token", f"{base}/token", self._token),
            ("create", f"{base}/create", self._create),
            ("profile", base, self._profile),
            *self._templates.routes(),
        ):
            wire.route(KAPI, name, ("POST", path), handler, self._around)

    def change(self, search_id: str, changes: Json) -> Json | None:
        """Let a channel become blocked, dormant or deleted; None when nobody registered it."""
        for key, profile in self._profiles.by_key().items():
            if profile.search_id == search_id:
                changed = replace(profile, **changes)
                self._profiles.put(key, changed)
                return asdict(changed)
        return None

    async def _around(self, call: Call, work: Work) -> Answer:
        key = str(call.json.get("apiKey", "")).encode()
        if call.json.get("bizId") != self._credentials.message_account:
            return coded(101)
        if not hmac.compare_digest(key, self._credentials.message_password.encode()):
            return coded(102)
        try:
            return await work()
        except KapiError as error:
            return coded(error.code)

    def _categories(self, _call: Call) -> Answer:
        return coded(200, [{"code": code, "name": name} for code, name in CATEGORIES.items()])

    def _token(self, call: Call) -> Answer:
        search_id, phone = _channel(call)
        now = self._clock.now()
        token = str(int(hashlib.sha256(f"{search_id}|{phone}|{now}".encode()).hexdigest(), 16))[-6:]
        self._tokens.put(f"{search_id}|{phone}", ChannelToken(token, now + TOKEN_SECONDS))
        self._desk.drop_in(phone, f"[카카오] 비즈메시지 인증번호 {token}", f"token-{search_id}")
        return coded(200)

    def _create(self, call: Call) -> Answer:
        search_id, phone = _channel(call)
        known = self._tokens.get(f"{search_id}|{phone}")
        if known is None or known.token != call.json.get("token") or known.expires_at <= self._clock.now():
            raise KapiError(405)
        category = str(call.json.get("categoryCode"))
        if category not in CATEGORIES:
            raise KapiError(405)
        # The same channel under the same account keeps its key, however often it is registered.
        key = hashlib.sha256(f"{self._credentials.message_account}|{search_id}".encode()).hexdigest()[:40]
        profile = ChannelProfile(key, search_id, category)
        self._profiles.put(key, profile)
        return coded(200, _shown(profile))

    def _profile(self, call: Call) -> Answer:
        profile = self._profiles.get(str(call.json.get("senderKey")))
        if profile is None:
            raise KapiError(508)
        return coded(200, _shown(profile))


def _channel(call: Call) -> tuple[str, str]:
    search_id, phone = str(call.json.get("yellowId", "")), digits(str(call.json.get("phoneNumber", "")))
    if not search_id.startswith("@") or not phone:
        raise KapiError(405)
    for beginning, code in CODE_BY_BEGINNING.items():
        if search_id.startswith(beginning):
            raise KapiError(code)
    return search_id, phone


def _shown(profile: ChannelProfile) -> Json:
    return {
        "senderKey": profile.sender_key,
        "yellowId": profile.search_id,
        "categoryCode": profile.category_code,
        "status": "A",
        "profileStatus": profile.profile_status,
        "block": profile.block,
        "dormant": profile.dormant,
        "alimtalk": True,
    }
