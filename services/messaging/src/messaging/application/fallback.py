"""Our own MMS after an alimtalk that surely failed, where the provider does not fall back itself (MSG-01)."""

from collections.abc import Iterable

from messaging.application.ports import MessageProvider, UnitOfWork
from messaging.domain.delivery import Delivery, DeliveryState, DeliveryStep


def is_followed(delivery: Delivery, code: str, provider: MessageProvider) -> bool:
    """Whether an MMS of ours follows an alimtalk that ended with this code."""
    return not provider.falls_back and delivery.may_fall_back and provider.merits_mms(code)


def queue_mms(changed: Iterable[Delivery], uow: UnitOfWork) -> None:
    """Queue one MMS for each alimtalk that has just fallen back.

    Its own key is stored in the very transaction that records the failure: however often the failure is reported, and
    whoever dies, there is one MMS.
    """
    fallen_back = [each for each in changed if each.state is DeliveryState.FALLEN_BACK]
    uow.deliveries.add_mms([each.mms_in_its_place(uow.new_id()) for each in fallen_back])


def withdraw_mms(arrived: Iterable[Delivery], uow: UnitOfWork) -> None:
    """Take back the MMSs of alimtalks that arrived after all.

    One that has left already takes its own course: both are said then, and the success stands.
    """
    waiting = [each for each in uow.deliveries.mms_in_place_of(list(arrived)) if each.allows(DeliveryStep.OVERTAKEN)]
    uow.deliveries.save([each.overtaken(uow.now()) for each in waiting])
