"""An operator's act on the plumbing goes into the audit log like any other (IDN-24)."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from chassis.access import caller
from chassis.clock import Clock
from chassis.outbox import Outbox
from contracts.audit import Act


@dataclass(frozen=True)
class OperatorActs:
    """Says what operators do with the plumbing of the service `producer`."""

    producer: str
    clock: Clock

    def say(self, session: Session, act: Act) -> None:
        """Say, in the act's own transaction, that the calling operator acted."""
        Outbox(session, producer=self.producer, clock=self.clock).add_act(caller().subject_id, act)
