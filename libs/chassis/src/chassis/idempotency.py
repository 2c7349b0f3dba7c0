"""Idempotency keys: a write that a client may repeat is done once, and the repetition finds what was made.

A key lives as long as what was made under it. Only digests are stored, and they are keyed by the client's own key,
of which only a digest is stored too: the table tells nothing about a body to who does not have the request.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from flask import request
from pydantic import BaseModel
from sqlalchemy import func, insert, select

from chassis.bodies import write_json
from chassis.clock import Clock
from chassis.database import Executor
from chassis.problems import ProblemType, Refusal
from chassis.tables import idempotency_keys

HEADER = "Idempotency-Key"
KEY_LENGTH_MAX = 255
RETRY_AFTER_SECONDS = 1

_VISIBLE_ASCII = re.compile(rf"[\x21-\x7e]{{1,{KEY_LENGTH_MAX}}}")
_MARK = "__chassis_keyed__"
_View = TypeVar("_View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Once:
    """What was made under the key: now (`replayed` is False), or by an earlier request."""

    resource_id: UUID
    replayed: bool


class IdempotencyKeyMissing(Refusal):
    """The request repeats safely only under a key, and has none."""


class IdempotencyKeyInvalid(Refusal):
    """The key is not 1 to 255 visible ASCII characters."""


class IdempotencyKeyReused(Refusal):
    """The key was used for another body; `fields` names the top-level fields that differ."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields
        self.field_names = ", ".join(fields)


class RequestInProgress(Refusal):
    """Another request with the same key has not ended yet."""

    def __init__(self) -> None:
        super().__init__("in progress")
        self.retry_after_seconds = RETRY_AFTER_SECONDS


PROBLEMS: dict[type[Exception], ProblemType] = {
    IdempotencyKeyMissing: ProblemType(
        "idempotency_key_missing",
        400,
        "Idempotency-Key 헤더가 필요합니다.",
        "The header Idempotency-Key is needed.",
    ),
    IdempotencyKeyInvalid: ProblemType(
        "idempotency_key_invalid",
        400,
        "Idempotency-Key는 공백 없는 ASCII 문자 1~255자여야 합니다.",
        "An Idempotency-Key is 1 to 255 visible ASCII characters.",
    ),
    IdempotencyKeyReused: ProblemType(
        "idempotency_key_reused",
        422,
        "같은 Idempotency-Key로 다른 내용이 이미 접수되었습니다. 다른 항목: {field_names}",
        "The Idempotency-Key was used for another body. It differs in: {field_names}",
        members=("fields",),
    ),
    RequestInProgress: ProblemType(
        "request_in_progress",
        409,
        "같은 요청을 처리하고 있습니다. 잠시 후 다시 시도해 주세요.",
        "The same request is being worked on. Try again shortly.",
    ),
}


def keyed(view: _View) -> _View:
    """Mark a view (below its route) that needs the header: it is documented, and asked for before the view runs."""
    setattr(view, _MARK, True)
    return view


def is_keyed(view: Callable[..., Any]) -> bool:
    """Whether the view is marked `keyed`."""
    return getattr(view, _MARK, False)


def idempotency_key() -> str:
    """The request's key. Raises `IdempotencyKeyMissing` or `IdempotencyKeyInvalid`."""
    key = request.headers.get(HEADER)
    if key is None or not key.strip():
        raise IdempotencyKeyMissing
    if not _VISIBLE_ASCII.fullmatch(key):
        raise IdempotencyKeyInvalid
    return key


class IdempotencyKeys:
    """The keys of one service's database, within the caller's transaction."""

    def __init__(self, session: Executor, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def once(
        self,
        *,
        scope: str,
        key: str,
        operation: str,
        body: BaseModel | Mapping[str, Any],
        create: Callable[[], UUID],
    ) -> Once:
        """Do `create` unless the key was used, all in the caller's transaction.

        `scope` is whose key it is, usually the caller's tenant. A failure of `create` leaves the key unused.
        Raises `RequestInProgress` while another transaction holds the key, `IdempotencyKeyReused` for another body.
        """
        key_digest = hashlib.sha256(key.encode()).hexdigest()
        if not self._session.scalar(select(func.pg_try_advisory_xact_lock(_lock_id(scope, operation, key_digest)))):
            raise RequestInProgress
        digests = _field_digests(body, key)
        table = idempotency_keys
        known = self._session.execute(
            select(table.c.field_digests, table.c.resource_id).where(
                table.c.scope == scope, table.c.operation == operation, table.c.key == key_digest
            )
        ).one_or_none()
        if known is not None:
            differing = _differing(known.field_digests, digests)
            if differing:
                raise IdempotencyKeyReused(differing)
            return Once(known.resource_id, replayed=True)
        resource_id = create()
        self._session.execute(
            insert(table).values(
                scope=scope,
                operation=operation,
                key=key_digest,
                field_digests=digests,
                resource_id=resource_id,
                created_at=self._clock.now(),
            )
        )
        return Once(resource_id, replayed=False)


def _lock_id(*parts: str) -> int:
    """A signed 64-bit number of the parts; each is preceded by its length, so that no two lists look alike."""
    spelled = b"".join(len(part.encode()).to_bytes(4) + part.encode() for part in parts)
    return int.from_bytes(hashlib.sha256(spelled).digest()[:8], signed=True)


def _field_digests(body: BaseModel | Mapping[str, Any], key: str) -> dict[str, str]:
    # Defaults are left out: a field that a later release adds must not make older bodies look different.
    fields = body.model_dump(mode="json", exclude_defaults=True) if isinstance(body, BaseModel) else dict(body)
    return {
        name: hmac.new(key.encode(), write_json(value, sort_keys=True), hashlib.sha256).hexdigest()
        for name, value in fields.items()
    }


def _differing(one: Mapping[str, str], other: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(
        sorted(
            name
            for name in one.keys() | other.keys()
            if not hmac.compare_digest(one.get(name, ""), other.get(name, ""))
        )
    )
