"""What a job delivered: each message with the database of its hearer as it stood before."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations

from chassis.consumer import Handled
from contracts.envelope import Envelope
from reliability_parts.contents import contents_of, difference, ids_in
from reliability_parts.houses import House
from reliability_parts.rehearsal import Snapshot, take_snapshot


@dataclass(frozen=True)
class Delivery:
    """One message and one hearer, with what the hearer's database held before."""

    queue: str
    envelope: Envelope
    before: Snapshot = field(repr=False)

    @property
    def subjects(self) -> set[str]:
        """The ids that the message touches."""
        return ids_in(self.envelope.model_dump_json(include={"data"}))

    def __str__(self) -> str:
        return f"{self.envelope.type} → {self.queue}"


@dataclass
class Record:
    """The deliveries of a job, and those whose repetition changed something."""

    deliveries: list[Delivery] = field(default_factory=list)
    not_idempotent: list[str] = field(default_factory=list)

    def deliver_twice(self, house: House, queue: str, envelope: Envelope) -> None:
        """Keep what the database holds, deliver, and deliver once more."""
        delivery = Delivery(queue, envelope, take_snapshot(house.database, house.package))
        self.deliveries.append(delivery)
        house.consumers[queue].handle(envelope)
        self.deliver_again(house, delivery)

    def deliver_again(self, house: House, delivery: Delivery) -> None:
        """Deliver what was applied before, and note whether that changed anything."""
        everything = _Everything()
        with house.database.transaction() as session:
            before = contents_of(session, house.package, everything)
        handled = house.consumers[delivery.queue].handle(delivery.envelope)
        with house.database.transaction() as session:
            after = contents_of(session, house.package, everything)
        if handled is Handled.APPLIED or before != after:
            self.not_idempotent.append(f"{delivery}: {handled}\n{difference(before, after)}")

    def pairs(self, package: str) -> list[tuple[Delivery, Delivery]]:
        """Every two messages to one service that touch the same subject, in the order of the job."""
        heard = [delivery for delivery in self.deliveries if delivery.queue.split(".", 1)[0] == package]
        return [(one, other) for one, other in combinations(heard, 2) if one.subjects & other.subjects]


class _Everything(frozenset):
    """Contains whatever is asked for."""

    def __contains__(self, _: object) -> bool:
        return True
