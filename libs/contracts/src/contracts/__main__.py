"""`python -m contracts write|check`: the committed schemas, the AsyncAPI document and the event catalogue."""

import json
import sys
from pathlib import Path

from contracts.compatibility import breaking_changes
from contracts.documents import as_text, asyncapi, event_catalogue, json_schemas

ROOT = Path(__file__).resolve().parents[4]
SCHEMAS = ROOT / "libs/contracts/schemas"
ASYNCAPI = ROOT / "docs/asyncapi.json"
CATALOGUE = ROOT / "docs/events.md"


def documents() -> dict[Path, str]:
    """Every generated file with the text that it should have."""
    texts = {SCHEMAS / f"{name}.json": as_text(schema) for name, schema in json_schemas().items()}
    return {**texts, ASYNCAPI: as_text(asyncapi()), CATALOGUE: event_catalogue()}


def incompatible() -> list[str]:
    """What the models of this tree would break against the committed snapshots."""
    found = []
    for name, schema in json_schemas().items():
        snapshot = SCHEMAS / f"{name}.json"
        if snapshot.exists():
            found += [f"{name} {change}" for change in breaking_changes(json.loads(snapshot.read_text()), schema)]
    gone = {path.stem for path in SCHEMAS.glob("*.json")} - json_schemas().keys()
    return found + [f"{name} would go" for name in sorted(gone)]


def stale() -> list[Path]:
    """Generated files that differ from what the models say."""
    return [path for path, text in documents().items() if not path.exists() or path.read_text() != text]


def main(arguments: list[str]) -> int:
    """Write the documents, or check that they are written and that nothing breaks; the exit code."""
    if arguments not in (["write"], ["check"]):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    broken = incompatible()
    if broken:
        sys.stderr.write("Within a version a message only grows; give the changed one a new version:\n")
        sys.stderr.writelines(f"  {line}\n" for line in broken)
        return 1
    if arguments == ["check"]:
        late = stale()
        sys.stderr.writelines(f"stale: {path.relative_to(ROOT)}; run ./coupbiz docs\n" for path in late)
        return 1 if late else 0
    for path, text in documents().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
