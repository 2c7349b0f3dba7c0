"""The outside in memory: each remembers whether a transaction was open when it was called."""

# ruff: noqa: ARG002 - a port names what a fake does not need

from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from identity_fakes import FakeWorld

from identity.application.login_stores import SigningKey
from identity.application.ports import Claims, Standing, TaxOfficeAnswer
from identity.domain.business_number import BusinessNumber, TaxStanding


@dataclass
class FakeTaxOffice:
    """Answers as it is told, and looks whether a transaction is open meanwhile."""

    world: FakeWorld
    answer: TaxOfficeAnswer = field(default_factory=lambda: Standing(TaxStanding.ACTIVE))
    asked: list[tuple[BusinessNumber, int]] = field(default_factory=list)

    def standing_of(self, number: BusinessNumber) -> TaxOfficeAnswer:
        self.asked.append((number, self.world.depth))
        return self.answer


@dataclass
class FakePasswords:
    """A hash is its password with a prefix; every comparison is remembered with the transactions open meanwhile."""

    world: FakeWorld
    compared: list[tuple[bool, int]] = field(default_factory=list)

    def hash(self, password: str) -> str:
        return f"hash:{password}"

    def verify(self, password_hash: str | None, password: str) -> bool:
        self.compared.append((password_hash is not None, self.world.depth))
        return password_hash == f"hash:{password}"


class FakeAccessTokens:
    """A token that shows its claims."""

    lifetime_seconds = 900

    def new_key(self, at: datetime) -> SigningKey:
        return SigningKey(str(uuid4()), "{}", at)

    def issue(self, key: SigningKey, claims: Claims, at: datetime) -> str:
        return f"{claims.kind}:{claims.subject_id}:{claims.generation}"


@dataclass
class FakeFiles:
    """Files by key; `depth` of the world at each put."""

    world: FakeWorld
    files: dict[str, bytes] = field(default_factory=dict)
    depths: list[int] = field(default_factory=list)

    def put(self, key: str, content: bytes, content_type: str) -> None:
        self.depths.append(self.world.depth)
        self.files[key] = content

    def delete(self, key: str) -> None:
        self.depths.append(self.world.depth)
        self.files.pop(key, None)

    def link(self, key: str, expires_in_seconds: int) -> str:
        return f"/files/{key}"
