"""What the vendors remember: tables in memory, each change written to an append-only file before the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Generic, TypeVar

import orjson

Json = dict[str, Any]
Record = TypeVar("Record")


class Store:
    """An append-only file of JSON lines `[table, key, value]`; the last line of a key is the one that counts.

    Each line is handed to the operating system before the vendor answers, so that a killed sandbox forgets no
    accepted work; it is not forced to the disk.
    """

    def __init__(self, data_dir: Path) -> None:
        data_dir.mkdir(parents=True, exist_ok=True)
        self._path = data_dir / "state.jsonl"
        self._loaded: dict[str, dict[str, Any]] = {}
        self._tables: list[Table[Any]] = []
        self._read()
        self._rewrite()
        self._file = self._path.open("ab", buffering=0)

    def load(self, table: Table[Any]) -> dict[str, Any]:
        """The values of a table as they were when the process started; the table takes part in resets."""
        self._tables.append(table)
        return self._loaded.pop(table.name, {})

    def write(self, table: str, key: str, value: object) -> None:
        """Append one value; None is a removal."""
        self._file.write(orjson.dumps([table, key, value], option=orjson.OPT_APPEND_NEWLINE))

    def clear(self, keep: frozenset[str] = frozenset()) -> None:
        """Empty every table but those named."""
        for table in self._tables:
            if table.name not in keep:
                table.clear()

    def close(self) -> None:
        """Close the file; nothing is pending."""
        self._file.close()

    def _read(self) -> None:
        if not self._path.exists():
            return
        with self._path.open("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    break  # The process died inside a write: that call was never answered.
                table, key, value = orjson.loads(line)
                rows = self._loaded.setdefault(table, {})
                rows.pop(key, None)
                if value is not None:
                    rows[key] = value

    def _rewrite(self) -> None:
        """Leave only the values that count, so that the file does not grow for ever."""
        fresh = self._path.with_suffix(".new")
        with fresh.open("wb") as out:
            for table, rows in self._loaded.items():
                for key, value in rows.items():
                    out.write(orjson.dumps([table, key, value], option=orjson.OPT_APPEND_NEWLINE))
        fresh.replace(self._path)


class Table(Generic[Record]):
    """Records of one kind by key, in the order in which they were first put."""

    def __init__(self, store: Store, name: str, revive: Callable[[Any], Record]) -> None:
        self.name = name
        self._store = store
        self._rows: dict[str, Record] = {key: revive(value) for key, value in store.load(self).items()}

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Record]:
        return iter(self._rows.values())

    def __contains__(self, key: str) -> bool:
        return key in self._rows

    def get(self, key: str) -> Record | None:
        """The record of this key, or None."""
        return self._rows.get(key)

    def by_key(self) -> dict[str, Record]:
        """Records by their keys, a copy."""
        return dict(self._rows)

    def put(self, key: str, record: Record) -> None:
        """Remember this record under the key, in place of what was there."""
        self._rows[key] = record
        self._store.write(self.name, key, record)

    def drop(self, key: str) -> None:
        """Forget the key, if it is there."""
        if self._rows.pop(key, None) is not None:
            self._store.write(self.name, key, None)

    def clear(self) -> None:
        """Forget everything."""
        for key in list(self._rows):
            self.drop(key)
