"""The suite's own processes, as data: one row a service."""

from __future__ import annotations

from dataclasses import dataclass

API, WORKER, RELAY = "api", "worker", "relay"


@dataclass(frozen=True, slots=True)
class Service:
    """A service of the suite: the package to run, and what processes it has."""

    package: str
    roles: tuple[str, ...] = (API, WORKER, RELAY)
    has_database: bool = True


SERVICES = (
    Service("identity"),
    Service("catalog"),
    Service("ordering"),
    Service("wallet"),
    Service("messaging"),
    Service("scheduler"),
    Service("gateway", roles=(API,), has_database=False),
    Service("coupon_web", roles=(API,), has_database=False),
)
PACKAGES = tuple(service.package for service in SERVICES)
WITH_DATABASE = tuple(service.package for service in SERVICES if service.has_database)
SANDBOX = "sandbox"

SERVER_PORTS = ("postgres", "rabbitmq", "rabbitmq-distribution", "rabbitmq-epmd")
SANDBOX_PORTS = ("sandbox-http", "sandbox-smtp")


def port_names() -> tuple[str, ...]:
    """Every port that a checkout keeps for itself."""
    of_services = (f"{package}-{side}" for package in PACKAGES for side in (API, "admin"))
    of_probes = (f"{package}-{role}" for package in WITH_DATABASE for role in (WORKER, RELAY))
    return (*SERVER_PORTS, *SANDBOX_PORTS, *of_services, *of_probes)
