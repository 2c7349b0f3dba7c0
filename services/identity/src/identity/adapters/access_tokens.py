"""Access tokens: JWTs signed with Ed25519, which every service checks by the published keys (IDN-13)."""

import json
import warnings
from datetime import datetime

from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import OKPKey

from chassis.ids import new_id
from chassis.tokens import AUDIENCE, ISSUER
from identity.application.login_stores import SigningKey
from identity.application.ports import Claims

_ALGORITHM = "EdDSA"


class Ed25519AccessTokens:
    """`AccessTokens` by EdDSA; the id of a token begins with its session's, so that a logout finds it."""

    def __init__(self, *, lifetime_seconds: int) -> None:
        self._lifetime_seconds = lifetime_seconds

    @property
    def lifetime_seconds(self) -> int:
        """How long an access token lives."""
        return self._lifetime_seconds

    def new_key(self, at: datetime) -> SigningKey:
        """A fresh key under a new id."""
        kid = str(new_id())
        key = OKPKey.generate_key("Ed25519", parameters={"kid": kid, "use": "sig", "alg": _ALGORITHM})
        return SigningKey(kid, json.dumps(key.as_dict(private=True)), at)

    def issue(self, key: SigningKey, claims: Claims, at: datetime) -> str:
        """A signed access token."""
        issued_at = int(at.timestamp())
        body: dict[str, object] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(claims.subject_id),
            "kind": claims.kind.value,
            "roles": list(claims.roles),
            "gen": claims.generation,
            "tgen": claims.tenant_generation,
            "iat": issued_at,
            "exp": issued_at + self._lifetime_seconds,
            "jti": f"{claims.session_id}/{new_id()}",
        }
        if claims.tenant_id is not None:
            body["tid"] = str(claims.tenant_id)
        with warnings.catch_warnings():
            # The name of the algorithm in RFC 8037; its successor's is not known everywhere yet.
            warnings.simplefilter("ignore", SecurityWarning)
            signer = OKPKey.import_key(json.loads(key.private_jwk))
            return jwt.encode({"alg": _ALGORITHM, "kid": key.kid, "typ": "JWT"}, body, signer, algorithms=[_ALGORITHM])
