"""Opens what other services sealed for messaging."""

from chassis.sealing import Sealer
from contracts.ordering.dispatches import DispatchRecipient
from contracts.values import Sealed


class SealedValues:
    """`Opener` with the suite's sealing keys."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def recipient(self, sealed: Sealed[DispatchRecipient]) -> DispatchRecipient:
        """What a message needs of its recipient."""
        return self._sealer.open(sealed, DispatchRecipient)

    def text(self, sealed: Sealed[str]) -> str:
        """A sealed text."""
        return self._sealer.open_text(sealed)
