"""What is refused about sender profiles (MSG-03)."""

from typing import TYPE_CHECKING
from uuid import UUID

from messaging.domain.errors import MessagingError

if TYPE_CHECKING:
    from messaging.domain.sender_profile import RefusalReason


class SenderProfileNotFound(MessagingError):
    """The company has no such profile."""

    def __init__(self, profile_id: UUID) -> None:
        super().__init__(f"no sender profile {profile_id}")
        self.profile_id = profile_id


class SenderProfilesFull(MessagingError):
    """The company has as many profiles as it may."""

    def __init__(self, profiles_max: int) -> None:
        super().__init__(f"at most {profiles_max} profiles")
        self.profiles_max = profiles_max


class SenderProfileTaken(MessagingError):
    """The company has this channel already."""

    def __init__(self, search_id: str) -> None:
        super().__init__("the channel is registered")
        self.search_id = search_id


class SenderProfileInUse(MessagingError):
    """Scheduled orders or active anniversaries will go out by the profile."""

    def __init__(self, profile_id: UUID, uses: int) -> None:
        super().__init__(f"{uses} orders use it")
        self.profile_id = profile_id
        self.uses = uses


class ProfileOrderIncomplete(MessagingError):
    """An order of profiles names each of them once."""


class SearchIdNotAllowed(MessagingError):
    """The text is no search id of a channel."""


class CategoryUnknown(MessagingError):
    """The provider has no category with this code."""

    def __init__(self, code: str) -> None:
        super().__init__("no such category")
        self.category_code = code


class ChannelRefused(MessagingError):
    """The channel provider does not register the channel; the reason names the condition that failed."""

    def __init__(self, reason: "RefusalReason", provider_code: str) -> None:
        super().__init__(f"{reason}: {provider_code}")
        self.reason = reason
        self.provider_code = provider_code


class ChannelProviderAway(MessagingError):
    """The channel provider does not answer, or not clearly; nothing was stored, and asking again is harmless."""

    retry_after_seconds = 5
