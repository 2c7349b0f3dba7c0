"""The keys that access tokens are signed and checked with, and their rotation (IDN-13)."""

from datetime import timedelta
from typing import Any

from identity.application.ports import AccessTokens, UnitOfWork

_GRACE = timedelta(minutes=1)
"""Clocks of services differ a little."""


def published_keys(uow: UnitOfWork, signer: AccessTokens) -> dict[str, Any]:
    """The key set (JWKS): the active key, and retired ones while a token of theirs may live."""
    retired_after = uow.now() - timedelta(seconds=signer.lifetime_seconds) - _GRACE
    return {"keys": uow.signing_keys.public_jwks(retired_after)}


def rotate_signing_key(uow: UnitOfWork, signer: AccessTokens) -> str:
    """Sign with a fresh key from now on; nobody is logged out. Returns the key's id."""
    key = signer.new_key(uow.now())
    uow.signing_keys.rotate(key, uow.now())
    return key.kid
