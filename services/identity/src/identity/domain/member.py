"""A member of a company: its master, or one of the sub-members (IDN-18)."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from identity.domain.errors import MemberNotActiveError
from identity.domain.member_states import MemberAct, MemberState, follow

__all__ = ["Member", "MemberRole", "MemberState"]

ERASED_NAME = "탈퇴회원"
"""Who is shown where a withdrawn member's name was erased."""


class MemberRole(StrEnum):
    """마스터 / 서브회원."""

    MASTER = "master"
    SUB = "sub"


@dataclass(frozen=True)
class Member:
    """One person with a login; `generation` is the lowest valid one of this member's tokens."""

    id: UUID
    company_id: UUID
    role: MemberRole
    email: str = field(repr=False)
    phone: str = field(repr=False)
    password_hash: str = field(repr=False)
    name: str = field(repr=False)
    department: str
    title: str
    joined_at: datetime
    state: MemberState = MemberState.ACTIVE
    former_state: MemberState | None = None
    secure_login: bool = True
    last_login_at: datetime | None = None
    dormancy_warned_at: datetime | None = None
    dormancy_timer: int = 0
    """The version of the timer that looks after the account; 0 while there is none (IDN-19)."""
    generation: int = 1
    version: int = 1

    def require_active(self) -> None:
        """Raises `MemberNotActiveError`: only active members log in (IDN-18)."""
        if self.state is not MemberState.ACTIVE:
            raise MemberNotActiveError(self.state.value)

    @property
    def used_at(self) -> datetime:
        """When the account was used last; joining counts (IDN-19)."""
        return self.last_login_at or self.joined_at

    @property
    def is_dormant(self) -> bool:
        """Whether a login has to lift dormancy first."""
        return self.state is MemberState.DORMANT

    @property
    def is_withdrawn(self) -> bool:
        """Whether the login is gone for good."""
        return self.state is MemberState.WITHDRAWN

    @property
    def is_erased(self) -> bool:
        """Whether nothing tells any more who this was (IDN-21)."""
        return self.is_withdrawn and not self.email

    def erase(self) -> "Member":
        """The member without the person."""
        return replace(self, email="", phone="", name=ERASED_NAME, department="", title="", version=self.version + 1)

    def needs_code(self, *, address_trusted: bool) -> bool:
        """Whether a login needs the code to the phone: secure login is on and the address is no trusted one.

        Lifting dormancy takes the proof of the phone in any case (IDN-19).
        """
        return self.is_dormant or (self.secure_login and not address_trusted)

    def logged_in(self, at: datetime) -> "Member":
        """Remember the last login; no change that others would hear of."""
        return replace(self, last_login_at=at)

    def revoke_tokens(self) -> "Member":
        """Make every access token given so far worthless (IDN-13)."""
        return replace(self, generation=self.generation + 1)

    def act(self, act: MemberAct) -> "Member":
        """The member after the act; the state that a withdrawal was requested in is kept for its rejection.

        Raises `TransitionRefusedError`.
        """
        state = follow(self.state, act, former=self.former_state)
        former = self.state if act is MemberAct.REQUEST_WITHDRAWAL else None
        return replace(self, state=state, former_state=former, version=self.version + 1)
