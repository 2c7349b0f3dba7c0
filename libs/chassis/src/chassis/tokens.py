"""Access tokens: signed by the identity service's Ed25519 key, checked by everybody with its public keys.

Claims: iss, aud, sub (the subject), tid (its tenant, absent for operators), kind, roles, gen and tgen (the session
generation of subject and tenant), iat, exp, jti.
"""

from __future__ import annotations

import threading
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

import httpx
import structlog
from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.access import Caller
from chassis.clock import Clock
from chassis.database import Database
from chassis.problems import Unauthenticated, Unavailable
from chassis.tables import session_floors

ISSUER = "coupbiz-identity"
AUDIENCE = "coupbiz"
ALGORITHMS = ("EdDSA", "Ed25519")
"""The old and the new name (RFC 9864) of the one signature that is accepted."""

TOKEN_LENGTH_MAX = 4_096
LEEWAY_SECONDS = 5
"""How far apart the clocks of two machines may be: a token from the near future is believed."""
REREAD_SECONDS = 10.0
"""An unknown key id makes the keys be read again, at most this often: ids are free to invent."""
KEPT_SECONDS = 300.0
"""Known keys are read again after this time, so that one that was withdrawn is not believed for ever."""
RETRY_SECONDS = 1.0
"""While there are no keys at all, the issuer is asked at most this often: requests do not queue up behind it."""
KEYS_TIMEOUT_SECONDS = 3.0

logger = structlog.get_logger(__name__)

KeySource = Callable[[], Mapping[str, Any]]
"""Returns the key set (JWKS) as a mapping; the issuer itself passes its own instead of an address."""


class Authenticator:
    """Turns a bearer token into a `Caller`.

    With a database, sessions that were revoked are refused by one read of its `session_floors`; without one
    (the gateway) signature and claims decide alone. Safe to share between threads.
    """

    def __init__(
        self,
        keys_url: str | KeySource,
        database: Database | None,
        *,
        issuer: str = ISSUER,
        audience: str = AUDIENCE,
        clock: Clock,
    ) -> None:
        self._keys = _Keys(keys_url if callable(keys_url) else _remote(keys_url))
        self._database = database
        self._issuer = issuer
        self._audience = audience
        self._clock = clock

    def authenticate(self, token: str) -> Caller:
        """Whose token it is. Raises `Unauthenticated`, or `Unavailable` while the keys cannot be read."""
        claims = self._claims(token)
        now = self._clock.now().timestamp()
        if claims.exp <= now:
            raise Unauthenticated("expired")
        if claims.iat > now + LEEWAY_SECONDS:
            raise Unauthenticated("from the future")
        if claims.iss != self._issuer or self._audience not in claims.audiences:
            raise Unauthenticated("not for us")
        self._refuse_revoked(claims)
        return Caller(
            subject_id=claims.sub,
            tenant_id=claims.tid,
            kind=claims.kind,
            roles=frozenset(claims.roles),
            generation=claims.gen,
            tenant_generation=claims.tgen,
            token_id=claims.jti,
        )

    def _claims(self, token: str) -> _Claims:
        if len(token) > TOKEN_LENGTH_MAX:
            raise Unauthenticated("too long")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SecurityWarning)
                decoded = jwt.decode(token, self._keys.find, algorithms=list(ALGORITHMS))
            return _Claims.model_validate(decoded.claims)
        except ValidationError:
            raise Unauthenticated("claims") from None
        except (JoseError, ValueError, TypeError, KeyError) as problem:
            raise Unauthenticated(type(problem).__name__) from None

    def _refuse_revoked(self, claims: _Claims) -> None:
        if self._database is None:
            return
        generations = {claims.sub: claims.gen}
        if claims.tid is not None:
            generations[claims.tid] = claims.tgen
        floors = select(session_floors.c.subject_id, session_floors.c.lowest_generation).where(
            session_floors.c.subject_id.in_(generations)
        )
        # One statement needs no transaction around it: three round trips become one.
        with self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            rows = connection.execute(floors).all()
        if any(generations[subject_id] < lowest for subject_id, lowest in rows):
            raise Unauthenticated("revoked")


def raise_floor(session: Session, subject_id: UUID, lowest_generation: int) -> None:
    """Refuse every session of the subject (or tenant) below the generation. A lower one changes nothing."""
    row = insert(session_floors).values(
        subject_id=subject_id, lowest_generation=lowest_generation, updated_at=func.clock_timestamp()
    )
    session.execute(
        row.on_conflict_do_update(
            index_elements=[session_floors.c.subject_id],
            set_={"lowest_generation": row.excluded.lowest_generation, "updated_at": row.excluded.updated_at},
            where=session_floors.c.lowest_generation < row.excluded.lowest_generation,
        )
    )


class _Claims(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    iss: str
    aud: str | Sequence[str]
    sub: UUID
    tid: UUID | None = None
    kind: Literal["member", "operator"]
    roles: tuple[str, ...] = ()
    gen: int = Field(ge=0)
    tgen: int = Field(default=0, ge=0)
    iat: float = Field(allow_inf_nan=False)
    exp: float = Field(allow_inf_nan=False)
    jti: str = ""

    @property
    def audiences(self) -> tuple[str, ...]:
        return (self.aud,) if isinstance(self.aud, str) else tuple(self.aud)


class _Keys:
    """The public keys, read when first needed and again when a token names one that is not among them."""

    def __init__(self, read: KeySource) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._known: dict[str, Any] = {}
        self._tried_at = float("-inf")

    def find(self, token: Any) -> Any:
        """The key that the token's header names. Raises `Unauthenticated` or `Unavailable`."""
        key_id = token.headers().get("kid")
        if not isinstance(key_id, str):
            raise Unauthenticated("no key id")
        if key_id not in self._known or self._are_old():
            self._read_again(key_id)
        if key_id not in self._known:
            raise Unauthenticated("unknown key")
        return self._known[key_id]

    def _read_again(self, key_id: str) -> None:
        with self._lock:
            if key_id in self._known and not self._are_old():
                return
            if time.monotonic() - self._tried_at >= (REREAD_SECONDS if self._known else RETRY_SECONDS):
                self._tried_at = time.monotonic()
                self._known = self._read_keys() or self._known
            if not self._known:
                raise Unavailable("the keys that tokens are signed with cannot be read")

    def _are_old(self) -> bool:
        return time.monotonic() - self._tried_at >= KEPT_SECONDS

    def _read_keys(self) -> dict[str, Any]:
        try:
            keys = KeySet.import_key_set(self._read())  # type: ignore[arg-type]
        except (httpx.HTTPError, OSError, JoseError, ValueError, KeyError, TypeError) as problem:
            logger.warning("the keys of tokens cannot be read", problem=type(problem).__name__)
            return {}
        return {key.kid: key for key in keys if key.kid}


def _remote(url: str) -> KeySource:
    def read() -> Mapping[str, Any]:
        answer = httpx.get(url, timeout=KEYS_TIMEOUT_SECONDS, follow_redirects=False, trust_env=False)
        answer.raise_for_status()
        document: Mapping[str, Any] = answer.json()
        return document

    return read
