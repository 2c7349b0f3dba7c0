"""Tokens that are shown once and kept only as hashes: of an application, of a session's refresh."""

import hashlib
import hmac
import secrets

_BYTES = 32


def new_token() -> str:
    """An unguessable token of 256 bits."""
    return secrets.token_urlsafe(_BYTES)


def hash_of(token: str) -> bytes:
    """What is kept of a token. It has no less entropy than the hash, so neither salt nor slowness is needed."""
    return hashlib.sha256(token.encode()).digest()


def matches(token: str, token_hash: bytes) -> bool:
    """Whether the hash is the token's, in constant time."""
    return hmac.compare_digest(hash_of(token), token_hash)
