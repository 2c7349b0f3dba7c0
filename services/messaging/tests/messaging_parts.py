"""The worker of messaging, one turn at a time."""

from chassis.chunks import ChunkCaller
from messaging.main import loops, make_provider
from messaging.settings import Settings
from messaging.storage.unit_of_work import Transactions


class Parts:
    """The loops of the worker by name, one turn at a time."""

    def __init__(self, settings: Settings, transaction: Transactions) -> None:
        self.provider = make_provider(settings, ChunkCaller())
        self._loops = {loop.name: loop for loop in loops(settings, transaction, self.provider)}

    def turn(self, name: str) -> bool:
        """One turn of a loop."""
        return self._loops[f"messaging.{name}"].step()

    def settle(self) -> None:
        """Turn everything until nothing moves; waits for the sandbox's reports by asking for them."""
        moved = True
        while moved:
            moved = False
            for name in ("handover", "fetch", "reports", "codes", "mails"):
                moved |= self.turn(name)
