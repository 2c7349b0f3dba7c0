"""`python -m sandbox`: the outside world in one process, until it is told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

import orjson
import uvloop

from sandbox.app import start
from sandbox.settings import SettingMissingError, Settings, read_settings


async def serve(settings: Settings) -> None:
    """Answer until SIGTERM or SIGINT; says its ports on one line of JSON once it does."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    running = await start(settings)
    ready = {"http_port": running.http_port, "smtp_port": running.smtp_port}
    sys.stdout.write(orjson.dumps(ready).decode() + "\n")
    sys.stdout.flush()
    await stopped.wait()
    await running.stop()


def main() -> int:
    """Exit code 2 when a setting is missing."""
    try:
        settings = read_settings(os.environ)
    except SettingMissingError as error:
        sys.stderr.write(f"sandbox: {error}\n")
        return 2
    uvloop.run(serve(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
