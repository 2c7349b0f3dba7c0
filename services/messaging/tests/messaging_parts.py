"""The worker of messaging, one turn at a time."""

from chassis.chunks import ChunkCaller
from chassis.clock import Clock, SystemClock
from chassis.database import Database
from messaging.main import loops, make_provider
from messaging.settings import Settings


class Parts:
    """The loops of the worker by name, one turn at a time."""

    def __init__(self, settings: Settings, database: Database, clock: Clock) -> None:
        self.provider = make_provider(settings, ChunkCaller(), SystemClock())
        self._loops = {loop.name: loop for loop in loops(settings, database, clock, self.provider)}

    def turn(self, name: str) -> bool:
        """One turn of a loop."""
        return self._loops[f"messaging.{name}"].step()

    def settle(self) -> None:
        """Turn everything until nothing moves; waits for the sandbox's reports by asking for them."""
        moved = True
        while moved:
            moved = False
            for name in ("handover", "fetch", "reports", "fallback", "codes", "code_mails", "mails", "telling"):
                moved |= self.turn(name)
