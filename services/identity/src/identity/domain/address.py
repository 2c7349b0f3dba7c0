"""The network address that a login comes from, as trust is given to it (IDN-11)."""

from ipaddress import IPv4Address, IPv6Network, ip_address

_IPV6_PREFIX = 64
"""One subscriber's IPv6 addresses change inside their /64, which is what stays theirs."""


def network_of(text: str) -> str:
    """What is trusted for an address: an IPv4 address itself, an IPv6 address's /64. Raises `ValueError`."""
    address = ip_address(text)
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), _IPV6_PREFIX), strict=False))
