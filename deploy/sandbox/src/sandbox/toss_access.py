"""The payment provider's door: Basic authorisation, idempotency keys, errors on demand."""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from typing import Any

from sandbox.clock import Clock
from sandbox.records import Store, Table
from sandbox.toss_codes import IDEMPOTENCY_KEY_LENGTH_MAX, IDEMPOTENCY_SECONDS, TossError, refusal
from sandbox.toss_payment import minted
from sandbox.wire import Answer, Call, Work

# A failure in front of the provider: it never saw the key, so the key is still unused.
FRONT_FAILURE = Answer(500, refusal("FAILED_INTERNAL_SYSTEM_PROCESSING").body)


@dataclass(frozen=True, slots=True)
class RememberedAnswer:
    """The first answer to an idempotency key, good or bad."""

    status: int
    body: Any
    at: float


class TossAccess:
    """Lets a call through once per key: key, authorisation, URL and method make the identity, the body does not."""

    def __init__(self, secret_key: str, clock: Clock, store: Store) -> None:
        self._secret_key = secret_key
        self._clock = clock
        self._answers: Table[RememberedAnswer] = Table(store, "toss_answers", lambda value: RememberedAnswer(**value))
        self._running: set[str] = set()

    async def around(self, call: Call, work: Work) -> Answer:
        """Do the work, or replay the first answer, or refuse."""
        language = call.headers.get("Accept-Language", "")
        try:
            self._check_authorization(call.headers.get("Authorization", ""))
            key = self._identity(call)
            if key is None:
                return await self._attempt(call, work)
            return await self._once(key, call, work)
        except TossError as error:
            return refusal(error.code, language)

    async def _once(self, key: str, call: Call, work: Work) -> Answer:
        if key in self._running:
            raise TossError("IDEMPOTENT_REQUEST_PROCESSING")
        former = self._answers.get(key)
        if former is not None and self._clock.now() - former.at < IDEMPOTENCY_SECONDS:
            return Answer(former.status, former.body)
        self._running.add(key)
        try:
            answer = await self._attempt(call, work)
        finally:
            self._running.discard(key)
        if answer is not FRONT_FAILURE:
            self._answers.put(key, RememberedAnswer(answer.status, answer.body, self._clock.now()))
        return answer

    async def _attempt(self, call: Call, work: Work) -> Answer:
        language = call.headers.get("Accept-Language", "")
        injected = call.headers.get("TossPayments-Test-Code")
        if injected and self._secret_key.startswith("test_"):
            return refusal(injected, language)
        try:
            return await work()
        except TossError as error:
            return refusal(error.code, language)

    def _check_authorization(self, header: str) -> None:
        scheme, _, encoded = header.partition(" ")
        try:
            key, colon, password = base64.b64decode(encoded, validate=True).partition(b":")
        except binascii.Error as error:
            raise TossError("INCORRECT_BASIC_AUTH_FORMAT") from error
        if scheme != "Basic" or not colon or password:
            raise TossError("INCORRECT_BASIC_AUTH_FORMAT")
        if not hmac.compare_digest(key, self._secret_key.encode()):
            raise TossError("UNAUTHORIZED_KEY")

    def _identity(self, call: Call) -> str | None:
        key = call.headers.get("Idempotency-Key")
        if key is None or call.method != "POST":
            return None
        if not key or len(key) > IDEMPOTENCY_KEY_LENGTH_MAX:
            raise TossError("INVALID_IDEMPOTENCY_KEY")
        return minted("", key, call.headers.get("Authorization", ""), call.url, call.method)
