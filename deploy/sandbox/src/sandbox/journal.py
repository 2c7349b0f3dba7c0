"""Every call that reached a vendor and what was answered: the judge of "nothing twice"."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import orjson

FLUSH_SECONDS = 0.1
PAGE_ROWS_MAX = 1000


class Journal:
    """An append-only file of JSON lines, buffered and flushed at least every 100 ms; read by pages."""

    def __init__(self, data_dir: Path) -> None:
        data_dir.mkdir(parents=True, exist_ok=True)
        self._path = data_dir / "journal.jsonl"
        self._lines: list[bytes] = []
        if self._path.exists():
            written = self._path.read_bytes()
            whole = written[: written.rfind(b"\n") + 1]  # A process killed while writing leaves half a line.
            if len(whole) < len(written):
                self._path.write_bytes(whole)
            self._lines = whole.splitlines()
        self._file = self._path.open("ab")
        self._flush_planned = False

    def __len__(self) -> int:
        return len(self._lines)

    def add(self, entry: dict[str, Any]) -> None:
        """Append one exchange; its `seq` is its place, from 1."""
        line = orjson.dumps({"seq": len(self._lines) + 1, **entry})
        self._lines.append(line)
        self._file.write(line + b"\n")
        if not self._flush_planned:
            self._flush_planned = True
            asyncio.get_running_loop().call_later(FLUSH_SECONDS, self._flush)

    def page(
        self, after: int, limit: int, provider: str | None, route: str | None
    ) -> tuple[list[dict[str, Any]], int | None]:
        """Entries with a `seq` above `after`, oldest first, and the `after` of the next page or None."""
        found: list[dict[str, Any]] = []
        for place in range(max(0, after), len(self._lines)):
            entry: dict[str, Any] = orjson.loads(self._lines[place])
            if provider not in {None, entry["provider"]} or route not in {None, entry["route"]}:
                continue
            if len(found) == limit:
                return found, int(found[-1]["seq"])
            found.append(entry)
        return found, None

    def clear(self) -> None:
        """Forget everything written so far."""
        self._lines.clear()
        self._file.close()
        self._file = self._path.open("wb")

    def close(self) -> None:
        """Write out what is buffered."""
        if not self._file.closed:
            self._file.close()

    def _flush(self) -> None:
        self._flush_planned = False
        if not self._file.closed:
            self._file.flush()
