"""Ports of this checkout: chosen once, kept with the data, never the standard ones.

Links that were sent to recipients contain the gateway's port, so it must be the same at the next start.
"""

from __future__ import annotations

import json
import random
import socket
from collections.abc import Iterable, Sequence
from pathlib import Path

from launcher.words import LauncherError

# Below the range from which Linux takes outgoing connections' ports, above the registered crowd.
LOWEST, HIGHEST = 20_000, 32_000
STANDARD = frozenset({25_672})  # RabbitMQ's own between nodes; the others' lie outside the range.


def free_ports(count: int, taken: Iterable[int] = ()) -> list[int]:
    """`count` different ports that nobody listens on now, none of them in `taken`."""
    chosen: list[int] = []
    refused = {*STANDARD, *taken}
    # Anywhere in the range, so that neighbours that begin at the same moment do not meet.
    for port in random.sample(range(LOWEST, HIGHEST), HIGHEST - LOWEST):
        if len(chosen) == count:
            break
        if port not in refused and is_free(port):
            chosen.append(port)
    if len(chosen) < count:
        raise LauncherError(f"No {count} free ports between {LOWEST} and {HIGHEST} were found.")
    return chosen


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` of the loopback now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def kept_ports(file: Path, names: Sequence[str], neighbours: Iterable[Path] = ()) -> dict[str, int]:
    """The port of each name: as kept in `file`, the missing ones chosen now and kept there.

    `neighbours` are other checkouts' files, whose ports are left to them also while they do not run.
    """
    kept = _read(file)
    missing = [name for name in names if name not in kept]
    if missing:
        taken = {*kept.values(), *(port for neighbour in neighbours for port in _read(neighbour).values())}
        kept |= dict(zip(missing, free_ports(len(missing), taken), strict=True))
        file.parent.mkdir(parents=True, exist_ok=True)
        written = file.with_suffix(".new")
        written.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
        written.rename(file)
    return {name: kept[name] for name in names}


def require_free(ports: dict[str, int]) -> None:
    """Raise LauncherError naming each port that somebody else took meanwhile."""
    lost = [f"{port} (kept for {name})" for name, port in ports.items() if not is_free(port)]
    if lost:
        raise LauncherError(
            f"Another process listens on port {', '.join(lost)}.\n"
            "Stop it (ss -ltnp shows which it is), or let the suite choose anew: ./coupbiz reset"
        )


def _read(file: Path) -> dict[str, int]:
    try:
        return {str(name): int(port) for name, port in json.loads(file.read_text(encoding="utf-8")).items()}
    except FileNotFoundError:
        return {}
