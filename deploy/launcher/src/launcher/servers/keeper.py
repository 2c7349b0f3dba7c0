"""Keeps one server for a test run: `python -m launcher.servers.keeper KIND FOLDER PID`.

It starts the server, writes its address to `FOLDER/KIND.address`, and stops it when told (SIGTERM) or when the test
run's process PID is gone, so that a killed test run leaves nothing behind. A failure is told in `FOLDER/KIND.failure`.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import select
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher.account import server_account
from launcher.ports import free_ports
from launcher.process import Process, raise_open_files_limit
from launcher.servers import containers
from launcher.servers.postgres import PrivatePostgres, check_hangul_search
from launcher.servers.rabbitmq import TEST_VIRTUAL_HOSTS, BrokerPorts, PrivateRabbitMq
from launcher.words import LauncherError

STARTS_MAX = 3


@contextmanager
def private_postgres(folder: Path) -> Iterator[str]:
    """A quick, perishable PostgreSQL; gives the superuser's URL."""
    port = free_ports(1)[0]
    server = PrivatePostgres(
        home=folder / "postgres",
        port=port,
        password=secrets.token_urlsafe(24),
        log=folder / "postgres.log",
        account=server_account(),
        durable=False,
    )
    server.prepare()
    process = Process(server.spec())
    process.start()
    try:
        process.wait_until_ready()
        check_hangul_search(server.url)
        yield server.url
    finally:
        process.stop()


@contextmanager
def private_rabbitmq(folder: Path) -> Iterator[str]:
    """A RabbitMQ with the tests' virtual hosts; gives the URL without a virtual host."""
    amqp, distribution, epmd = free_ports(3)
    server = PrivateRabbitMq(
        home=folder / "rabbitmq",
        ports=BrokerPorts(amqp=amqp, distribution=distribution, epmd=epmd),
        password=secrets.token_urlsafe(24),
        log=folder / "rabbitmq.log",
        virtual_hosts=TEST_VIRTUAL_HOSTS,
        account=server_account(),
    )
    server.prepare()
    processes = [Process(spec) for spec in server.specs()]
    try:
        for process in processes:
            process.start()
        processes[-1].wait_until_ready()
        yield server.server_url
    finally:
        for process in reversed(processes):
            process.stop()


PRIVATE = {"postgres": private_postgres, "rabbitmq": private_rabbitmq}
CONTAINED = {"postgres": containers.postgres, "rabbitmq": containers.rabbitmq}


@contextmanager
def server(kind: str) -> Iterator[str]:
    """The first rung that carries: a container when a Docker engine has its image, else a private process."""
    if containers.can_serve(kind):
        with CONTAINED[kind]() as address:
            yield address
        return
    folder = Path(tempfile.mkdtemp(prefix=f"coupbiz-test-{kind}-"))
    folder.chmod(0o755)  # The servers' own user goes through it to its part.
    try:
        with _started(PRIVATE[kind], folder) as address:
            yield address
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _started(private: Callable[[Path], contextlib.AbstractContextManager[str]], folder: Path) -> Iterator[str]:
    """Start, and once more under other ports: between choosing a port and listening, somebody else may take it."""
    with contextlib.ExitStack() as stack:
        for attempt in range(1, STARTS_MAX + 1):
            try:
                address = stack.enter_context(private(folder / str(attempt)))
            except LauncherError:
                if attempt == STARTS_MAX:
                    raise
            else:
                yield address
                return


def keep(kind: str, folder: Path, pid: int) -> None:
    """Serve until SIGTERM or the end of process `pid`."""
    run = os.pidfd_open(pid)
    told, tell = os.pipe()
    signal.signal(signal.SIGTERM, lambda _signal, _frame: os.write(tell, b"."))
    raise_open_files_limit()
    try:
        with server(kind) as address:
            _write(folder / f"{kind}.address", address)
            over, _, _ = select.select([run, told], [], [])
    except LauncherError as failure:
        _write(folder / f"{kind}.failure", str(failure))
    else:
        if run in over:
            # Killed before it could tidy up.
            shutil.rmtree(folder, ignore_errors=True)


def _write(path: Path, text: str) -> None:
    written = path.with_suffix(".new")
    written.touch(mode=0o600)
    written.write_text(text, encoding="utf-8")
    written.rename(path)


if __name__ == "__main__":
    keep(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
