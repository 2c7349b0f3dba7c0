"""An operator's act on the plumbing goes into the audit log like any other (IDN-24)."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from chassis.access import caller
from chassis.clock import Clock
from chassis.ids import new_id
from chassis.outbox import Outbox
from contracts.audit import OperatorActed


@dataclass(frozen=True)
class OperatorActs:
    """Says what operators do with the plumbing of the service `producer`."""

    producer: str
    clock: Clock

    def say(self, session: Session, action: str, *, target_kind: str, target_id: str) -> None:
        """Say, in the act's own transaction, that the calling operator acted."""
        acted = OperatorActed(
            act_id=new_id(),
            service=self.producer,
            operator_id=caller().subject_id,
            action=action,
            target_kind=target_kind,
            target_id=target_id,
            acted_at=self.clock.now(),
        )
        Outbox(session, producer=self.producer, clock=self.clock).add(acted)
