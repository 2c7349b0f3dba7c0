"""What a job cost the suite: peak memory and CPU time of each process, events published, SQL statements."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from launcher.audit import Database, database_url
from launcher.services import SANDBOX, SERVICES, WITH_DATABASE
from launcher.temporary import RunningSuite

SERVERS = ("postgres", "rabbitmq")
PROC = Path("/proc")
FORGET_PEAK = "5"
KIB_PER_MIB = 1024
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
USER_TICKS, SYSTEM_TICKS = 11, 12
"""Places in /proc/PID/stat behind the program's name."""


@dataclass(frozen=True)
class Usage:
    """What was used between the beginning and the end of a block."""

    peak_mib: dict[str, float] = field(default_factory=dict)
    cpu_seconds: dict[str, float] = field(default_factory=dict)
    """Of processes that lived from beginning to end; other work on the machine hardly changes it."""
    counted: dict[str, int] = field(default_factory=dict)

    @property
    def services_mib(self) -> Mapping[str, float]:
        """The services' own processes."""
        return {name: mib for name, mib in self.peak_mib.items() if name not in {*SERVERS, SANDBOX}}


class Meter:
    """Reads a running suite's meters."""

    def __init__(self, running: RunningSuite) -> None:
        self._running = running
        self._postgres_url = running.suite.postgres_url
        names = [f"{service.package}-{role}" for service in SERVICES for role in service.roles]
        self._names = (*names, SANDBOX, *SERVERS)

    def prepare(self) -> None:
        """Have PostgreSQL count statements; it is started anew for that."""
        with psycopg.connect(self._postgres_url, autocommit=True) as server:
            server.execute("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'")
        self._running.restart_with("postgres", {})
        with psycopg.connect(self._postgres_url, autocommit=True) as server:
            server.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")

    @contextmanager
    def metered(self) -> Iterator[Usage]:
        """What the block uses, filled in at its end."""
        usage = Usage()
        before = self._counted()
        cpu_before = {name: self._cpu_seconds(name) for name in self._names}
        for name in self._names:
            for pid in self._tree(name):
                with suppress(FileNotFoundError, ProcessLookupError):
                    (PROC / str(pid) / "clear_refs").write_text(FORGET_PEAK, encoding="ascii")
        yield usage
        for name in self._names:
            usage.peak_mib[name] = max(_peak_mib(pid) for pid in self._tree(name))
            usage.cpu_seconds[name] = self._cpu_seconds(name) - cpu_before[name]
        usage.counted.update({name: after - before[name] for name, after in self._counted().items()})

    def _counted(self) -> dict[str, int]:
        names = ", ".join(f"'{package}'" for package in WITH_DATABASE)
        calls = Database(self._postgres_url).count(
            "SELECT sum(s.calls) FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid"  # noqa: S608 - ours
            f" WHERE d.datname IN ({names})"
        )
        said = sum(
            Database(database_url(self._postgres_url, package)).count(
                "SELECT coalesce(last_value, 0) FROM pg_sequences WHERE sequencename = 'outbox_seq_seq'"
            )
            for package in WITH_DATABASE
        )
        return {"events": said, "statements": calls}

    def _cpu_seconds(self, name: str) -> float:
        return sum(_cpu_seconds(pid) for pid in self._tree(name))

    def _tree(self, name: str) -> list[int]:
        root = self._running.process(name).pid
        if root is None:
            raise SystemExit(f"{name} does not run")
        found = [root]
        for pid in found:
            found += _children(pid)
        return found


def _children(pid: int) -> list[int]:
    children: list[int] = []
    with suppress(FileNotFoundError, ProcessLookupError):  # Servers' processes come and go.
        for task in (PROC / str(pid) / "task").iterdir():
            children += map(int, (task / "children").read_text(encoding="ascii").split())
    return children


def _cpu_seconds(pid: int) -> float:
    try:
        stat = (PROC / str(pid) / "stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    behind_the_name = stat.rpartition(")")[2].split()
    return (int(behind_the_name[USER_TICKS]) + int(behind_the_name[SYSTEM_TICKS])) / TICKS_PER_SECOND


def _peak_mib(pid: int) -> float:
    """The most memory that the process has had; nothing when it is gone."""
    try:
        lines = (PROC / str(pid) / "status").read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return next((int(line.split()[1]) / KIB_PER_MIB for line in lines if line.startswith("VmHWM")), 0.0)
