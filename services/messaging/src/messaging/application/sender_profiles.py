"""Sender profiles: registered with a token, ordered, deleted, and looked after (MSG-03)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from contracts.ordering.dispatches import SenderProfileUsed
from messaging.application.sender_profile_ports import ChannelProvider, SenderProfileTransaction, SenderProfileWork
from messaging.domain.errors import PhoneNotAllowed
from messaging.domain.phone import read_phone
from messaging.domain.sender_profile import ProfileState, SenderProfile, SenderProfiles, read_search_id
from messaging.domain.sender_profile_errors import CategoryUnknown, ChannelProviderAway


@dataclass(frozen=True)
class RegisterProfile:
    """What the registration form carries; all of it is required."""

    company_id: UUID
    search_id: str
    category_code: str
    phone: str = field(repr=False)
    token: str = field(repr=False)


def _checked(company_id: UUID, given_id: str, given_phone: str, work: SenderProfileWork) -> tuple[str, str]:
    """Check what [토큰발급] was pressed with; the search id and the phone to ask the provider with.

    Raises `SearchIdNotAllowed`, `PhoneNotAllowed`, `SenderProfilesFull`, `SenderProfileTaken`.
    """
    search_id, phone = read_search_id(given_id), _phone(given_phone)
    work.profiles.of_company(company_id).check_room(search_id)
    return search_id, phone


class RegisterProfiles:
    """Registers channels: checked, registered with the provider outside any transaction, then stored."""

    def __init__(self, transaction: SenderProfileTransaction, provider: ChannelProvider) -> None:
        self._transaction = transaction
        self._provider = provider

    def send_token(self, company_id: UUID, search_id: str, phone: str) -> None:
        """Let the provider send the channel's manager a token.

        Raises `SearchIdNotAllowed`, `PhoneNotAllowed`, `SenderProfilesFull`, `SenderProfileTaken`, `ChannelRefused`,
        `ChannelProviderAway`.
        """
        with self._transaction() as work:
            checked_id, checked_phone = _checked(company_id, search_id, phone, work)
        self._provider.send_token(checked_id, checked_phone)

    def register(self, command: RegisterProfile) -> SenderProfile:
        """Register a channel and store it as the last of the company's profiles.

        Registering again what the provider has registered for us already gives the same key, so a request whose answer
        was lost is simply made again. Raises what `send_token` raises, and `CategoryUnknown`.
        """
        with self._transaction() as work:
            search_id, phone = _checked(command.company_id, command.search_id, command.phone, work)
        if all(category.code != command.category_code for category in self._provider.categories()):
            raise CategoryUnknown(command.category_code)
        sender_key = self._provider.register(search_id, phone, command.token.strip(), command.category_code)
        with self._transaction() as work:
            before = work.profiles.of_company_for_update(command.company_id)
            profile = SenderProfile(
                id=work.new_id(),
                company_id=command.company_id,
                search_id=search_id,
                sender_key=sender_key,
                category_code=command.category_code,
                state=ProfileState.NORMAL,
                position=0,
                registered_at=work.now(),
            )
            after = before.with_profile(profile)
            work.profiles.save(before, after)
            return after.get(profile.id)


def delete_profile(company_id: UUID, profile_id: UUID, work: SenderProfileWork) -> SenderProfiles:
    """Delete a profile. Raises `SenderProfileNotFound`, `SenderProfileInUse`."""
    before = work.profiles.of_company_for_update(company_id)
    after = before.without(profile_id, work.profiles.uses(company_id).get(profile_id, 0))
    work.profiles.save(before, after)
    return after


def order_profiles(company_id: UUID, profile_ids: Sequence[UUID], work: SenderProfileWork) -> SenderProfiles:
    """Put the profiles into another order. Raises `ProfileOrderIncomplete`."""
    before = work.profiles.of_company_for_update(company_id)
    after = before.in_order(profile_ids)
    work.profiles.save(before, after)
    return after


def note_uses(event: SenderProfileUsed, work: SenderProfileWork) -> None:
    """Keep how many orders will go out by a profile."""
    work.profiles.note_uses(event.sender_profile_id, event.company_id, event.uses, event.version)


class CheckProfiles:
    """One portion of the loop that looks after registered channels: blocked and dormant ones cannot be chosen."""

    def __init__(self, transaction: SenderProfileTransaction, provider: ChannelProvider, every: timedelta) -> None:
        self._transaction = transaction
        self._provider = provider
        self._every = every

    def __call__(self) -> bool:
        """Ask for the state of the next profile that was not looked at for long; whether there was one."""
        with self._transaction() as work:
            profile = work.profiles.claim_unchecked(self._every, work.now())
        if profile is None:
            return False
        try:
            state = self._provider.state(profile.sender_key)
        except ChannelProviderAway:
            # What it said last stands until its next turn.
            return True
        with self._transaction() as work:
            work.profiles.note_state(profile.id, state)
        return True


def _phone(given: str) -> str:
    phone = read_phone(given)
    if phone is None:
        raise PhoneNotAllowed
    return phone
