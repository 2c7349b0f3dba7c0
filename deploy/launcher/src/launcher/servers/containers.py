"""The servers of a test run as containers, where a Docker engine answers."""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import docker  # type: ignore[import-untyped]
import docker.errors  # type: ignore[import-untyped]
from testcontainers.core.container import DockerContainer

from launcher.servers import postgres as database
from launcher.servers import rabbitmq as broker
from launcher.words import LauncherError

POSTGRES_IMAGE = "postgres:17"
RABBITMQ_IMAGE = "rabbitmq:4-management"
IMAGES = {"postgres": POSTGRES_IMAGE, "rabbitmq": RABBITMQ_IMAGE}
ENGINE_TIMEOUT_SECONDS = 3
PULL_TIMEOUT_SECONDS = 60
START_TIMEOUT_SECONDS = 120.0
POLL_SECONDS = 0.2


def engine_answers() -> bool:
    """Whether a Docker engine can be spoken to from here."""
    try:
        return bool(docker.from_env(timeout=ENGINE_TIMEOUT_SECONDS).ping())
    except (docker.errors.DockerException, OSError):
        return False


def can_serve(kind: str) -> bool:
    """Whether an engine answers that has the image of `kind`, or can fetch it: not every machine reaches a registry."""
    if not engine_answers():
        return False
    try:
        images = docker.from_env(timeout=PULL_TIMEOUT_SECONDS).images
        try:
            images.get(IMAGES[kind])
        except docker.errors.ImageNotFound:
            images.pull(IMAGES[kind])
    except (docker.errors.DockerException, OSError):
        return False
    return True


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL container; gives the superuser's URL."""
    password = secrets.token_urlsafe(24)
    container = (
        _container(POSTGRES_IMAGE, database.PORT)
        .with_env("POSTGRES_PASSWORD", password)
        .with_env("POSTGRES_INITDB_ARGS", "--encoding=UTF8 --locale=C.UTF-8")
        .with_command("postgres -c fsync=off -c max_connections=300")
    )
    with container:
        url = f"postgresql://{database.SUPERUSER}:{password}@{_address(container, database.PORT)}/postgres"
        _wait_for(lambda: database.answers(url), POSTGRES_IMAGE)
        yield url


@contextmanager
def rabbitmq() -> Iterator[str]:
    """A RabbitMQ container with the tests' virtual hosts; gives the URL without a virtual host."""
    password = secrets.token_urlsafe(24)
    container = (
        _container(RABBITMQ_IMAGE, broker.PORT)
        .with_env("RABBITMQ_DEFAULT_USER", broker.USER)
        .with_env("RABBITMQ_DEFAULT_PASS", password)
    )
    with container:
        url = f"amqp://{broker.USER}:{password}@{_address(container, broker.PORT)}"
        _wait_for(lambda: broker.answers(f"{url}//"), RABBITMQ_IMAGE)
        # All at once: each call of rabbitmqctl starts a virtual machine of its own, and takes seconds.
        import_them = 'printf %s "$1" >/tmp/hosts.json && rabbitmqctl import_definitions /tmp/hosts.json'
        done = container.exec(["sh", "-c", import_them, "sh", json.dumps(_virtual_hosts())])
        if done.exit_code != 0:
            raise LauncherError(f"The container of {RABBITMQ_IMAGE} did not take the tests' virtual hosts.")
        # It says yes before they are there.
        _wait_for(lambda: all(broker.answers(f"{url}/{name}") for name in broker.TEST_VIRTUAL_HOSTS), RABBITMQ_IMAGE)
        yield url


def _virtual_hosts() -> dict[str, list[dict[str, str]]]:
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    return {
        "vhosts": [{"name": name} for name in broker.TEST_VIRTUAL_HOSTS],
        "permissions": [{"user": broker.USER, "vhost": name, **everything} for name in broker.TEST_VIRTUAL_HOSTS],
    }


def _container(image: str, port: int) -> DockerContainer:
    # The keeper itself stops the container; the library's own helper container would be one image more to fetch.
    os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")
    return DockerContainer(image).with_exposed_ports(port)


def _address(container: DockerContainer, port: int) -> str:
    return f"{container.get_container_host_ip()}:{container.get_exposed_port(port)}"


def _wait_for(answers: Callable[[], bool], image: str) -> None:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while not answers():
        if time.monotonic() > deadline:
            raise LauncherError(f"The container of {image} does not answer after {START_TIMEOUT_SECONDS:.0f} s.")
        time.sleep(POLL_SECONDS)
