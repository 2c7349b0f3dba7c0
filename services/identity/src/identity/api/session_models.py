"""What is sent and seen of logins and sessions."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from chassis.bodies import RequestBody
from identity.application.sessions import Tokens


class LoginBody(RequestBody):
    """이메일주소(ID), 비밀번호."""

    email: str = Field(max_length=254)
    password: str = Field(max_length=1_000)


class RefreshBody(RequestBody):
    """The refresh token that was given last."""

    refresh_token: str = Field(max_length=200)


class ChallengePath(BaseModel):
    """The login meant."""

    challenge_id: UUID


class TokensView(BaseModel):
    """A pair of tokens."""

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"] = Field(default="Bearer")
    expires_in_seconds: int

    @classmethod
    def of(cls, tokens: Tokens) -> "TokensView":
        """The pair as it is shown, this once."""
        return cls(
            access_token=tokens.access_token,
            refresh_token=tokens.refresh_token,
            expires_in_seconds=tokens.expires_in_seconds,
        )
