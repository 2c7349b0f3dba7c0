"""What a suite is made of, in the order of its start: servers, databases, the sandbox, then the services."""

from __future__ import annotations

import http.client
import subprocess
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from launcher.account import server_account
from launcher.environment import MARK, environment_of, folders_of
from launcher.ports import require_free
from launcher.process import Process, ProcessSpec, wait_until_all_ready
from launcher.provision import provision
from launcher.servers.postgres import PrivatePostgres, check_hangul_search
from launcher.servers.rabbitmq import VIRTUAL_HOST, BrokerPorts, PrivateRabbitMq
from launcher.services import API, SANDBOX, SERVICES, Service
from launcher.suite import Suite
from launcher.words import LauncherError

READY_TIMEOUT_SECONDS = 180.0
HEALTH_TIMEOUT_SECONDS = 5
MIGRATIONS_AT_ONCE = 2
MIGRATION_TIMEOUT_SECONDS = 300

Say = Callable[[str], None]


@dataclass(slots=True)
class Stack:
    """The processes of one suite. `extra` adds lines to the environment of a process, by its name.

    `only` narrows what is started to some packages (`sandbox` is one), for work on a part. `cancelled` is asked while
    it starts, and ends the start by an error when it says so.
    """

    suite: Suite
    only: Collection[str] | None = None
    extra: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    cancelled: Callable[[], bool] = lambda: False
    processes: list[Process] = field(default_factory=list)

    def start(self, say: Say) -> None:
        """Start everything in order, wait until it answers. Raises LauncherError; what was started then still runs."""
        suite = self.suite
        for folder in folders_of(suite):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        require_free(_needed_ports(suite))
        self._start_servers(say)
        services = [service for service in SERVICES if self._is_wanted(service.package)]
        self._prepare_databases([service.package for service in services if service.has_database], say)
        if self._is_wanted(SANDBOX):
            say("Starting the sandbox of the outside world …")
            self._start_and_wait([self._sandbox()])
        specs = [spec for service in services for spec in self._specs_of(service)]
        say(f"Starting {len(services)} services ({len(specs)} processes) …")
        self._start_and_wait(specs)

    def stop(self, say: Say) -> None:
        """Stop everything, last started first, each kind together; waits until all have ended."""
        servers = [process for process in self.processes if process.spec.name.startswith(("postgres", "rabbitmq"))]
        others = [process for process in self.processes if process not in servers]
        say(f"Stopping {len(others)} processes …")
        for process in reversed(others):
            process.ask_to_stop()
        for process in reversed(others):
            process.wait_until_stopped()
        if servers:
            say("Stopping RabbitMQ and PostgreSQL …")
        for process in reversed(servers):
            process.stop()

    def process(self, name: str) -> Process:
        """The process of that name, such as `wallet-worker`. Raises KeyError."""
        for process in self.processes:
            if process.spec.name == name:
                return process
        raise KeyError(name)

    def _is_wanted(self, package: str) -> bool:
        return self.only is None or package in self.only

    def _start_servers(self, say: Say) -> None:
        suite, account = self.suite, server_account()
        if suite.postgres_given is None:
            say("Starting PostgreSQL …")
            postgres = private_postgres(suite)
            postgres.prepare()
            self._start_and_wait([postgres.spec()])
        check_hangul_search(suite.postgres_url)
        if suite.broker_given is None:
            say("Starting RabbitMQ …")
            ports = suite.ports
            broker = PrivateRabbitMq(
                home=suite.data / "rabbitmq",
                ports=BrokerPorts(ports["rabbitmq"], ports["rabbitmq-distribution"], ports["rabbitmq-epmd"]),
                password=suite.keys.password("rabbitmq"),
                log=suite.logs / "rabbitmq.log",
                virtual_hosts=(VIRTUAL_HOST,),
                account=account,
            )
            broker.prepare()
            self._start_and_wait(broker.specs())

    def _prepare_databases(self, packages: Sequence[str], say: Say) -> None:
        if not packages:
            return
        say(f"Preparing {len(packages)} databases …")
        provision(self.suite, packages)
        with ThreadPoolExecutor(MIGRATIONS_AT_ONCE) as pool:
            list(pool.map(self._migrate, packages))

    def _migrate(self, package: str) -> None:
        done = subprocess.run(
            _module(package, "migrate"),
            cwd=self.suite.run,
            env=environment_of(package, self.suite),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=MIGRATION_TIMEOUT_SECONDS,
            check=False,
        )
        if done.returncode != 0:
            raise LauncherError(f"The migrations of {package} failed:\n{done.stdout.strip()}")

    def _specs_of(self, service: Service) -> list[ProcessSpec]:
        return [self._spec_of(service.package, role) for role in service.roles]

    def _spec_of(self, package: str, role: str) -> ProcessSpec:
        environment = environment_of(package, self.suite, role)
        if role == API:
            return self._python(f"{package}-{role}", package, role, environment, self.suite.admin_url(package))
        probes = f"http://127.0.0.1:{environment[f'{package.upper()}_PROBE_PORT']}"
        return self._python(f"{package}-{role}", package, role, environment, probes, path="/healthz/live")

    def _sandbox(self) -> ProcessSpec:
        environment = environment_of(SANDBOX, self.suite)
        return self._python(SANDBOX, SANDBOX, None, environment, self.suite.sandbox_url, path="/__sim/clock")

    def _python(
        self,
        name: str,
        package: str,
        role: str | None,
        environment: Mapping[str, str],
        url: str,
        *,
        path: str = "/healthz/ready",
    ) -> ProcessSpec:
        return ProcessSpec(
            name=name,
            argv=_module(package, *([role] if role else [])),
            environment={**environment, **self.extra.get(name, {})},
            directory=self.suite.run,
            log=self.suite.logs / f"{name}.log",
            ready=lambda: answers_ok(url, path),
            ready_timeout_seconds=READY_TIMEOUT_SECONDS,
        )

    def _start_and_wait(self, specs: Sequence[ProcessSpec]) -> None:
        mark = {MARK: str(self.suite.data)}
        started = [Process(replace(spec, environment={**spec.environment, **mark})) for spec in specs]
        for process in started:
            process.start()
            self.processes.append(process)
        wait_until_all_ready(started, self.cancelled)


def private_postgres(suite: Suite) -> PrivatePostgres:
    """The suite's own PostgreSQL."""
    return PrivatePostgres(
        home=suite.data / "postgres",
        port=suite.ports["postgres"],
        password=suite.keys.password("postgres"),
        log=suite.logs / "postgres.log",
        account=server_account(),
        durable=suite.durable,
    )


def answers_ok(url: str, path: str) -> bool:
    """Whether a GET of `path` is answered with 200."""
    host = url.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=HEALTH_TIMEOUT_SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _module(package: str, *arguments: str) -> tuple[str, ...]:
    # The environment's own interpreter; -P: nothing is imported from the working folder.
    return (str(Path(sys.prefix) / "bin" / "python"), "-P", "-m", package, *arguments)


def _needed_ports(suite: Suite) -> dict[str, int]:
    given = [
        *(["postgres"] if suite.postgres_given else []),
        *([name for name in suite.ports if name.startswith("rabbitmq")] if suite.broker_given else []),
    ]
    return {name: port for name, port in suite.ports.items() if name not in given}
