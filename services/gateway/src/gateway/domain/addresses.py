"""Addresses: what is judged is what is handed on.

The server has decoded the path once. The decoded path is judged, and handed on encoded anew; so an encoded slash or
dot is the same for us as for the service, however a client wrote it.
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import quote

_PATH_SAFE = "/:@!$&'()*+,;=~"
_QUERY_SAFE = _PATH_SAFE + "?%[]"
_IPV6_CLIENT_BITS = 64


def is_plain(path: str) -> bool:
    """Whether no segment is empty or leads upwards, and no character is one that some reader takes for a slash."""
    segments = path.split("/")[1:]
    return not any(segment in {"", ".", ".."} for segment in segments) and not any(
        character == "\\" or character < " " or character == "\x7f" for character in path
    )


def target_of(path: str, query: str) -> str:
    """Path and query as they stand on the wire; both hold one character a byte (latin-1), the path decoded."""
    encoded = quote(path.encode("latin-1"), safe=_PATH_SAFE)
    return f"{encoded}?{quote(query.encode('latin-1'), safe=_QUERY_SAFE)}" if query else encoded


def client_key(address: str) -> str:
    """Whom a rate counts for: the address, of IPv6 the network that one client has to itself."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, _IPV6_CLIENT_BITS), strict=False))
    return address
