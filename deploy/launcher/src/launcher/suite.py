"""What one running suite consists of: its data, ports, keys, and the two servers under it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from launcher import places
from launcher.keys import DevelopmentKeys
from launcher.ports import kept_ports
from launcher.servers.rabbitmq import USER as BROKER_USER
from launcher.servers.rabbitmq import VIRTUAL_HOST
from launcher.services import port_names

POSTGRES_VARIABLE = "COUPBIZ_POSTGRES_URL"
BROKER_VARIABLE = "COUPBIZ_AMQP_URL"


@dataclass(frozen=True, slots=True)
class Suite:
    """Facts of a suite. A server that is not given is a private one of this suite's own.

    `postgres_given` is a superuser's URL, `broker_given` one with its virtual host. `durable=False` is for tests.
    """

    data: Path
    ports: Mapping[str, int]
    keys: DevelopmentKeys = field(repr=False)
    postgres_given: str | None = field(default=None, repr=False)
    broker_given: str | None = field(default=None, repr=False)
    durable: bool = True

    @property
    def logs(self) -> Path:
        """The folder of the processes' logs."""
        return self.data / "logs"

    @property
    def run(self) -> Path:
        """The folder of what is true only while the suite runs."""
        return self.data / "run"

    @property
    def postgres_url(self) -> str:
        """A superuser's URL; it holds the password."""
        if self.postgres_given:
            return self.postgres_given
        return f"postgresql://postgres:{self.keys.password('postgres')}@127.0.0.1:{self.ports['postgres']}/postgres"

    @property
    def broker_url(self) -> str:
        """The broker's URL with the suite's virtual host; it holds the password."""
        if self.broker_given:
            return self.broker_given
        password = self.keys.password("rabbitmq")
        return f"amqp://{BROKER_USER}:{password}@127.0.0.1:{self.ports['rabbitmq']}/{VIRTUAL_HOST}"

    def database_url(self, package: str, *, owner: bool = False) -> str:
        """The URL of a service's database: its run-time role's, or the owner's, who migrates."""
        role = f"{package}_owner" if owner else package
        server = urlsplit(self.postgres_url)
        host = server.netloc.rpartition("@")[2]
        credentials = f"{role}:{quote(self.keys.password(f'database:{role}'), safe='')}"
        return urlunsplit(server._replace(netloc=f"{credentials}@{host}", path=f"/{package}"))

    def api_url(self, package: str) -> str:
        """Where a service's API answers."""
        return f"http://127.0.0.1:{self.ports[f'{package}-api']}"

    def admin_url(self, package: str) -> str:
        """Where a service's admin port answers."""
        return f"http://127.0.0.1:{self.ports[f'{package}-admin']}"

    @property
    def gateway_url(self) -> str:
        """The one door for clients."""
        return self.api_url("gateway")

    @property
    def sandbox_url(self) -> str:
        """The outside world: vendors, the viewable mailbox and phones, and the control plane under `/__sim`."""
        return f"http://127.0.0.1:{self.ports['sandbox-http']}"

    @property
    def webhook_urls(self) -> dict[str, str]:
        """Where each provider reports to, through the gateway; the path holds a secret."""
        return {
            kind: f"{self.gateway_url}/v1/webhooks/{kind}/{self.keys.password(f'webhook:{kind}')}"
            for kind in ("payments", "messages")
        }


def open_suite(data: Path, *, postgres: str | None = None, broker: str | None = None, durable: bool = True) -> Suite:
    """The suite whose data lie in `data`; ports and keys are chosen at the first time and stay."""
    neighbours = [folder / "ports.json" for folder in places.neighbours()]
    return Suite(
        data=data,
        ports=kept_ports(data / "ports.json", port_names(), neighbours),
        keys=DevelopmentKeys(data / "keys.json"),
        postgres_given=postgres,
        broker_given=broker,
        durable=durable,
    )


def suite_of_checkout() -> Suite:
    """This checkout's suite, with the servers that it was last started with or that the environment names now."""
    data = places.data_folder()
    given = _servers_kept(data)
    postgres = os.environ.get(POSTGRES_VARIABLE) or given.get("postgres")
    broker = os.environ.get(BROKER_VARIABLE) or given.get("broker")
    return open_suite(data, postgres=postgres, broker=broker)


def keep_servers(suite: Suite) -> None:
    """Remember given servers, so that the commands beside a running suite find them without the variables."""
    file = suite.data / "servers.json"
    file.touch(mode=0o600)
    given = {"postgres": suite.postgres_given, "broker": suite.broker_given}
    file.write_text(json.dumps({name: url for name, url in given.items() if url}), encoding="utf-8")


def _servers_kept(data: Path) -> dict[str, str]:
    try:
        return {str(name): str(url) for name, url in json.loads((data / "servers.json").read_text("utf-8")).items()}
    except FileNotFoundError:
        return {}
