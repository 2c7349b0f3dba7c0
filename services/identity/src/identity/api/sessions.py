"""로그인 and 로그아웃 of members over REST (IDN-09, IDN-11, IDN-13)."""

from datetime import timedelta
from uuid import UUID

from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field

from chassis.access import caller, members, public
from chassis.bodies import RequestBody
from chassis.origin import client_address
from identity.api.session_models import ChallengePath, LoginBody, RefreshBody, TokensView
from identity.api.sign_up_models import AgreedDocument
from identity.application.logins import (
    LoginRules,
    OpenLogin,
    SendLoginCode,
    VerifyLogin,
    open_login,
    send_login_code,
    verify_login,
)
from identity.application.ports import AccessTokens, BeginUnitOfWork, Passwords
from identity.application.sessions import (
    EndAllSessions,
    EndSession,
    RefreshSession,
    end_all_sessions,
    end_session,
    refresh_session,
)
from identity.domain.login import SubjectKind


class AskedDocumentView(BaseModel):
    """A required document whose present version waits for agreement; its text is among the terms."""

    code: str
    version: int
    title: str


class ChallengeView(BaseModel):
    """What is asked next; the code goes to this phone when it is asked for."""

    challenge_id: UUID
    phone_masked: str
    code_required: bool
    dormant: bool = Field(description="휴면: the code lifts it and logs in (IDN-19)")
    terms: tuple[AskedDocumentView, ...] = Field(description="to be agreed to together with the code (IDN-06)")


class VerifyBody(RequestBody):
    """The code, where one is required; 현재 접속 중인 IP로 로그인 허용하기; the terms that were asked for."""

    code: str | None = Field(default=None, max_length=12)
    trust_address: bool = False
    agreed: tuple[AgreedDocument, ...] = Field(default=(), max_length=50)


class MemberTokensView(TokensView):
    """A pair of tokens, and whether logins from this address skip the code from now on."""

    address_trusted: bool


def sessions_blueprint(
    begin: BeginUnitOfWork, *, passwords: Passwords, signer: AccessTokens, rules: LoginRules
) -> APIBlueprint:
    """Password, code, tokens; renewal and end."""
    blueprint = APIBlueprint("sessions", __name__)
    _add_login(blueprint, begin, passwords, signer, rules)
    _add_session(blueprint, begin, signer, rules.refresh_lifetime)
    return blueprint


def _add_login(
    blueprint: APIBlueprint, begin: BeginUnitOfWork, passwords: Passwords, signer: AccessTokens, rules: LoginRules
) -> None:
    @blueprint.post("/v1/sessions", responses={201: ChallengeView})
    @public
    def log_in(body: LoginBody) -> tuple[ChallengeView, int]:
        """Password first; no code is sent yet."""
        opened = open_login(OpenLogin(body.email, body.password, client_address()), begin, passwords, rules)
        view = ChallengeView(
            challenge_id=opened.challenge_id,
            phone_masked=opened.phone_masked,
            code_required=opened.code_required,
            dormant=opened.dormant,
            terms=tuple(
                AskedDocumentView(code=each.code, version=each.version, title=each.title) for each in opened.terms
            ),
        )
        return view, 201

    @blueprint.post("/v1/sessions/<challenge_id>/codes")
    @public
    def request_login_code(path: ChallengePath) -> tuple[str, int]:
        """[인증번호 받기]: send the code to the member's phone."""
        with begin() as uow:
            send_login_code(SendLoginCode(path.challenge_id, client_address()), uow)
        return "", 202

    @blueprint.post("/v1/sessions/<challenge_id>/verify", responses={200: MemberTokensView})
    @public
    def verify(path: ChallengePath, body: VerifyBody) -> MemberTokensView:
        """The code for tokens."""
        agreed = tuple((each.code, each.version) for each in body.agreed)
        command = VerifyLogin(path.challenge_id, body.code, body.trust_address, client_address(), agreed)
        with begin() as uow:
            logged_in = verify_login(command, uow, signer, rules)
        tokens = TokensView.of(logged_in.tokens)
        return MemberTokensView(**tokens.model_dump(), address_trusted=logged_in.address_trusted)


def _add_session(
    blueprint: APIBlueprint, begin: BeginUnitOfWork, signer: AccessTokens, refresh_lifetime: timedelta
) -> None:
    @blueprint.post("/v1/sessions/refresh", responses={200: TokensView})
    @public
    def refresh(body: RefreshBody) -> TokensView:
        """The next pair for the last refresh token, which works once."""
        command = RefreshSession(body.refresh_token, SubjectKind.MEMBER)
        return TokensView.of(refresh_session(command, begin, signer, refresh_lifetime=refresh_lifetime))

    @blueprint.delete("/v1/sessions/current")
    @members
    def log_out() -> tuple[str, int]:
        """로그아웃: this session ends, and its access token with it."""
        session_id = UUID(caller().token_id.partition("/")[0])
        with begin() as uow:
            end_session(EndSession(SubjectKind.MEMBER, caller().subject_id, session_id), uow)
        return "", 204

    @blueprint.delete("/v1/sessions")
    @members
    def log_out_everywhere() -> tuple[str, int]:
        """End every session of the caller, on every device."""
        with begin() as uow:
            end_all_sessions(EndAllSessions(SubjectKind.MEMBER, caller().subject_id), uow)
        return "", 204
