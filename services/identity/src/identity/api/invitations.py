"""서브회원 초대 over REST: the master's rows, and the invitee's joining (IDN-15 … IDN-17)."""

from datetime import datetime
from uuid import UUID

from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field

from chassis.access import caller, members, public
from chassis.bodies import RequestBody
from chassis.origin import client_address
from identity.api.callers import own_company
from identity.api.sign_up_models import CodeBody, MaybeText, TermsBody
from identity.application.invitations import (
    InvitedRow,
    InviteMembers,
    NameInvitation,
    invite_members,
    resend_invitation,
    withdraw_invitation,
)
from identity.application.joining import (
    CheckJoinCode,
    Join,
    OpenInvitation,
    SendJoinCode,
    check_join_code,
    join,
    open_invitation,
    send_join_code,
)
from identity.application.ports import BeginUnitOfWork, Passwords
from identity.domain.contact import mask_phone
from identity.domain.errors import InvitationNotFoundError
from identity.domain.invitation import Invitation, InvitationRow, InvitationRules, RowFault
from identity.domain.password import PasswordRules

_MINE = "/v1/members/invitations"
_JOINING = "/v1/invitations/current"
_ROWS_READ_MAX = 1_000
"""What is read at all; the rule's number is judged, and refused, by the domain."""


class RowBody(RequestBody):
    """One row as typed; what is wrong in it fails this row alone."""

    email: str = Field(default="", max_length=1_000)
    name: str = Field(default="", max_length=1_000)
    phone: str = Field(default="", max_length=1_000)


class InviteBody(RequestBody):
    """The ticked rows."""

    rows: list[RowBody] = Field(max_length=_ROWS_READ_MAX)


class FaultView(BaseModel):
    """Why a row failed."""

    code: RowFault
    ko: str
    en: str


class RowView(BaseModel):
    """What became of a row."""

    row: int = Field(description="the row's place in the request, from 1")
    invitation_id: UUID | None
    fault: FaultView | None


class InvitedView(BaseModel):
    """Each row's result, in the order of the rows."""

    invited: int
    failed: int
    items: list[RowView]


class InvitationPath(BaseModel):
    """The invitation meant."""

    invitation_id: UUID


class InvitationView(BaseModel):
    """An invitation as its master sees it."""

    invitation_id: UUID
    email: str
    name: str
    phone: str
    sent_at: datetime
    expires_at: datetime


class InvitationHeader(BaseModel):
    """What the mailed link holds after its `#`."""

    invitation_token: str | None = Field(default=None, max_length=200, description="required")


class JoiningView(BaseModel):
    """What the invitee sees; nothing of it can be changed while joining."""

    inviter_name: str
    company_name: str
    email: str
    name: str
    phone_masked: str
    phone_proven: bool
    expires_at: datetime


class JoinBody(TermsBody):
    """Password and terms, department and title if wanted; other fields are refused (IDN-16)."""

    password: str = Field(max_length=1_000)
    department: MaybeText = ""
    title: MaybeText = ""


class JoinedView(BaseModel):
    """The new sub-member, who can log in now."""

    member_id: UUID
    email: str


def invitations_blueprint(
    begin: BeginUnitOfWork,
    *,
    passwords: Passwords,
    rules: InvitationRules,
    password_rules: PasswordRules,
    pages_url: str,
) -> APIBlueprint:
    """The master's part and the invitee's. Whoever holds the link's token is the invitee."""
    blueprint = APIBlueprint("invitations", __name__)
    _add_inviting(blueprint, begin, rules, pages_url)
    _add_joining(blueprint, begin, passwords, password_rules)
    return blueprint


def _add_inviting(blueprint: APIBlueprint, begin: BeginUnitOfWork, rules: InvitationRules, pages_url: str) -> None:
    @blueprint.post(_MINE, responses={200: InvitedView})
    @members(roles={"master"})
    def invite(body: InviteBody) -> InvitedView:
        """[초대메일 발송]: each row succeeds or fails by itself; sent again, rows that succeeded fail as pending."""
        rows = [InvitationRow(row.email, row.name, row.phone) for row in body.rows]
        with begin() as uow:
            command = InviteMembers(own_company(), caller().subject_id, rows)
            return _invited_view(invite_members(command, uow, rules, pages_url=pages_url))

    @blueprint.post(f"{_MINE}/<invitation_id>/resend", responses={200: InvitationView})
    @members(roles={"master"})
    def resend(path: InvitationPath) -> InvitationView:
        """Mail it anew, for 14 days more; the earlier link opens nothing any more."""
        with begin() as uow:
            return _invitation_view(resend_invitation(_named(path), uow, rules, pages_url=pages_url))

    @blueprint.delete(f"{_MINE}/<invitation_id>")
    @members(roles={"master"})
    def withdraw(path: InvitationPath) -> tuple[str, int]:
        """Withdraw the invitation."""
        with begin() as uow:
            withdraw_invitation(_named(path), uow)
        return "", 204


def _add_joining(
    blueprint: APIBlueprint, begin: BeginUnitOfWork, passwords: Passwords, password_rules: PasswordRules
) -> None:
    @blueprint.get(_JOINING, responses={200: JoiningView})
    @public
    def show_invitation(header: InvitationHeader) -> JoiningView:
        """What [서비스 초대 수락하기] opens."""
        with begin() as uow:
            return _joining_view(open_invitation(_token(header), uow))

    @blueprint.post(f"{_JOINING}/phone-codes", responses={200: JoiningView})
    @public
    def request_join_code(header: InvitationHeader) -> JoiningView:
        """A code to the phone that the master entered."""
        with begin() as uow:
            return _joining_view(send_join_code(SendJoinCode(_token(header), client_address()), uow))

    @blueprint.post(f"{_JOINING}/phone-codes/check", responses={200: JoiningView})
    @public
    def check_code(header: InvitationHeader, body: CodeBody) -> JoiningView:
        """Prove the phone."""
        with begin() as uow:
            return _joining_view(check_join_code(CheckJoinCode(_token(header), body.code), uow))

    @blueprint.post(f"{_JOINING}/join", responses={201: JoinedView})
    @public
    def accept(header: InvitationHeader, body: JoinBody) -> tuple[JoinedView, int]:
        """Join: active at once."""
        agreed = tuple((each.code, each.version) for each in body.agreed)
        command = Join(_token(header), body.password, agreed, body.department, body.title, client_address())
        member = join(command, begin, passwords, password_rules)
        return JoinedView(member_id=member.id, email=member.email), 201


def _named(path: InvitationPath) -> NameInvitation:
    return NameInvitation(own_company(), path.invitation_id)


def _token(header: InvitationHeader) -> str:
    if not header.invitation_token:
        raise InvitationNotFoundError
    return header.invitation_token


def _invited_view(results: list[InvitedRow]) -> InvitedView:
    items = [_row_view(number, result) for number, result in enumerate(results, start=1)]
    failed = sum(item.fault is not None for item in items)
    return InvitedView(invited=len(items) - failed, failed=failed, items=items)


def _row_view(number: int, result: InvitedRow) -> RowView:
    if isinstance(result, RowFault):
        ko, en = result.texts
        return RowView(row=number, invitation_id=None, fault=FaultView(code=result, ko=ko, en=en))
    return RowView(row=number, invitation_id=result.id, fault=None)


def _invitation_view(invitation: Invitation) -> InvitationView:
    return InvitationView(
        invitation_id=invitation.id,
        email=invitation.email,
        name=invitation.name,
        phone=invitation.phone,
        sent_at=invitation.sent_at,
        expires_at=invitation.expires_at,
    )


def _joining_view(opened: OpenInvitation) -> JoiningView:
    invitation = opened.invitation
    return JoiningView(
        inviter_name=opened.inviter.name,
        company_name=opened.company.name,
        email=invitation.email,
        name=invitation.name,
        phone_masked=mask_phone(invitation.phone),
        phone_proven=invitation.phone_proven_at is not None,
        expires_at=invitation.expires_at,
    )
