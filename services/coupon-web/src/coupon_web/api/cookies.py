"""What a recipient's browser keeps for one link: the proof, and which code was sent last."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from flask import Response, request

from coupon_web.domain.link import Link, Proof, SentCode

PROOF = "coupon_proof"
CODE = "coupon_code"
CODE_KEPT_SECONDS = 900
"""Longer than a code lives, so that the page can say that it has expired."""

_PROOF_VALUE = re.compile(r"[A-Za-z0-9._~-]{1,200}")
_CODE_VALUE = re.compile(r"([0-9a-f-]{36})\.([0-9]{1,12})\.([0-9]{1,12})")


class Cookies:
    """Cookies that scripts cannot read and that go nowhere but to their own link's pages."""

    def __init__(self, *, is_secure: bool) -> None:
        self._is_secure = is_secure

    def proof(self) -> str | None:
        """The proof that came with the request, if it can be one."""
        value = request.cookies.get(PROOF, "")
        return value if _PROOF_VALUE.fullmatch(value) else None

    def sent_code(self) -> SentCode | None:
        """The code that this browser asked for last. Not signed: who changes it deceives nobody else."""
        found = _CODE_VALUE.fullmatch(request.cookies.get(CODE, ""))
        if found is None:
            return None
        try:
            return SentCode(UUID(found[1]), expires_at=int(found[2]), resend_at=int(found[3]))
        except ValueError:
            return None

    def keep_proof(self, response: Response, link: Link, proof: Proof, *, at: datetime) -> None:
        """Keep the proof as long as it holds; the code is done with."""
        self._set(response, link, PROOF, proof.token, max(0, int((proof.expires_at - at).total_seconds())))
        self._set(response, link, CODE, "", 0)

    def keep_code(self, response: Response, link: Link, code: SentCode) -> None:
        """Remember which code to check."""
        self._set(response, link, CODE, f"{code.code_id}.{code.expires_at}.{code.resend_at}", CODE_KEPT_SECONDS)

    def _set(self, response: Response, link: Link, name: str, value: str, seconds: int) -> None:
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            path=f"/c/{link.token}",
            secure=self._is_secure,
            httponly=True,
            samesite="Lax",
        )
