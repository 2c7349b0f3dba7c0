"""내 정보 관리 > 보안 설정: secure login and trusted addresses (IDN-10, IDN-11)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from contracts.messaging import CodeChannel, CodePurpose
from identity.application import messages
from identity.application.login_stores import TrustedAddress
from identity.application.ports import IssuedCode, UnitOfWork
from identity.domain.errors import MemberNotFoundError, TrustedAddressNotFoundError
from identity.domain.member import Member

SECURE_LOGIN_PURPOSE = "secure_login"


@dataclass(frozen=True)
class AskSecurityCode:
    """[인증번호 받기] in 보안 설정."""

    member_id: UUID
    source: str


def ask_security_code(command: AskSecurityCode, uow: UnitOfWork) -> IssuedCode:
    """A code to the member's phone; either way of the switch needs one. Raises what the codes' limits refuse."""
    member = require_member(command.member_id, uow)
    issued = uow.codes.issue(purpose=SECURE_LOGIN_PURPOSE, target=member.phone, source=command.source)
    uow.outbox.add(
        messages.send_code(
            issued, purpose=CodePurpose.SETTINGS, channel=CodeChannel.SMS, to=member.phone, sealer=uow.sealer
        )
    )
    return issued


@dataclass(frozen=True)
class SwitchSecureLogin:
    """보안로그인 on or off, with the code that was asked for."""

    member_id: UUID
    enabled: bool
    code_id: UUID
    code: str = field(repr=False)


def switch_secure_login(command: SwitchSecureLogin, uow: UnitOfWork) -> Member:
    """Raises what the codes refuse (IDN-10)."""
    member = require_member(command.member_id, uow)
    uow.codes.check(command.code_id, command.code, purpose=SECURE_LOGIN_PURPOSE, target=member.phone)
    switched = replace(member, secure_login=command.enabled)
    uow.members.save(switched)
    return switched


def trusted_addresses(member_id: UUID, uow: UnitOfWork) -> Sequence[TrustedAddress]:
    """From where the member's logins skip the code, the oldest first."""
    return uow.trusted_addresses.of_member(member_id)


def revoke_trusted_address(member_id: UUID, network: str, uow: UnitOfWork) -> None:
    """Logins from there need the code again (IDN-11). Raises `TrustedAddressNotFoundError`."""
    if not uow.trusted_addresses.remove(member_id, network):
        raise TrustedAddressNotFoundError


def require_member(member_id: UUID, uow: UnitOfWork) -> Member:
    """The member, locked until the transaction ends. Raises `MemberNotFoundError`."""
    member = uow.members.get_for_update(member_id)
    if member is None:
        raise MemberNotFoundError
    return member
