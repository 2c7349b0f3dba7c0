"""서비스 초대 수락하기: what the invitee sees, proves and enters (IDN-16)."""

from dataclasses import dataclass, field

from contracts.messaging import CodeChannel, CodePurpose
from identity.application import messages
from identity.application.dormancy import watch
from identity.application.ports import BeginUnitOfWork, Passwords, UnitOfWork
from identity.application.sessions import require_approved
from identity.application.sign_ups import present_terms
from identity.domain import secret_token
from identity.domain.company import Company
from identity.domain.errors import InvitationNotFoundError
from identity.domain.invitation import Invitation
from identity.domain.member import Member, MemberRole
from identity.domain.member_states import MemberAct, MemberState, follow
from identity.domain.password import PasswordRules
from identity.domain.terms import agree

JOIN_PURPOSE = "join_phone"


@dataclass(frozen=True)
class OpenInvitation:
    """An invitation with who sent it and into which company."""

    invitation: Invitation
    inviter: Member
    company: Company


def open_invitation(token: str, uow: UnitOfWork) -> OpenInvitation:
    """What the page of the mailed link shows, locked until the transaction ends.

    Raises `InvitationNotFoundError`, and `MemberNotActiveError` while company or master are not active (IDN-07).
    """
    invitation = uow.invitations.by_token_for_update(secret_token.hash_of(token))
    if invitation is None:
        raise InvitationNotFoundError
    invitation.require_open(uow.now())
    company = uow.companies.get(invitation.company_id)
    inviter = uow.members.get(invitation.invited_by)
    if company is None or inviter is None:
        raise InvitationNotFoundError
    require_approved(company)
    inviter.require_active()
    return OpenInvitation(invitation, inviter, company)


@dataclass(frozen=True)
class SendJoinCode:
    """[인증번호 받기] on the joining page."""

    token: str = field(repr=False)
    source: str


def send_join_code(command: SendJoinCode, uow: UnitOfWork) -> OpenInvitation:
    """A code goes to the phone that the master entered, to no other. Raises what the codes' limits refuse."""
    opened = open_invitation(command.token, uow)
    phone = opened.invitation.phone
    issued = uow.codes.issue(purpose=JOIN_PURPOSE, target=phone, source=command.source)
    uow.outbox.add(
        messages.send_code(issued, purpose=CodePurpose.SIGN_UP, channel=CodeChannel.SMS, to=phone, sealer=uow.sealer)
    )
    return _kept(opened, opened.invitation.sent_code(issued.code_id), uow)


@dataclass(frozen=True)
class CheckJoinCode:
    """The code as typed."""

    token: str = field(repr=False)
    code: str = field(repr=False)


def check_join_code(command: CheckJoinCode, uow: UnitOfWork) -> OpenInvitation:
    """Raises `CodeNotRequestedError`, and what the codes refuse."""
    opened = open_invitation(command.token, uow)
    invitation = opened.invitation
    code_id = invitation.require_code()
    uow.codes.check(code_id, command.code, purpose=JOIN_PURPOSE, target=invitation.phone)
    return _kept(opened, invitation.prove_phone(code_id, uow.now()), uow)


@dataclass(frozen=True)
class Join:
    """Password, terms and the optional department and title; email, name and phone are the invitation's."""

    token: str = field(repr=False)
    password: str = field(repr=False)
    agreed: tuple[tuple[str, int], ...]
    department: str
    title: str
    source: str


def join(command: Join, begin: BeginUnitOfWork, passwords: Passwords, rules: PasswordRules) -> Member:
    """Become an active sub-member at once, without an operator (IDN-07, IDN-16).

    Raises `InvitationNotFoundError`, `PhoneNotProvenError`, `PasswordRefusedError`, `TermsNotAgreedError`,
    `EmailInUseError` when the address was registered elsewhere meanwhile.
    """
    with begin() as uow:
        open_invitation(command.token, uow).invitation.require_proven()
    rules.check(command.password)
    # Hashing is slow on purpose; no row stays locked meanwhile.
    password_hash = passwords.hash(command.password)
    with begin() as uow:
        invitation = open_invitation(command.token, uow).invitation
        invitation.require_proven()
        at = uow.now()
        agreements = agree(present_terms(uow), command.agreed, at=at, source=command.source)
        member = Member(
            id=invitation.id,
            company_id=invitation.company_id,
            role=MemberRole.SUB,
            email=invitation.email,
            phone=invitation.phone,
            password_hash=password_hash,
            name=invitation.name,
            department=command.department,
            title=command.title,
            joined_at=at,
            state=follow(MemberState.PENDING, MemberAct.JOIN),
        )
        member = watch(member, at, uow)
        uow.members.add(member, agreements)
        uow.invitations.remove(invitation.id)
        uow.outbox.add(messages.member_state_changed(member, uow.sealer))
        uow.outbox.add(messages.no_invitation_expiry(invitation))
    return member


def _kept(opened: OpenInvitation, invitation: Invitation, uow: UnitOfWork) -> OpenInvitation:
    uow.invitations.save(invitation)
    return OpenInvitation(invitation, opened.inviter, opened.company)
