"""The pages' own style, script and icon, under addresses that change with their content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "assets"
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
DIGEST_CHARACTERS = 12


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file, as it is served."""

    content: bytes
    media_type: str
    digest: str


class StaticFiles:
    """All files, read once."""

    def __init__(self) -> None:
        self._files = {path.name: _read(path) for path in sorted(FOLDER.iterdir()) if path.suffix in MEDIA_TYPES}

    def address(self, name: str) -> str:
        """Where browsers find a file. Raises KeyError."""
        return f"/c/assets/{self._files[name].digest}/{name}"

    def find(self, digest: str, name: str) -> StaticFile | None:
        """The file of an address; None for one that changed since, or never was."""
        found = self._files.get(name)
        return found if found is not None and found.digest == digest else None


def _read(path: Path) -> StaticFile:
    content = path.read_bytes()
    return StaticFile(content, MEDIA_TYPES[path.suffix], hashlib.sha256(content).hexdigest()[:DIGEST_CHARACTERS])
