"""Development keys and passwords: made once a checkout, kept in a file that only its owner reads.

Their ids begin with `local-`, which every service refuses in production.
"""

from __future__ import annotations

import base64
import fcntl
import json
import secrets
from collections.abc import Callable
from pathlib import Path

KEY_ID = "local-1"
KEY_BYTES = 32


class DevelopmentKeys:
    """Secrets by name; one that is asked for the first time is made and kept."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def password(self, name: str) -> str:
        """A password or shared secret, fit for a URL."""
        return self._kept(f"password:{name}", lambda: secrets.token_urlsafe(24))

    def keyring(self, name: str) -> str:
        """A keyring of one 32-byte key, as the chassis reads it from a setting."""
        return self._kept(f"keyring:{name}", _new_keyring)

    def _kept(self, name: str, make: Callable[[], str]) -> str:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        # A file of its own carries the lock: the one with the keys is replaced, and a lock on it would go with it.
        with self._file.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            content = self._file.read_text(encoding="utf-8") if self._file.exists() else ""
            kept: dict[str, str] = json.loads(content) if content else {}
            if name not in kept:
                kept[name] = make()
                # Written aside and renamed: a half-written file would lose what encrypts the data.
                written = self._file.with_suffix(".new")
                written.touch(mode=0o600)
                written.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
                written.rename(self._file)
            return kept[name]


def _new_keyring() -> str:
    key = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    return json.dumps({"current": KEY_ID, "keys": {KEY_ID: key}})
