"""One example of each message: the publisher's tests and the consumers' tests read the same file."""

import json
from importlib.resources import files
from typing import Any


def example(wire_name: str) -> dict[str, Any]:
    """The example body of a message by its wire name. Raises `FileNotFoundError` for one that has none."""
    text = files(__name__).joinpath(f"{wire_name}.json").read_text(encoding="utf-8")
    body: dict[str, Any] = json.loads(text)
    return body
