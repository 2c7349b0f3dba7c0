"""관리자: back-office staff with roles and a second factor (IDN-24)."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from identity.domain.errors import InvalidValueError


class OperatorRole(StrEnum):
    """What an operator may do."""

    SUPPORT = "support"
    FINANCE = "finance"
    CATALOG = "catalog"
    ADMIN = "admin"


@dataclass(frozen=True)
class Operator:
    """One operator. `totp_step` is the last time step whose TOTP was used: none works twice."""

    id: UUID
    email: str = field(repr=False)
    name: str = field(repr=False)
    password_hash: str = field(repr=False)
    totp_secret: str = field(repr=False)
    roles: frozenset[OperatorRole]
    created_at: datetime
    totp_step: int = 0
    generation: int = 1
    active: bool = True

    def used_totp(self, step: int) -> "Operator":
        """Remember the time step of an accepted TOTP."""
        return replace(self, totp_step=step)

    def revoke_tokens(self) -> "Operator":
        """Make every access token given so far worthless."""
        return replace(self, generation=self.generation + 1)


def parse_roles(names: list[str]) -> frozenset[OperatorRole]:
    """The roles of these names; at least one. Raises `InvalidValueError`."""
    known = {role.value for role in OperatorRole}
    unknown = sorted(set(names) - known)
    if unknown or not names:
        choices = ", ".join(sorted(known))
        raise InvalidValueError("roles", f"역할은 {choices} 중에서 정합니다.", f"Roles are some of {choices}.")
    return frozenset(OperatorRole(name) for name in names)
