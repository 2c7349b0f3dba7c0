"""An operator's act on the plumbing goes into the audit log too (IDN-24)."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from chassis.access import caller
from chassis.dead_letters_admin import SayActed
from identity.application import messages
from identity.application.ports import UnitOfWork


def say_acted(in_session: Callable[[Session], UnitOfWork]) -> SayActed:
    """What the plumbing's views call inside their own transaction."""

    def say(session: Session, action: str, target: str) -> None:
        uow = in_session(session)
        uow.outbox.add(
            messages.operator_acted(
                act_id=uow.new_id(),
                operator_id=caller().subject_id,
                action=action,
                target=("dead_letter", target),
                at=uow.now(),
            )
        )

    return say
