"""Messages as a person may see them: sealed values masked, personal ones dropped."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from chassis.personal import without_personal
from contracts.envelope import Envelope
from contracts.values import Sealed

MASK = "**********"

_SEALED_FIELDS = frozenset(Sealed.model_fields)


def shown(body: str | bytes) -> dict[str, Any] | None:
    """The envelope of a message with the values in it masked; None when it cannot be read."""
    try:
        envelope = Envelope.model_validate_json(body)
    except ValidationError:
        return None
    members = envelope.model_dump(mode="json")
    return members | {"data": without_personal(_without_sealed(envelope.data))}


def _without_sealed(value: Any) -> Any:
    if isinstance(value, Mapping):
        if value.keys() == _SEALED_FIELDS:
            return MASK
        return {name: _without_sealed(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_without_sealed(inner) for inner in value]
    return value
