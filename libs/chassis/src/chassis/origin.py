"""Where a request comes from. Headers of proxies are believed only from the networks that the settings name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any
from uuid import UUID

from flask import current_app, request

from chassis.context import Context
from chassis.ids import new_id

FORWARDED_HEADER = "X-Forwarded-For"
EXTENSION = "chassis_proxies"


class TrustedProxies:
    """The networks of our own gateway and load balancers."""

    def __init__(self, networks: Iterable[IPv4Network | IPv6Network] = ()) -> None:
        self._networks = tuple(networks)

    def trusts(self, address: str | None) -> bool:
        """Whether the address is one of ours."""
        parsed = _parsed(address)
        return parsed is not None and any(parsed in network for network in self._networks)

    def client_of(self, peer: str | None, forwarded: str | None) -> str:
        """The nearest address that is not one of ours, reading the chain of proxies from our end."""
        if not self.trusts(peer) or not forwarded:
            return peer or ""
        nearest = peer or ""
        for hop in reversed(forwarded.split(",")):
            if _parsed(hop.strip()) is None:
                break
            nearest = hop.strip()
            if not self.trusts(nearest):
                break
        return nearest

    def context_of(self, environ: Mapping[str, Any]) -> Context:
        """The context that the gateway handed on, or a new one for everybody else."""
        given = environ.get("HTTP_X_CORRELATION_ID")
        if given and self.trusts(environ.get("REMOTE_ADDR")):
            try:
                return Context(correlation_id=UUID(given))
            except ValueError:
                pass
        return Context(correlation_id=new_id())


def client_address() -> str:
    """The address of the present request's client, for limits and for the audit log."""
    proxies: TrustedProxies = current_app.extensions[EXTENSION]
    return proxies.client_of(request.remote_addr, request.headers.get(FORWARDED_HEADER))


def _parsed(address: str | None) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(address or "")
    except ValueError:
        return None
