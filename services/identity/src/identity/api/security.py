"""내 정보 관리 > 보안 설정 over REST: passwords, secure login, trusted addresses (IDN-10, IDN-11, IDN-14)."""

from datetime import datetime
from uuid import UUID

from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field

from chassis.access import caller, members, public
from chassis.bodies import RequestBody
from chassis.origin import client_address
from identity.api.sign_up_models import Code
from identity.application.passwords import (
    ChangePassword,
    ResetPassword,
    ask_for_reset,
    change_password,
    reset_password,
)
from identity.application.ports import BeginUnitOfWork, Passwords
from identity.application.security import (
    AskSecurityCode,
    SwitchSecureLogin,
    ask_security_code,
    revoke_trusted_address,
    switch_secure_login,
    trusted_addresses,
)
from identity.domain.errors import ResetLinkRefusedError
from identity.domain.login import LockoutRules
from identity.domain.password import PasswordRules


class ResetWishBody(RequestBody):
    """Whose password is forgotten."""

    email: str = Field(max_length=254)


class ResetHeader(BaseModel):
    """What the mailed link holds after its `#`."""

    reset_token: str | None = Field(default=None, max_length=200, description="required")


class NewPasswordBody(RequestBody):
    """The password wanted."""

    password: str = Field(max_length=1_000)


class ChangePasswordBody(NewPasswordBody):
    """The present one too."""

    present_password: str = Field(max_length=1_000)


class SentCodeView(BaseModel):
    """A code is on its way; its id comes back with it."""

    code_id: UUID
    expires_at: datetime


class SecureLoginBody(RequestBody):
    """보안로그인 on or off; either way needs the code (IDN-10)."""

    enabled: bool
    code_id: UUID
    code: Code


class SecureLoginView(BaseModel):
    """How it is now."""

    secure_login: bool


class TrustedAddressView(BaseModel):
    """An IPv4 address, or an IPv6 /64, whose logins skip the code."""

    network: str
    trusted_at: datetime


class TrustedAddressesView(BaseModel):
    """All of them; there are at most ten."""

    items: list[TrustedAddressView]
    next_cursor: None = None


class NetworkQuery(BaseModel):
    """The address meant, as the list names it."""

    network: str = Field(max_length=50)


def security_blueprint(
    begin: BeginUnitOfWork, *, passwords: Passwords, password_rules: PasswordRules, lockout: LockoutRules
) -> APIBlueprint:
    """The member's own locks."""
    blueprint = APIBlueprint("security", __name__)
    _add_passwords(blueprint, begin, passwords, password_rules, lockout)
    _add_secure_login(blueprint, begin)
    _add_trusted_addresses(blueprint, begin)
    return blueprint


def _add_passwords(
    blueprint: APIBlueprint, begin: BeginUnitOfWork, passwords: Passwords, rules: PasswordRules, lockout: LockoutRules
) -> None:
    @blueprint.post("/v1/password-resets")
    @public
    def forgot_password(body: ResetWishBody) -> tuple[str, int]:
        """Have a link mailed; the answer is the same whether or not the address is a member's."""
        with begin() as uow:
            ask_for_reset(body.email, uow)
        return "", 202

    @blueprint.put("/v1/password-resets/current")
    @public
    def set_forgotten_password(header: ResetHeader, body: NewPasswordBody) -> tuple[str, int]:
        """Set a new password by the mailed link, which works once within 30 minutes; every session ends."""
        if not header.reset_token:
            raise ResetLinkRefusedError
        reset_password(ResetPassword(header.reset_token, body.password), begin, passwords, rules)
        return "", 204

    @blueprint.put("/v1/me/password")
    @members
    def put_password(body: ChangePasswordBody) -> tuple[str, int]:
        """Set a new password; every session ends, this one too."""
        command = ChangePassword(caller().subject_id, body.present_password, body.password, client_address())
        change_password(command, begin, passwords, rules, lockout)
        return "", 204


def _add_secure_login(blueprint: APIBlueprint, begin: BeginUnitOfWork) -> None:
    @blueprint.post("/v1/me/secure-login/codes", responses={200: SentCodeView})
    @members
    def request_security_code() -> SentCodeView:
        """A code to the own phone."""
        with begin() as uow:
            issued = ask_security_code(AskSecurityCode(caller().subject_id, client_address()), uow)
        return SentCodeView(code_id=issued.code_id, expires_at=issued.expires_at)

    @blueprint.put("/v1/me/secure-login", responses={200: SecureLoginView})
    @members
    def put_secure_login(body: SecureLoginBody) -> SecureLoginView:
        """Switch 보안로그인 with the code."""
        command = SwitchSecureLogin(caller().subject_id, body.enabled, body.code_id, body.code)
        with begin() as uow:
            return SecureLoginView(secure_login=switch_secure_login(command, uow).secure_login)


def _add_trusted_addresses(blueprint: APIBlueprint, begin: BeginUnitOfWork) -> None:
    @blueprint.get("/v1/me/trusted-addresses", responses={200: TrustedAddressesView})
    @members
    def list_trusted_addresses() -> TrustedAddressesView:
        """From where the caller's logins skip the code."""
        with begin() as uow:
            found = trusted_addresses(caller().subject_id, uow)
        items = [TrustedAddressView(network=each.network, trusted_at=each.trusted_at) for each in found]
        return TrustedAddressesView(items=items)

    @blueprint.delete("/v1/me/trusted-addresses")
    @members
    def delete_trusted_address(query: NetworkQuery) -> tuple[str, int]:
        """Trust it no more."""
        with begin() as uow:
            revoke_trusted_address(caller().subject_id, query.network, uow)
        return "", 204
