"""Handing messages to the provider: claimed in one transaction, called outside any, recorded in another."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from messaging.application.fallback import is_followed, queue_mms
from messaging.application.ports import (
    Accepted,
    HandOver,
    Later,
    Lost,
    MessageProvider,
    Outgoing,
    Refused,
    Transaction,
    UnitOfWork,
)
from messaging.application.reporting import say_reports
from messaging.domain.delivery import Channel, Delivery, DeliveryRules


class HandOverDeliveries:
    """One portion of the loop that hands messages of one channel to the provider."""

    def __init__(
        self,
        transaction: Transaction,
        provider: MessageProvider,
        rules: DeliveryRules,
        *,
        sent_as: Channel,
        rows_max: int,
        lease: timedelta,
        crash_point: Callable[[str], None],
    ) -> None:
        self._transaction = transaction
        self._provider = provider
        self._rules = rules
        self._sent_as = sent_as
        self._rows_max = rows_max
        self._lease = lease
        self._crash_point = crash_point

    def __call__(self) -> bool:
        """Hand over what is due; whether there was anything.

        A worker that dies between claim and record leaves the delivery claimed until its lease ends; then it is in
        doubt and waits for its report, and is never handed over again (MSG-02).
        """
        with self._transaction() as uow:
            outgoing = uow.deliveries.claim(self._rows_max, self._lease, uow.now(), self._sent_as)
        if not outgoing:
            return False
        self._crash_point("after_claim")
        outgoing = self._with_pictures(outgoing)
        outcomes = self._provider.send(outgoing)
        self._crash_point("after_call")
        with self._transaction() as uow:
            self._record(outgoing, outcomes, uow)
        self._crash_point("after_record")
        return True

    def _with_pictures(self, outgoing: Sequence[Outgoing]) -> Sequence[Outgoing]:
        """The same, each with its card under the provider's key, uploaded once in a while.

        A picture that the provider does not take now holds no message back: it goes without.
        """
        if self._sent_as is Channel.ALIMTALK and not self._provider.falls_back:
            return outgoing  # An alimtalk alone carries none.
        wanted = {each.template.card_key for each in outgoing if each.template.card_key}
        if not wanted:
            return outgoing
        with self._transaction() as uow:
            since = uow.now() - self._rules.upload_kept
            keys = dict(uow.cards.uploaded(wanted, self._provider.name, since))
            missing = [card for key in sorted(wanted - keys.keys()) if (card := uow.cards.get(key)) is not None]
        for card in missing:
            file_key = self._provider.upload(card.content)
            if file_key is not None:
                keys[card.key] = file_key
                with self._transaction() as uow:
                    uow.cards.note_upload(card.key, self._provider.name, file_key, uow.now())
        return [replace(each, picture=keys.get(each.template.card_key, "")) for each in outgoing]

    def _record(self, outgoing: Sequence[Outgoing], outcomes: Sequence[HandOver], uow: UnitOfWork) -> None:
        # A report may have overtaken this record: what it said stands.
        still = uow.deliveries.lock_handing_over([each.delivery.id for each in outgoing])
        changed = [
            self._after(each.delivery, outcome, uow)
            for each, outcome in zip(outgoing, outcomes, strict=True)
            if each.delivery.id in still
        ]
        uow.deliveries.save(changed)
        queue_mms(changed, uow)
        say_reports(changed, uow)

    def _after(self, delivery: Delivery, outcome: HandOver, uow: UnitOfWork) -> Delivery:
        now = uow.now()
        match outcome:
            case Accepted(key=key):
                return delivery.accepted(now, key)
            case Refused(code=code) if is_followed(delivery, code, self._provider):
                return delivery.fallen_back(code, now)
            case Refused(code=code):
                return delivery.refused(code, now)
            case Later(code=code):
                return delivery.not_sent(code, self._rules.next_try_at(delivery.tries, now))
            case Lost(code=code):
                return delivery.lost(code, now)
