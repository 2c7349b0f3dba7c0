"""What the clock ends: an application that was never submitted (SCH-01)."""

from dataclasses import dataclass
from uuid import UUID

from identity.application.ports import UnitOfWork


@dataclass(frozen=True)
class ExpireSignUp:
    """An application's timer fired."""

    sign_up_id: UUID


def expire_sign_up(command: ExpireSignUp, uow: UnitOfWork) -> None:
    """End the draft and forget who it came from, its certificate too; one that was submitted stays as it is."""
    sign_up = uow.sign_ups.get_for_update(command.sign_up_id)
    if sign_up is None:
        return
    expired = sign_up.expire(uow.now())
    if expired is sign_up:
        return
    if sign_up.certificate is not None:
        uow.discarded_files.add(sign_up.certificate.file_key, uow.now())
    uow.sign_ups.save(expired)
