"""The ports in memory: enough to see what a use case keeps, says and asks."""

# ruff: noqa: ARG002 - a port names what a fake does not need

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from identity_builders import AT, terms

from contracts.audit import Act
from contracts.event import Event
from contracts.values import Sealed
from identity.application.login_stores import SigningKey
from identity.domain.business_number import BusinessNumber
from identity.domain.company import Company
from identity.domain.errors import EmailInUseError
from identity.domain.login import LoginChallenge, PasswordAttempts, SubjectKind
from identity.domain.member import Member
from identity.domain.session import RefreshToken, SessionFamily
from identity.domain.sign_up import SignUpState
from identity.domain.terms import Agreement, TermsDocument


@dataclass
class Kept:
    """Things by id."""

    by_id: dict[UUID, Any] = field(default_factory=dict)

    def add(self, thing: Any) -> None:
        self.by_id[thing.id] = thing

    save = add

    def get(self, thing_id: UUID) -> Any:
        return self.by_id.get(thing_id)

    get_for_update = get


class FakeSignUps(Kept):
    def is_waiting_with_number(self, number: BusinessNumber) -> bool:
        return any(
            each.business_number == number for each in self.by_id.values() if each.state is SignUpState.SUBMITTED
        )

    def is_waiting_with_email(self, email: str) -> bool:
        waiting = [each for each in self.by_id.values() if each.state is SignUpState.SUBMITTED]
        return any(each.email is not None and each.email.value == email for each in waiting)


class FakeCompanies(Kept):
    def has_number(self, number: BusinessNumber) -> bool:
        return any(each.business_number == number for each in self.by_id.values())


@dataclass
class FakeMembers(Kept):
    agreements: dict[UUID, tuple[Agreement, ...]] = field(default_factory=dict)

    def add(self, member: Member, agreements: Iterable[Agreement] = ()) -> None:
        if self.by_email(member.email) is not None:
            raise EmailInUseError
        self.by_id[member.id] = member
        self.agreements[member.id] = tuple(agreements)

    def save(self, member: Member) -> None:
        self.by_id[member.id] = member

    def agreements_of(self, member_id: UUID) -> Sequence[Agreement]:
        return self.agreements.get(member_id, ())

    def add_agreements(self, member_id: UUID, agreements: Iterable[Agreement]) -> None:
        self.agreements[member_id] = (*self.agreements.get(member_id, ()), *agreements)

    def by_email(self, email: str) -> Member | None:
        return next((each for each in self.by_id.values() if each.email == email), None)


class FakeTerms:
    def all(self) -> Sequence[TermsDocument]:
        return terms()


@dataclass
class FakeAttempts:
    kept: dict[tuple[SubjectKind, str], PasswordAttempts] = field(default_factory=dict)

    def get_for_update(self, kind: SubjectKind, email: str) -> PasswordAttempts:
        return self.kept.get((kind, email), PasswordAttempts())

    def save(self, kind: SubjectKind, email: str, attempts: PasswordAttempts) -> None:
        self.kept[kind, email] = attempts


@dataclass
class FakeSessions:
    families: dict[UUID, SessionFamily] = field(default_factory=dict)
    tokens: dict[bytes, RefreshToken] = field(default_factory=dict)

    def begin(self, family: SessionFamily, token: RefreshToken) -> None:
        self.families[family.id] = family
        self.tokens[token.token_hash] = token

    def by_token_for_update(self, token_hash: bytes) -> tuple[RefreshToken, SessionFamily] | None:
        token = self.tokens.get(token_hash)
        return None if token is None else (token, self.families[token.family_id])

    def family_for_update(self, family_id: UUID) -> SessionFamily | None:
        return self.families.get(family_id)

    def living_of(self, subject_id: UUID) -> Sequence[SessionFamily]:
        return [each for each in self.families.values() if each.subject_id == subject_id and each.ended_at is None]

    def rotate(self, used: RefreshToken, following: RefreshToken, at: datetime) -> None:
        self.tokens[used.token_hash] = RefreshToken(used.token_hash, used.family_id, used.expires_at, at)
        self.tokens[following.token_hash] = following

    def save_family(self, family: SessionFamily) -> None:
        self.families[family.id] = family


@dataclass
class FakeTrustedAddresses:
    networks: dict[UUID, set[str]] = field(default_factory=dict)

    def networks_of(self, member_id: UUID) -> frozenset[str]:
        return frozenset(self.networks.get(member_id, ()))

    def add(self, member_id: UUID, network: str, at: datetime) -> None:
        self.networks.setdefault(member_id, set()).add(network)


@dataclass
class FakeFloors:
    lowest: dict[UUID, int] = field(default_factory=dict)

    def raise_to(self, subject_id: UUID, generation: int) -> None:
        self.lowest[subject_id] = max(generation, self.lowest.get(subject_id, 0))


@dataclass
class FakeSigningKeys:
    key: SigningKey | None = None

    def active(self) -> SigningKey | None:
        return self.key

    def add_first(self, key: SigningKey) -> SigningKey:
        self.key = self.key or key
        return self.key

    def rotate(self, key: SigningKey, at: datetime) -> None:
        self.key = key

    def public_jwks(self, retired_after: datetime) -> list[dict[str, str]]:
        return [] if self.key is None else [{"kid": self.key.kid}]


@dataclass(frozen=True)
class FakeCode:
    code_id: UUID
    code: str
    expires_at: datetime


class WrongCode(Exception):
    """The fake's refusal."""


@dataclass
class FakeCodes:
    issued: dict[UUID, tuple[str, str, str]] = field(default_factory=dict)

    def issue(self, *, purpose: str, target: str, source: str) -> FakeCode:
        code = FakeCode(uuid4(), "123456", AT + timedelta(minutes=3))
        self.issued[code.code_id] = (code.code, purpose, target)
        return code

    def check(self, code_id: UUID, code: str, *, purpose: str, target: str) -> None:
        if self.issued.pop(code_id) != (code, purpose, target):
            raise WrongCode


@dataclass
class FakeDiscardedFiles:
    keys: list[str] = field(default_factory=list)

    def add(self, file_key: str, at: datetime) -> None:
        self.keys.append(file_key)

    def some(self, rows_max: int) -> Sequence[str]:
        return self.keys[:rows_max]

    def remove(self, file_key: str) -> None:
        self.keys.remove(file_key)


@dataclass
class FakeOutbox:
    said: list[Event] = field(default_factory=list)
    acts: list[tuple[UUID, Act]] = field(default_factory=list)

    def add(self, event: Event) -> None:
        self.said.append(event)

    def add_act(self, operator_id: UUID, act: Act) -> None:
        self.acts.append((operator_id, act))


class FakeSealer:
    def seal_text(self, text: str) -> Sealed[str]:
        return Sealed(key_id="fake", ciphertext=f"sealed:{text}")


@dataclass
class FakeWorld:
    """A unit of work that is begun as often as one likes; `depth` tells whether one is open."""

    at: datetime = AT
    depth: int = 0
    sign_ups: FakeSignUps = field(default_factory=FakeSignUps)
    companies: FakeCompanies = field(default_factory=FakeCompanies)
    members: FakeMembers = field(default_factory=FakeMembers)
    operators: Any = field(default_factory=Kept)
    terms: FakeTerms = field(default_factory=FakeTerms)
    attempts: FakeAttempts = field(default_factory=FakeAttempts)
    challenges: Any = field(default_factory=Kept)
    sessions: FakeSessions = field(default_factory=FakeSessions)
    trusted_addresses: FakeTrustedAddresses = field(default_factory=FakeTrustedAddresses)
    floors: FakeFloors = field(default_factory=FakeFloors)
    signing_keys: FakeSigningKeys = field(default_factory=FakeSigningKeys)
    audit_log: Any = field(default_factory=Kept)
    codes: FakeCodes = field(default_factory=FakeCodes)
    discarded_files: FakeDiscardedFiles = field(default_factory=FakeDiscardedFiles)
    outbox: FakeOutbox = field(default_factory=FakeOutbox)
    sealer: FakeSealer = field(default_factory=FakeSealer)

    def now(self) -> datetime:
        return self.at

    def new_id(self) -> UUID:
        return uuid4()

    @contextmanager
    def __call__(self) -> Iterator["FakeWorld"]:
        self.depth += 1
        try:
            yield self
        finally:
            self.depth -= 1

    def enrol(self, company: Company, member: Member) -> None:
        """Keep a company with its master, who agreed to the terms in force."""
        self.companies.add(company)
        agreed = (Agreement(each.code, each.version, AT, "203.0.113.7") for each in self.terms.all())
        self.members.add(member, agreed)

    def challenge(self) -> LoginChallenge:
        """The one login that is open."""
        (challenge,) = self.challenges.by_id.values()
        assert isinstance(challenge, LoginChallenge)
        return challenge
