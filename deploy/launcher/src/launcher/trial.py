"""A temporary suite with its people's side: addresses and an operator, as the journeys of tests want it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from launcher.demo import Places
from launcher.showcase.operator import operator_of
from launcher.suite import Suite
from launcher.temporary import RunningSuite, temporary_suite


@dataclass(frozen=True)
class Trial:
    """A running suite of a test."""

    running: RunningSuite

    @property
    def suite(self) -> Suite:
        """Its addresses, keys and data."""
        return self.running.suite

    @property
    def places(self) -> Places:
        """Where it is, and who its operator is."""
        suite = self.suite
        return Places(suite.gateway_url, suite.sandbox_url, operator_of(suite), suite.postgres_url)

    @contextmanager
    def held_down(self, *names: str) -> Iterator[None]:
        """Processes that are down for the length of the block; they answer again when it is over."""
        for name in names:
            self.running.hold_down(name)
        try:
            yield
        finally:
            for name in names:
                self.running.let_up(name)


@contextmanager
def trial_suite(say: Callable[[str], None], *, extra: Mapping[str, Mapping[str, str]] | None = None) -> Iterator[Trial]:
    """A suite from nothing; `extra` adds lines to the environment of a process, by its name."""
    with temporary_suite(say=say, extra=extra) as running:
        yield Trial(running)
