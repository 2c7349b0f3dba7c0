"""The commands of a service: what `entrypoint` runs with the functions of its composition root."""

from __future__ import annotations

import importlib
import json
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import ValidationError

from chassis import garbage, logs, tracing
from chassis.probes import serve_probes
from chassis.settings import ServiceSettings

if TYPE_CHECKING:
    # A process imports only what it runs.
    from chassis.migrations import Migrations
    from chassis.relay import Relay
    from chassis.republish import Republish
    from chassis.web import WsgiApp
    from chassis.worker import Worker

USAGE_STATUS = 2

PROBED = frozenset({"worker", "relay"})
"""Processes that serve nothing else, so that they are asked on a port of their own."""

Command = Callable[[Any, list[str]], None]


class Main(Protocol):
    """What a composition root offers; the gateway and pages have `settings` and `create_api` alone."""

    __name__: str

    def settings(self) -> Any:
        """The service's settings, read from the environment."""

    def create_api(self, settings: Any) -> WsgiApp:
        """Both applications."""

    def create_worker(self, settings: Any) -> Worker:
        """Consumers and loops."""

    def create_relay(self, settings: Any) -> Relay:
        """The outbox's way to the broker."""

    def migrations(self) -> Migrations:
        """The database's migrations."""

    def republishers(self, settings: Any) -> Mapping[str, Republish]:
        """What can be said again, by kind."""


def execute(main_module: str, arguments: Sequence[str]) -> int:
    """Run one command; the process's exit status."""
    main: Any = importlib.import_module(main_module)
    service = main_module.partition(".")[0]
    commands = commands_of(main)
    name = arguments[0] if arguments else ""
    if name not in commands:
        sys.stderr.write(f"usage: python -m {service} {'|'.join(commands)}\n")
        return USAGE_STATUS
    try:
        settings: ServiceSettings = main.settings()
    except ValidationError as refused:
        sys.stderr.write(_told(service, refused))
        return USAGE_STATUS
    logs.configure(service=service, process=name, level=settings.log_level)
    if name != "api":
        # The server's workers do this for themselves, after the fork.
        tracing.configure(service=service, endpoint=settings.otlp_endpoint)
    if name in PROBED and settings.probe_port is not None:
        serve_probes(settings.bind_host, settings.probe_port)
    commands[name](settings, list(arguments[1:]))
    return 0


def _told(service: str, refused: ValidationError) -> str:
    """What is wrong with the environment, a variable a line; never a value, which may be a secret."""
    lines = [f"{service} cannot start with these settings:"]
    for one in refused.errors(include_url=False, include_input=False, include_context=False):
        variable = "_".join((service, *map(str, one["loc"]))).upper() if one["loc"] else "settings"
        lines.append(f"  {variable}: {one['msg']}")
    return "\n".join(lines) + "\n"


def commands_of(main: Any) -> dict[str, Command]:
    """The commands by name: those that the composition root has the functions for, and its own."""
    own: Mapping[str, Command] = getattr(main, "COMMANDS", {})
    standard: dict[str, tuple[str, Callable[[Any], Command]]] = {
        "api": ("create_api", _serve),
        "worker": ("create_worker", _work),
        "relay": ("create_relay", _relay),
        "migrate": ("migrations", _migrate),
        "republish": ("republishers", _republish),
        "openapi": ("create_api", _print_document),
    }
    return {name: make(main) for name, (needed, make) in standard.items() if hasattr(main, needed)} | dict(own)


def _serve(main: Main) -> Command:
    service = main.__name__.partition(".")[0]

    def command(settings: ServiceSettings, _: list[str]) -> None:
        from chassis.server import serve

        def create() -> WsgiApp:
            tracing.configure(service=service, endpoint=settings.otlp_endpoint)
            app = main.create_api(settings)
            garbage.leave_the_lasting_alone()
            return app

        serve(settings, create)

    return command


def _work(main: Main) -> Command:
    def command(settings: ServiceSettings, _: list[str]) -> None:
        worker = main.create_worker(settings)
        garbage.leave_the_lasting_alone()
        worker.run()

    return command


def _relay(main: Main) -> Command:
    def command(settings: ServiceSettings, _: list[str]) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        relay = main.create_relay(settings)
        garbage.leave_the_lasting_alone()
        relay.run(stop)

    return command


def _migrate(main: Main) -> Command:
    return lambda settings, _: main.migrations().upgrade(settings.migrations_database_url)


def _republish(main: Main) -> Command:
    def command(settings: Any, arguments: list[str]) -> None:
        republishers = main.republishers(settings)
        if len(arguments) != 1 or arguments[0] not in republishers:
            sys.stderr.write(f"usage: republish {'|'.join(republishers)}\n")
            raise SystemExit(USAGE_STATUS)
        republishers[arguments[0]].run()

    return command


def _print_document(main: Main) -> Command:
    def command(settings: ServiceSettings, arguments: list[str]) -> None:
        app = main.create_api(settings)
        document = (app.admin if arguments == ["admin"] else app.api).api_doc
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n")

    return command
