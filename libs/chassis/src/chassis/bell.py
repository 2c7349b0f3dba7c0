"""A loop's bell: rung when a consumer of the process has applied a message, for there may be work for it now."""

import threading


class Bell:
    """Wakes those who wait. A ring while nobody waits is not lost: who heard fewer rings does not wait."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._rings = 0

    @property
    def rings(self) -> int:
        """How often it was rung."""
        with self._condition:
            return self._rings

    def ring(self) -> None:
        """Wake everybody."""
        with self._condition:
            self._rings += 1
            self._condition.notify_all()

    def wait(self, heard: int, seconds: float) -> bool:
        """Wait for a ring after the first `heard`, so long at most; whether there was one."""
        with self._condition:
            return self._condition.wait_for(lambda: self._rings != heard, seconds)
