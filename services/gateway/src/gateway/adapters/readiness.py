"""Asks every service whether it is ready: all at once, and none for longer than the time-out."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import httpx

from gateway.domain.parts import Part

PATH = "/healthz/ready"
READY, NOT_READY, AWAY = "ready", "not_ready", "away"


class Readiness:
    """The services' own word about themselves, by their admin ports."""

    def __init__(self, admin_urls: Mapping[Part, str], *, timeout_seconds: float, tls: ssl.SSLContext) -> None:
        self._urls = dict(admin_urls)
        self._client = httpx.Client(timeout=timeout_seconds, verify=tls, trust_env=False)

    def ask(self) -> dict[str, str]:
        """Each service with `ready`, `not_ready` (it says so itself) or `away` (no answer in time)."""
        with ThreadPoolExecutor(max_workers=max(1, len(self._urls))) as pool:
            answers = list(pool.map(self._ask_one, self._urls.values()))
        return {part.value: answer for part, answer in zip(self._urls, answers, strict=True)}

    def _ask_one(self, url: str) -> str:
        try:
            answer = self._client.get(f"{url}{PATH}")
        except httpx.HTTPError:
            return AWAY
        return READY if answer.status_code == httpx.codes.OK else NOT_READY
