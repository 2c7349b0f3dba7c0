"""Members and operators in tests: real tokens, and an address with the keys to check them by."""

import json
import time
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey

from chassis.access import MEMBER, OPERATOR
from chassis.testing.wire import Exchange, WireServer
from chassis.tokens import AUDIENCE, ISSUER

LIFETIME_SECONDS = 600


@dataclass(frozen=True)
class Callers:
    """Makes the headers of callers whose tokens are signed by the key behind `keys_url`, by the machine's clock."""

    keys_url: str
    _key: OKPKey = field(repr=False)

    def member(
        self, *roles: str, subject_id: UUID | None = None, tenant_id: UUID | None = None, generation: int = 1
    ) -> dict[str, str]:
        """The headers of a member of a tenant; of some new one when no ids are given."""
        tenant = str(tenant_id or uuid4())
        return self._headers(MEMBER, roles or ("master",), subject_id or uuid4(), tenant, generation)

    def operator(self, *roles: str, subject_id: UUID | None = None) -> dict[str, str]:
        """The headers of an operator."""
        return self._headers(OPERATOR, roles or ("admin",), subject_id or uuid4(), None, 1)

    def _headers(
        self, kind: str, roles: Collection[str], subject_id: UUID, tenant: str | None, generation: int
    ) -> dict[str, str]:
        now = int(time.time())
        claims: dict[str, object] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(subject_id),
            "kind": kind,
            "roles": list(roles),
            "gen": generation,
            "iat": now,
            "exp": now + LIFETIME_SECONDS,
            "jti": uuid4().hex,
        }
        if tenant is not None:
            claims |= {"tid": tenant, "tgen": 1}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            token = jwt.encode({"alg": "EdDSA", "kid": self._key.kid}, claims, self._key, algorithms=["EdDSA"])
        return {"Authorization": f"Bearer {token}"}


@contextmanager
def serving_callers() -> Iterator[Callers]:
    """Callers whose key is served for the length of the block."""
    key = OKPKey.generate_key("Ed25519", {"kid": "test"})
    document = json.dumps(KeySet([key]).as_dict(private=False)).encode()

    def answer(exchange: Exchange) -> None:
        exchange.answer(200, document)

    with WireServer(answer) as server:
        yield Callers(f"{server.url}/.well-known/jwks.json", key)
