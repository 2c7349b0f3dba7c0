"""서브회원 초대, by the master: many at once, mailed again, withdrawn, ended by the clock (IDN-15, IDN-17)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from identity.application import messages
from identity.application.ports import UnitOfWork
from identity.domain import secret_token
from identity.domain.contact import parse_email
from identity.domain.deadline import end_of_days_after
from identity.domain.errors import (
    InvalidValueError,
    InvitationNotFoundError,
    InvitationPendingError,
    TooManyRowsError,
)
from identity.domain.invitation import Invitation, InvitationRow, InvitationRules, RowFault, judge_rows


@dataclass(frozen=True)
class InviteMembers:
    """[초대메일 발송]: the rows that are ticked. Company and master are the caller's."""

    company_id: UUID
    master_id: UUID
    rows: Sequence[InvitationRow] = field(repr=False)


InvitedRow = Invitation | RowFault
"""What became of a row."""


def invite_members(
    command: InviteMembers, uow: UnitOfWork, rules: InvitationRules, *, pages_url: str
) -> list[InvitedRow]:
    """Invite who can be invited, each row by itself, in the order of the rows. Raises `TooManyRowsError`."""
    if not 1 <= len(command.rows) <= rules.rows_max:
        raise TooManyRowsError(rules.rows_max)
    addresses = _addresses(command.rows)
    judged = judge_rows(
        command.rows,
        registered=uow.members.registered(addresses) | uow.sign_ups.waiting_with_emails(addresses),
        pending=uow.invitations.pending(addresses),
    )
    return [row if isinstance(row, RowFault) else _invite(row, command, uow, rules, pages_url) for row in judged]


def _invite(
    row: InvitationRow, command: InviteMembers, uow: UnitOfWork, rules: InvitationRules, pages_url: str
) -> InvitedRow:
    token, at = secret_token.new_token(), uow.now()
    invitation = Invitation(
        id=uow.new_id(),
        company_id=command.company_id,
        invited_by=command.master_id,
        email=row.email,
        name=row.name,
        phone=row.phone,
        token_hash=secret_token.hash_of(token),
        sent_at=at,
        expires_at=end_of_days_after(at, rules.lifetime_days),
    )
    try:
        uow.invitations.add(invitation)
    except InvitationPendingError:  # Somebody else invited the address at this very moment.
        return RowFault.PENDING
    _mail(invitation, token, uow, pages_url)
    return invitation


def _addresses(rows: Sequence[InvitationRow]) -> frozenset[str]:
    found = set()
    for row in rows:
        try:
            found.add(parse_email(row.email))
        except InvalidValueError:
            continue
    return frozenset(found)


@dataclass(frozen=True)
class NameInvitation:
    """An invitation that the caller's company sent."""

    company_id: UUID
    invitation_id: UUID


def resend_invitation(
    command: NameInvitation, uow: UnitOfWork, rules: InvitationRules, *, pages_url: str
) -> Invitation:
    """Mail it anew; the earlier link opens nothing any more, and its days begin again (IDN-17).

    Raises `InvitationNotFoundError`, `InvitationTooSoonError`.
    """
    invitation = _own(command, uow)
    invitation.require_open(uow.now())
    token = secret_token.new_token()
    sent = invitation.send_again(secret_token.hash_of(token), uow.now(), rules)
    uow.invitations.save(sent)
    _mail(sent, token, uow, pages_url)
    return sent


def withdraw_invitation(command: NameInvitation, uow: UnitOfWork) -> None:
    """Delete it; its link opens nothing any more (IDN-17). Raises `InvitationNotFoundError`."""
    invitation = _own(command, uow)
    uow.invitations.remove(invitation.id)
    uow.outbox.add(messages.no_invitation_expiry(invitation))


@dataclass(frozen=True)
class ExpireInvitation:
    """An invitation's timer fired."""

    invitation_id: UUID


def expire_invitation(command: ExpireInvitation, uow: UnitOfWork) -> None:
    """Delete it when its days are over; one that was mailed anew, accepted or withdrawn is left alone (IDN-17)."""
    invitation = uow.invitations.get_for_update(command.invitation_id)
    if invitation is not None and invitation.is_over(uow.now()):
        uow.invitations.remove(invitation.id)


def _own(command: NameInvitation, uow: UnitOfWork) -> Invitation:
    invitation = uow.invitations.get_for_update(command.invitation_id)
    if invitation is None or invitation.company_id != command.company_id:
        raise InvitationNotFoundError
    return invitation


def _mail(invitation: Invitation, token: str, uow: UnitOfWork, pages_url: str) -> None:
    inviter = uow.members.get(invitation.invited_by)
    company = uow.companies.get(invitation.company_id)
    if inviter is None or company is None:
        raise InvitationNotFoundError
    link = f"{pages_url.rstrip('/')}/invitations#{token}"
    uow.outbox.add(messages.member_invited(invitation, inviter=inviter, company=company, link=link, sealer=uow.sealer))
    uow.outbox.add(messages.invitation_expiry(invitation))
