"""A company's sender profiles: the KakaoTalk channels that its alimtalk messages come from (MSG-03)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from messaging.domain.sender_profile_errors import (
    ProfileOrderIncomplete,
    SearchIdNotAllowed,
    SenderProfileInUse,
    SenderProfileNotFound,
    SenderProfilesFull,
    SenderProfileTaken,
)

PROFILES_MAX = 20  # MSG-03
_SEARCH_ID = re.compile(r"@[0-9A-Za-z가-힣_.\-]{1,30}")


class ProfileState(StrEnum):
    """How the channel stands with the provider. Only a normal one (정상) can be chosen."""

    NORMAL = "normal"
    BLOCKED = "blocked"
    DORMANT = "dormant"
    DEACTIVATED = "deactivated"
    DELETED = "deleted"


class RefusalReason(StrEnum):
    """Which condition of a registration failed."""

    NOT_PUBLIC = "not_public"
    NOT_VERIFIED = "not_verified"
    NO_CENTRE_NUMBER = "no_centre_number"
    NOT_NORMAL = "not_normal"
    DEVELOPER_CHANNEL = "developer_channel"
    UNKNOWN_CHANNEL = "unknown_channel"
    WRONG_TOKEN_OR_PHONE = "wrong_token_or_phone"  # noqa: S105 - the name of a reason
    OTHER = "other"


@dataclass(frozen=True)
class Category:
    """A category of channels in its three levels 대, 중, 소; the code names all three."""

    code: str
    large: str
    medium: str
    small: str


@dataclass(frozen=True)
class SenderProfile:
    """A registered channel. Members choose among them in the order of `position`."""

    id: UUID
    company_id: UUID
    search_id: str
    sender_key: str
    category_code: str
    state: ProfileState
    position: int
    registered_at: datetime

    @property
    def can_be_chosen(self) -> bool:
        """Whether messages may go out by it now."""
        return self.state is ProfileState.NORMAL


@dataclass(frozen=True)
class SenderProfiles:
    """The profiles of one company in their order; the service's own is not among them and not counted."""

    company_id: UUID
    profiles: tuple[SenderProfile, ...]

    def check_room(self, search_id: str) -> None:
        """Raises `SenderProfilesFull`, `SenderProfileTaken`."""
        if len(self.profiles) >= PROFILES_MAX:
            raise SenderProfilesFull(PROFILES_MAX)
        if any(profile.search_id == search_id for profile in self.profiles):
            raise SenderProfileTaken(search_id)

    def with_profile(self, profile: SenderProfile) -> "SenderProfiles":
        """The profile added as the last one. Raises `SenderProfilesFull`, `SenderProfileTaken`."""
        self.check_room(profile.search_id)
        position = max((each.position for each in self.profiles), default=0) + 1
        return replace(self, profiles=(*self.profiles, replace(profile, position=position)))

    def without(self, profile_id: UUID, uses: int) -> "SenderProfiles":
        """The others. Raises `SenderProfileNotFound`, `SenderProfileInUse` while orders will go out by it."""
        profile = self.get(profile_id)
        if uses:
            raise SenderProfileInUse(profile_id, uses)
        return replace(self, profiles=tuple(each for each in self.profiles if each is not profile))

    def in_order(self, profile_ids: Sequence[UUID]) -> "SenderProfiles":
        """All of them in another order (순서변경). Raises `ProfileOrderIncomplete` unless each is named once."""
        if sorted(profile_ids) != sorted(profile.id for profile in self.profiles):
            raise ProfileOrderIncomplete
        ordered = (replace(self.get(each), position=place) for place, each in enumerate(profile_ids, start=1))
        return replace(self, profiles=tuple(ordered))

    def get(self, profile_id: UUID) -> SenderProfile:
        """Raises `SenderProfileNotFound`."""
        found = next((profile for profile in self.profiles if profile.id == profile_id), None)
        if found is None:
            raise SenderProfileNotFound(profile_id)
        return found


def read_search_id(given: str) -> str:
    """The 검색용 ID with its `@`, which may be left out. Raises `SearchIdNotAllowed`."""
    search_id = f"@{given.strip().removeprefix('@')}"
    if _SEARCH_ID.fullmatch(search_id) is None:
        raise SearchIdNotAllowed
    return search_id
