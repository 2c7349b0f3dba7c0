"""Which headers go on. What belongs to one connection, or what only we may say, does not."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.domain.exchange import Headers

_OF_ONE_CONNECTION = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_OURS_TO_SAY = frozenset(
    {
        # Written anew for the request that leaves here.
        "content-length",
        "expect",
        "host",
        # Who the client is, and what the request belongs to: services believe these from us.
        "baggage",
        "forwarded",
        "traceparent",
        "tracestate",
        "true-client-ip",
        "via",
        "x-correlation-id",
        "x-real-ip",
    }
)
_OURS_TO_SAY_PREFIX = "x-forwarded-"
_OF_THE_SERVER = frozenset({"date", "server"})
_CONTENT_LENGTH = "content-length"
FORWARDED_FOR = "X-Forwarded-For"


def for_service(headers: Iterable[tuple[str, str]], *, client_address: str) -> Headers:
    """The client's headers as the service gets them, with the client's address as the only one of its chain."""
    given = list(headers)
    named = _named_by_connection(given)
    passed = [(name, value) for name, value in given if _is_the_clients(name.lower(), named)]
    return [*passed, (FORWARDED_FOR, client_address)]


def for_client(headers: Iterable[tuple[str, str]], *, keeps_length: bool) -> Headers:
    """The service's headers as the client gets them. Of an answer to HEAD, the length is told though no body comes."""
    given = list(headers)
    dropped = _named_by_connection(given) | _OF_ONE_CONNECTION | _OF_THE_SERVER
    if not keeps_length:
        dropped |= {_CONTENT_LENGTH}
    return [(name, value) for name, value in given if name.lower() not in dropped]


def _is_the_clients(name: str, named: frozenset[str]) -> bool:
    dropped = name in named or name in _OF_ONE_CONNECTION or name in _OURS_TO_SAY
    return not dropped and not name.startswith(_OURS_TO_SAY_PREFIX)


def _named_by_connection(headers: Iterable[tuple[str, str]]) -> frozenset[str]:
    values = (value for name, value in headers if name.lower() == "connection")
    return frozenset(part.strip().lower() for value in values for part in value.split(",") if part.strip())
