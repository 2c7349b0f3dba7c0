"""What the use cases of sender profiles need from the outside."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from messaging.domain.sender_profile import Category, ProfileState, SenderProfile, SenderProfiles


class ChannelProvider(Protocol):
    """Registers KakaoTalk channels. Every call may raise `ChannelProviderAway`."""

    def categories(self) -> Sequence[Category]:
        """All categories of the smallest level."""

    def send_token(self, search_id: str, phone: str) -> None:
        """Let the channel's manager be sent a token by KakaoTalk. Raises `ChannelRefused`."""

    def register(self, search_id: str, phone: str, token: str, category_code: str) -> str:
        """Register a channel under our account; its sender key. Raises `ChannelRefused`."""

    def state(self, sender_key: str) -> ProfileState:
        """How a registered channel stands."""


class StoredProfiles(Protocol):
    """Profiles by company."""

    def of_company(self, company_id: UUID) -> SenderProfiles:
        """The company's profiles in their order."""

    def of_company_for_update(self, company_id: UUID) -> SenderProfiles:
        """The same; other changes of them wait until the transaction ends."""

    def save(self, before: SenderProfiles, after: SenderProfiles) -> None:
        """Store the difference."""

    def claim_unchecked(self, every: timedelta, now: datetime) -> SenderProfile | None:
        """A profile whose state was not looked at for so long; noted as looked at now."""

    def note_state(self, profile_id: UUID, state: ProfileState) -> None:
        """Store how a profile stands."""

    def uses(self, company_id: UUID) -> Mapping[UUID, int]:
        """How many scheduled orders and active anniversaries use each profile, as ordering said last."""

    def note_uses(self, profile_id: UUID, company_id: UUID, uses: int, version: int) -> None:
        """Keep what ordering says, unless something newer is known."""


class SenderProfileWork(Protocol):
    """One transaction on sender profiles."""

    @property
    def profiles(self) -> StoredProfiles: ...

    def now(self) -> datetime:
        """The business clock, aware and UTC."""

    def new_id(self) -> UUID:
        """A fresh id."""


SenderProfileTransaction = Callable[[], AbstractContextManager[SenderProfileWork]]
"""Opens a transaction that commits at the end of its block."""
