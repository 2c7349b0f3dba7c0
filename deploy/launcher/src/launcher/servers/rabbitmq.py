"""A private RabbitMQ: own node, own epmd, own data and ports, loopback only."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
import signal
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kombu.connection import Connection
from kombu.exceptions import OperationalError

from launcher.account import Account
from launcher.process import ProcessSpec, base_environment
from launcher.words import LauncherError

INSTALLATIONS = Path("/usr/lib/rabbitmq/lib")
USER = "coupbiz"
PORT = 5672  # The standard one: inside containers only.
VIRTUAL_HOST = "coupbiz"
# One for a plain test run, one for each parallel worker.
TEST_VIRTUAL_HOSTS = ("test-main", *(f"test-gw{number}" for number in range(8)))
CONNECT_TIMEOUT_SECONDS = 3
START_TIMEOUT_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class BrokerPorts:
    """The three ports of a node: for clients, for other nodes and its tools, and its port mapper's."""

    amqp: int
    distribution: int
    epmd: int


@dataclass(frozen=True, slots=True)
class PrivateRabbitMq:
    """Where a private node lives, and which virtual hosts it has."""

    home: Path
    ports: BrokerPorts
    password: str = field(repr=False)
    log: Path
    virtual_hosts: Sequence[str]
    account: Account | None = None

    @property
    def server_url(self) -> str:
        """The URL without a virtual host. It holds the password: print it nowhere."""
        return f"amqp://{USER}:{self.password}@127.0.0.1:{self.ports.amqp}"

    def prepare(self) -> None:
        """Write the node's configuration: settings, and the user and virtual hosts it makes when it boots."""
        self.home.mkdir(parents=True, exist_ok=True)
        if self.account:
            self.account.own(self.home)
        self._write("rabbitmq.conf", self._settings())
        self._write("definitions.json", json.dumps(self._definitions()))
        self._write("enabled_plugins", "[].\n")
        # "localhost" must resolve also where /etc/hosts is missing or the machine's name leads nowhere.
        self._write("inetrc", '{host, {127,0,0,1}, ["localhost"]}.\n{lookup, [file, native]}.\n')

    def specs(self) -> tuple[ProcessSpec, ProcessSpec]:
        """The node's port mapper, then the node; each is stopped by SIGTERM."""
        server = newest_installation() / "sbin" / "rabbitmq-server"
        mapper = ProcessSpec(
            name="rabbitmq-epmd",
            argv=("epmd", "-address", "127.0.0.1", "-port", str(self.ports.epmd)),
            environment=self._environment(),
            directory=self.home,
            log=self.log,
            account=self.account,
        )
        node = ProcessSpec(
            name="rabbitmq",
            argv=(str(server),),
            environment=self._environment(),
            directory=self.home,
            log=self.log,
            account=self.account,
            stop_signal=signal.SIGTERM,
            stop_timeout_seconds=60.0,
            ready=lambda: answers(f"{self.server_url}/{self.virtual_hosts[0]}"),
            ready_timeout_seconds=START_TIMEOUT_SECONDS,
        )
        return mapper, node

    def _environment(self) -> dict[str, str]:
        home = str(self.home)
        return {
            **base_environment(),
            "HOME": home,  # The node's cookie.
            "ERL_EPMD_PORT": str(self.ports.epmd),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_INETRC": f"{home}/inetrc",
            "RABBITMQ_NODENAME": "coupbiz@localhost",
            "RABBITMQ_DIST_PORT": str(self.ports.distribution),
            "RABBITMQ_MNESIA_BASE": f"{home}/mnesia",
            "RABBITMQ_LOG_BASE": f"{home}/log",
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_PID_FILE": f"{home}/pid",
            "RABBITMQ_CONFIG_FILE": f"{home}/rabbitmq.conf",
            "RABBITMQ_ADVANCED_CONFIG_FILE": f"{home}/advanced.config",
            "RABBITMQ_CONF_ENV_FILE": f"{home}/environment",  # Absent: the machine's own file must not speak here.
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{home}/enabled_plugins",
            # No busy waiting: on a small machine the schedulers' spinning takes the services' time.
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
                "+sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}"
            ),
            # The start script then becomes the node instead of waiting for it: one process, one signal.
            "RUNNING_UNDER_SYSTEMD": "true",
        }

    def _settings(self) -> str:
        lines = [
            f"listeners.tcp.1 = 127.0.0.1:{self.ports.amqp}",
            f"load_definitions = {self.home}/definitions.json",
            "disk_free_limit.absolute = 200MB",
            "log.console = true",
            "log.console.level = warning",
            "log.file = false",
        ]
        return "\n".join(lines) + "\n"

    def _definitions(self) -> dict[str, object]:
        return {
            "users": [
                {
                    "name": USER,
                    "password_hash": _password_hash(self.password),
                    "hashing_algorithm": "rabbit_password_hashing_sha256",
                    "tags": "administrator",
                }
            ],
            "vhosts": [{"name": name} for name in self.virtual_hosts],
            "permissions": [
                {"user": USER, "vhost": name, "configure": ".*", "write": ".*", "read": ".*"}
                for name in self.virtual_hosts
            ],
        }

    def _write(self, name: str, content: str) -> None:
        path = self.home / name
        path.touch(mode=0o600)
        path.write_text(content, encoding="utf-8")
        if self.account:
            self.account.own(path)


def newest_installation() -> Path:
    """The folder of the newest installed server. Raises LauncherError when there is none.

    Its own start script is called, not the one in /usr/sbin, which changes the user and drops our settings.
    """
    found = [path.parents[1] for path in INSTALLATIONS.glob("rabbitmq_server-*/sbin/rabbitmq-server")]
    if not found:
        raise LauncherError("No RabbitMQ is installed: apt-get install --no-install-recommends rabbitmq-server")
    return max(found, key=lambda path: [int(number) for number in re.findall(r"\d+", path.name)])


def answers(url: str) -> bool:
    """Whether a broker lets us in at `url` (with its virtual host)."""
    connection = Connection(url, connect_timeout=CONNECT_TIMEOUT_SECONDS)
    try:
        connection.connect()
    except (OperationalError, OSError, *connection.connection_errors):
        return False
    else:
        return True
    finally:
        connection.release()


def _password_hash(password: str) -> str:
    # RabbitMQ's own form: a salt of four bytes, then SHA-256 of salt and password.
    salt = secrets.token_bytes(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
