"""What the service keeps of logins and sessions, as the use cases see it; repositories fulfil it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from identity.domain.login import LoginChallenge, PasswordAttempts, SubjectKind
from identity.domain.password_reset import PasswordReset
from identity.domain.session import EndReason, RefreshToken, SessionFamily


class Attempts(Protocol):
    """The password tries by kind and address, whether anybody has the address or not (IDN-12)."""

    def get_for_update(self, kind: SubjectKind, email: str) -> PasswordAttempts:
        """The tries so far, locked until the transaction ends; none when there were none."""

    def save(self, kind: SubjectKind, email: str, attempts: PasswordAttempts) -> None:
        """Keep a change."""


class Challenges(Protocol):
    """The logins between password and code."""

    def add(self, challenge: LoginChallenge) -> None:
        """Keep a new one."""

    def get_for_update(self, challenge_id: UUID) -> LoginChallenge | None:
        """The challenge, locked until the transaction ends."""

    def save(self, challenge: LoginChallenge) -> None:
        """Keep a change."""


class Sessions(Protocol):
    """Session families and their refresh tokens."""

    def begin(self, family: SessionFamily, token: RefreshToken) -> None:
        """Keep a new family with its first token."""

    def by_token_for_update(self, token_hash: bytes) -> tuple[RefreshToken, SessionFamily] | None:
        """The token with its family, both locked until the transaction ends."""

    def family_for_update(self, family_id: UUID) -> SessionFamily | None:
        """A family, locked until the transaction ends."""

    def living_of(self, subject_id: UUID) -> Sequence[SessionFamily]:
        """The families of a subject that have not ended, locked until the transaction ends."""

    def end_of_company(self, company_id: UUID, reason: EndReason, at: datetime) -> None:
        """End the living families of all of a company's members."""

    def rotate(self, used: RefreshToken, following: RefreshToken, at: datetime) -> None:
        """Mark the one as used and keep the next."""

    def save_family(self, family: SessionFamily) -> None:
        """Keep a family's end."""


class PasswordResets(Protocol):
    """Wishes for a link, and the links."""

    def ask(self, wish_id: UUID, email: str, at: datetime) -> None:
        """Note a wish, whoever's address it is."""

    def take_wish(self) -> str | None:
        """The address of the oldest wish that nobody else takes at the moment, and forget the wish."""

    def add(self, reset: PasswordReset) -> None:
        """Keep a new link."""

    def of_member(self, member_id: UUID) -> list[PasswordReset]:
        """The member's links of late, locked until the transaction ends."""

    def by_token_for_update(self, token_hash: bytes) -> PasswordReset | None:
        """The link with this token, locked until the transaction ends."""

    def save(self, reset: PasswordReset) -> None:
        """Keep its use."""


@dataclass(frozen=True)
class TrustedAddress:
    """An address that a member trusts, and since when."""

    network: str
    trusted_at: datetime


class TrustedAddresses(Protocol):
    """From where a member's later logins skip the code (IDN-11)."""

    def networks_of(self, member_id: UUID) -> frozenset[str]:
        """What is trusted, as `network_of` names it."""

    def add(self, member_id: UUID, network: str, at: datetime) -> None:
        """Trust one more; one that is there already stays."""

    def of_member(self, member_id: UUID) -> Sequence[TrustedAddress]:
        """What is trusted, the oldest first."""

    def remove(self, member_id: UUID, network: str) -> bool:
        """Trust it no more; whether it was trusted."""

    def remove_all(self, member_id: UUID) -> None:
        """Trust nothing any more."""


class Floors(Protocol):
    """The lowest valid session generations, as this service itself judges tokens."""

    def raise_to(self, subject_id: UUID, generation: int) -> None:
        """Refuse tokens of lower generations from now on."""


@dataclass(frozen=True)
class SigningKey:
    """A key that access tokens are signed with; the private part is a JWK in JSON."""

    kid: str
    private_jwk: str = field(repr=False)
    created_at: datetime


class SigningKeys(Protocol):
    """The keys of access tokens: one active, retired ones as long as their tokens live."""

    def active(self) -> SigningKey | None:
        """The key that signs now; None before the first login ever."""

    def add_first(self, key: SigningKey) -> SigningKey:
        """Make it the active one unless there is one already; the active one, whichever that is."""

    def rotate(self, key: SigningKey, at: datetime) -> None:
        """Retire the active one and put this in its place."""

    def public_jwks(self, retired_after: datetime) -> list[dict[str, str]]:
        """The public parts of the active key and of those that retired later than this moment."""
