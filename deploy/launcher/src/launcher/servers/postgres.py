"""A private PostgreSQL: own data, own port, loopback only."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from launcher.account import Account
from launcher.process import ProcessSpec, base_environment
from launcher.words import LauncherError

BINARIES = Path("/usr/lib/postgresql")
SUPERUSER = "postgres"
PORT = 5432  # The standard one: inside containers only.
CONNECTIONS_MAX = 300
CONNECT_TIMEOUT_SECONDS = 3
HANGUL_WORD = "상품권"

# The suite's own choices; everything else is the server's default.
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # A socket's path may hold 107 bytes, a checkout's more.
    "max_connections": str(CONNECTIONS_MAX),
    "dynamic_shared_memory_type": "mmap",  # /dev/shm has 64 MB in a container, or is absent.
    "timezone": "UTC",
    "log_timezone": "UTC",
}
UNSAFE_BUT_QUICK: Mapping[str, str] = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True, slots=True)
class PrivatePostgres:
    """Where a private server lives. `durable=False` is for tests: quick, and lost with the machine's power."""

    home: Path
    port: int
    password: str = field(repr=False)
    log: Path
    account: Account | None = None
    durable: bool = True

    @property
    def url(self) -> str:
        """The superuser's URL of the database `postgres`. It holds the password: print it nowhere."""
        return f"postgresql://{SUPERUSER}:{self.password}@127.0.0.1:{self.port}/postgres"

    @property
    def data(self) -> Path:
        """The cluster's data directory."""
        return self.home / "data"

    def prepare(self) -> None:
        """Make the cluster (UTF-8, locale C.UTF-8) unless it is there. Raises LauncherError."""
        if (self.data / "PG_VERSION").exists():
            return
        self.home.mkdir(parents=True, exist_ok=True)
        if self.account:
            self.account.own(self.home)
        # Made aside and renamed when whole, so that an interrupted first start leaves nothing half done.
        unfinished = self.home / "unfinished"
        password_file = self.home / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(self.password, encoding="utf-8")
        if self.account:
            self.account.own(password_file)
        self._run("rm", "-rf", str(unfinished))
        try:
            locale = ("--encoding=UTF8", "--locale=C.UTF-8")
            access = (f"--username={SUPERUSER}", f"--pwfile={password_file}", "--auth=scram-sha-256")
            quick = () if self.durable else ("--no-sync",)
            self._run(str(newest_binaries() / "initdb"), f"--pgdata={unfinished}", *access, *locale, *quick)
        finally:
            password_file.unlink()
        unfinished.rename(self.data)

    def spec(self) -> ProcessSpec:
        """How the server is started and stopped (SIGINT: open transactions are rolled back, nothing waits)."""
        version = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        server = BINARIES / version / "bin" / "postgres"
        if not server.exists():
            raise LauncherError(
                f"The data in {self.home} were written by PostgreSQL {version}, which is no longer installed.\n"
                f"Install it again (apt-get install postgresql-{version}), or forget the data: ./coupbiz reset"
            )
        settings = {**SETTINGS, "port": str(self.port), **({} if self.durable else UNSAFE_BUT_QUICK)}
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return ProcessSpec(
            name="postgres",
            argv=(str(server), "-D", str(self.data), *arguments),
            environment=base_environment(),
            directory=self.home,
            log=self.log,
            account=self.account,
            stop_signal=signal.SIGINT,
            ready=lambda: answers(self.url),
        )

    def _run(self, *argv: str) -> None:
        account = self.account
        done = subprocess.run(
            argv,
            cwd=self.home,
            env=base_environment(),
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise LauncherError(f"{Path(argv[0]).name} failed: {done.stderr.strip() or done.stdout.strip()}")


def newest_binaries() -> Path:
    """The folder of the newest installed server's programs. Raises LauncherError when there is none."""
    found = [path.parent for path in BINARIES.glob("*/bin/postgres")]
    if not found:
        raise LauncherError("No PostgreSQL server is installed: apt-get install --no-install-recommends postgresql")
    return max(found, key=lambda path: float(path.parent.name))


def answers(url: str) -> bool:
    """Whether a server answers at `url`."""
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_TIMEOUT_SECONDS):
            return True
    except psycopg.OperationalError:
        return False


def check_hangul_search(url: str) -> None:
    """Ask pg_trgm of a Hangul word: under a plain C locale it finds no letters there, and every search is empty.

    Nothing is left behind. Raises LauncherError when the server cannot serve the suite.
    """
    with psycopg.connect(url, connect_timeout=CONNECT_TIMEOUT_SECONDS) as connection:
        try:
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            row = connection.execute("SELECT cardinality(show_trgm(%s))", (HANGUL_WORD,)).fetchone()
        except psycopg.Error as failure:
            raise LauncherError(f"PostgreSQL has no pg_trgm, which Debian's package has: {failure}") from failure
        finally:
            connection.rollback()
    if row is None or row[0] == 0:
        raise LauncherError(
            "This PostgreSQL finds no letters in a Hangul word, so that no search would find anything.\n"
            "Its databases need a UTF-8 locale: initdb --encoding=UTF8 --locale=C.UTF-8"
        )
