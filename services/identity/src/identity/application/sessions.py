"""Sessions after login: tokens, their renewal, their end (IDN-13)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from identity.application import messages
from identity.application.ports import AccessTokens, BeginUnitOfWork, Claims, UnitOfWork
from identity.domain import secret_token
from identity.domain.company import Company
from identity.domain.errors import MemberNotActiveError, RefreshRefusedError, RefreshReusedError
from identity.domain.login import SubjectKind
from identity.domain.member import Member
from identity.domain.operator import Operator
from identity.domain.session import EndReason, RefreshOutcome, RefreshToken, SessionFamily, judge_refresh


@dataclass(frozen=True)
class Tokens:
    """What a login or a renewal gives; neither token is kept in the clear."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in_seconds: int


def begin_session(
    subject: Member | Operator, uow: UnitOfWork, signer: AccessTokens, *, refresh_lifetime: timedelta
) -> Tokens:
    """A new family with its first pair of tokens."""
    at = uow.now()
    family = SessionFamily(id=uow.new_id(), kind=_kind_of(subject), subject_id=subject.id, begun_at=at)
    refresh_token = secret_token.new_token()
    uow.sessions.begin(family, RefreshToken(secret_token.hash_of(refresh_token), family.id, at + refresh_lifetime))
    return Tokens(_access_token(subject, family, uow, signer), refresh_token, signer.lifetime_seconds)


@dataclass(frozen=True)
class RefreshSession:
    """Show a refresh token for a new pair; members and operators have separate doors."""

    refresh_token: str = field(repr=False)
    kind: SubjectKind


def refresh_session(
    command: RefreshSession, begin: BeginUnitOfWork, signer: AccessTokens, *, refresh_lifetime: timedelta
) -> Tokens:
    """Use up the token and give the next pair.

    A token that was used before ends its family and makes the subject's access tokens worthless; that stays done
    although this raises `RefreshReusedError`. Raises `RefreshRefusedError` otherwise.
    """
    with begin() as uow:
        found = uow.sessions.by_token_for_update(secret_token.hash_of(command.refresh_token))
        if found is None or found[1].kind is not command.kind:
            raise RefreshRefusedError
        token, family = found
        outcome = judge_refresh(token, family, uow.now())
        if outcome is RefreshOutcome.REFUSE:
            raise RefreshRefusedError
        if outcome is RefreshOutcome.ROTATE:
            return _rotate(token, family, uow, signer, refresh_lifetime)
        _end([family], EndReason.REUSED, uow)
        _revoke_tokens(family, uow)
    raise RefreshReusedError


@dataclass(frozen=True)
class EndSession:
    """로그아웃 of the session that a caller's access token belongs to."""

    kind: SubjectKind
    subject_id: UUID
    session_id: UUID


def end_session(command: EndSession, uow: UnitOfWork) -> None:
    """End one session; its access token dies at once, other sessions renew theirs by their refresh tokens."""
    family = uow.sessions.family_for_update(command.session_id)
    if family is None or family.subject_id != command.subject_id:
        return
    _end([family], EndReason.LOGOUT, uow)
    _revoke_tokens(family, uow)


@dataclass(frozen=True)
class EndAllSessions:
    """로그아웃 everywhere."""

    kind: SubjectKind
    subject_id: UUID


def end_all_sessions(command: EndAllSessions, uow: UnitOfWork) -> None:
    """End every session of the subject; none of its tokens works any more."""
    families = uow.sessions.living_of(command.subject_id)
    _end(families, EndReason.LOGOUT_EVERYWHERE, uow)
    for family in families[:1]:
        _revoke_tokens(family, uow)


def revoke_member(member: Member, reason: EndReason, uow: UnitOfWork) -> Member:
    """End every session of a locked member and make all of its tokens worthless, everywhere (IDN-13).

    The member as it is then; keeping it is the caller's, who has more to change.
    """
    _end(uow.sessions.living_of(member.id), reason, uow)
    revoked = member.revoke_tokens()
    uow.floors.raise_to(member.id, revoked.generation)
    uow.outbox.add(messages.sessions_revoked(member.id, revoked.generation))
    return revoked


def require_active_company(member: Member, uow: UnitOfWork) -> int:
    """The generation of the member's company. Raises `MemberNotActiveError` when the company is suspended."""
    return require_approved(uow.companies.get(member.company_id)).generation


def require_approved(company: Company | None) -> Company:
    """The company itself. Raises `MemberNotActiveError` when it is suspended."""
    if company is None or not company.lets_in:
        raise MemberNotActiveError("suspended")
    return company


def _rotate(
    token: RefreshToken,
    family: SessionFamily,
    uow: UnitOfWork,
    signer: AccessTokens,
    refresh_lifetime: timedelta,
) -> Tokens:
    subject = _subject_of(family, uow)
    at = uow.now()
    if isinstance(subject, Member):  # Who stays logged in uses the account (IDN-19).
        uow.members.save(subject.logged_in(at))
    refresh_token = secret_token.new_token()
    following = RefreshToken(secret_token.hash_of(refresh_token), family.id, at + refresh_lifetime)
    uow.sessions.rotate(token, following, at)
    return Tokens(_access_token(subject, family, uow, signer), refresh_token, signer.lifetime_seconds)


def _subject_of(family: SessionFamily, uow: UnitOfWork) -> Member | Operator:
    if family.kind is SubjectKind.OPERATOR:
        operator = uow.operators.get_for_update(family.subject_id)
        if operator is None or not operator.active:
            raise RefreshRefusedError
        return operator
    member = uow.members.get_for_update(family.subject_id)
    if member is None:
        raise RefreshRefusedError
    member.require_active()
    return member


def _access_token(subject: Member | Operator, family: SessionFamily, uow: UnitOfWork, signer: AccessTokens) -> str:
    at = uow.now()
    key = uow.signing_keys.active() or uow.signing_keys.add_first(signer.new_key(at))
    return signer.issue(key, _claims(subject, family, uow), at)


def _claims(subject: Member | Operator, family: SessionFamily, uow: UnitOfWork) -> Claims:
    if isinstance(subject, Operator):
        return Claims(
            kind=SubjectKind.OPERATOR,
            subject_id=subject.id,
            tenant_id=None,
            roles=tuple(sorted(role.value for role in subject.roles)),
            generation=subject.generation,
            tenant_generation=0,
            session_id=family.id,
        )
    return Claims(
        kind=SubjectKind.MEMBER,
        subject_id=subject.id,
        tenant_id=subject.company_id,
        roles=(subject.role.value,),
        generation=subject.generation,
        tenant_generation=require_active_company(subject, uow),
        session_id=family.id,
    )


def _end(families: Iterable[SessionFamily], reason: EndReason, uow: UnitOfWork) -> None:
    for family in families:
        uow.sessions.save_family(family.end(reason, uow.now()))


def _revoke_tokens(family: SessionFamily, uow: UnitOfWork) -> None:
    """Raise the subject's generation: here at once, at every other service by the event."""
    generation = _raise_generation(family, uow)
    if generation is None:
        return
    uow.floors.raise_to(family.subject_id, generation)
    uow.outbox.add(messages.sessions_revoked(family.subject_id, generation))


def _raise_generation(family: SessionFamily, uow: UnitOfWork) -> int | None:
    if family.kind is SubjectKind.OPERATOR:
        operator = uow.operators.get_for_update(family.subject_id)
        if operator is None:
            return None
        uow.operators.save(operator.revoke_tokens())
        return operator.generation + 1
    member = uow.members.get_for_update(family.subject_id)
    if member is None:
        return None
    uow.members.save(member.revoke_tokens())
    return member.generation + 1


def _kind_of(subject: Member | Operator) -> SubjectKind:
    return SubjectKind.OPERATOR if isinstance(subject, Operator) else SubjectKind.MEMBER
