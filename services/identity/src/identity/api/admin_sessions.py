"""Login of operators over REST: password, then TOTP, never without (IDN-24)."""

from uuid import UUID

from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field

from chassis.access import caller, operators, public
from chassis.bodies import RequestBody
from chassis.origin import client_address
from identity.api.session_models import ChallengePath, LoginBody, RefreshBody, TokensView
from identity.application.operators import (
    OpenOperatorLogin,
    OperatorLoginRules,
    VerifyOperatorLogin,
    open_operator_login,
    verify_operator_login,
)
from identity.application.ports import AccessTokens, BeginUnitOfWork, Passwords, SecondFactor
from identity.application.sessions import EndSession, RefreshSession, end_session, refresh_session
from identity.domain.login import SubjectKind


class OperatorChallengeView(BaseModel):
    """What the TOTP is entered for."""

    challenge_id: UUID


class TotpBody(RequestBody):
    """The authenticator's six digits."""

    totp: str = Field(max_length=12)


def admin_sessions_blueprint(
    begin: BeginUnitOfWork,
    *,
    passwords: Passwords,
    second_factor: SecondFactor,
    signer: AccessTokens,
    rules: OperatorLoginRules,
) -> APIBlueprint:
    """Password, TOTP, tokens; renewal and end."""
    blueprint = APIBlueprint("admin_sessions", __name__)

    @blueprint.post("/admin/sessions", responses={201: OperatorChallengeView})
    @public
    def log_in_operator(body: LoginBody) -> tuple[OperatorChallengeView, int]:
        """Password first."""
        command = OpenOperatorLogin(body.email, body.password, client_address())
        return OperatorChallengeView(challenge_id=open_operator_login(command, begin, passwords, rules)), 201

    @blueprint.post("/admin/sessions/<challenge_id>/verify", responses={200: TokensView})
    @public
    def verify_operator(path: ChallengePath, body: TotpBody) -> TokensView:
        """The TOTP for tokens; a TOTP works once."""
        command = VerifyOperatorLogin(path.challenge_id, body.totp)
        return TokensView.of(verify_operator_login(command, begin, second_factor, signer, rules))

    @blueprint.post("/admin/sessions/refresh", responses={200: TokensView})
    @public
    def refresh_operator(body: RefreshBody) -> TokensView:
        """The next pair for the last refresh token, which works once."""
        command = RefreshSession(body.refresh_token, SubjectKind.OPERATOR)
        return TokensView.of(refresh_session(command, begin, signer, refresh_lifetime=rules.refresh_lifetime))

    @blueprint.delete("/admin/sessions/current")
    @operators
    def log_out_operator() -> tuple[str, int]:
        """This session ends, and its access token with it."""
        session_id = UUID(caller().token_id.partition("/")[0])
        with begin() as uow:
            end_session(EndSession(SubjectKind.OPERATOR, caller().subject_id, session_id), uow)
        return "", 204

    return blueprint
