"""A recipient's link (ORD-26): it cannot be guessed, and a resend can build it again."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

TOKEN_BYTES = 18
"""144 bits: at least 128 are asked for, and 18 bytes are 24 characters without padding."""


@dataclass(frozen=True)
class LinkKeys:
    """The keys under which links are made; the newest makes, all of them can build again."""

    current: str
    keys: Mapping[str, bytes] = field(repr=False)

    def token(self, line_id: UUID, key_id: str) -> str:
        """The token of a line under a key. Raises KeyError when the key was taken away."""
        digest = hmac.digest(self.keys[key_id], line_id.bytes, "sha256")
        return base64.urlsafe_b64encode(digest[:TOKEN_BYTES]).decode()


def token_hash(token: str) -> bytes:
    """What is stored of a link or a proof, and what it is looked up by."""
    return hashlib.sha256(token.encode()).digest()
