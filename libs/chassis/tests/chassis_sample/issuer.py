"""The issuer of access tokens as tests play it: keys of its own, and any claims."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey

from chassis.clock import Clock
from chassis.tokens import AUDIENCE, ISSUER

LIFETIME_SECONDS = 600


@dataclass
class TokenIssuer:
    """Signs tokens that an `Authenticator(issuer.document, …)` believes."""

    clock: Clock
    keys: list[OKPKey] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.keys:
            self.add_key("first")

    def add_key(self, key_id: str) -> OKPKey:
        """A new key, which signs from now on."""
        self.keys.append(OKPKey.generate_key("Ed25519", {"kid": key_id}))
        return self.keys[-1]

    def document(self) -> Mapping[str, Any]:
        """The public keys (JWKS)."""
        return dict(KeySet(list(self.keys)).as_dict(private=False))

    def token(self, *, header: Mapping[str, Any] | None = None, **claims: Any) -> str:
        """A member's token, in which the claims given stand instead; a claim of None is left out."""
        key = self.keys[-1]
        now = int(self.clock.now().timestamp())
        content: dict[str, Any] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(uuid4()),
            "tid": str(uuid4()),
            "kind": "member",
            "roles": [],
            "gen": 1,
            "tgen": 1,
            "iat": now,
            "exp": now + LIFETIME_SECONDS,
            "jti": uuid4().hex,
        } | claims
        content = {name: value for name, value in content.items() if value is not None}
        protected = {"alg": "EdDSA", "kid": key.kid} | dict(header or {})
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return jwt.encode(protected, content, key, algorithms=["EdDSA"])

    def headers(self, **claims: Any) -> dict[str, str]:
        """The header that carries such a token."""
        return {"Authorization": f"Bearer {self.token(**claims)}"}
