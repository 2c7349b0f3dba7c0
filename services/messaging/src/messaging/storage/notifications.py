"""Members' choices, alimtalks on their way, and one transaction on both."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from chassis.clock import Clock
from chassis.database import Database, UnitOfWorkFactory
from messaging.domain.code import PostState
from messaging.domain.notice import Notice
from messaging.domain.notification import DEFAULTS, NotificationChoice, NotificationKind
from messaging.storage.addressees import PostgresAddressees
from messaging.storage.codes import IN_FLIGHT
from messaging.storage.mails import PostgresMails
from messaging.storage.notification_tables import notices, notification_choices


class PostgresChoices:
    """`Choices` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, member_id: UUID) -> Mapping[NotificationKind, NotificationChoice]:
        """Every kind's choice; the default where the member chose nothing."""
        chosen = select(notification_choices).where(notification_choices.c.member_id == member_id)
        found = {NotificationKind(row.kind): row for row in self._session.execute(chosen)}
        return {**DEFAULTS, **{kind: NotificationChoice(kind, row.mail, row.alimtalk) for kind, row in found.items()}}

    def put(self, member_id: UUID, choices: Sequence[NotificationChoice], now: datetime) -> None:
        """Keep these in place of what was chosen of the same kinds."""
        # In one order everywhere, so that two requests of one member wait for each other instead of failing.
        for choice in sorted(choices, key=lambda choice: choice.kind):
            fresh = upsert(notification_choices).values(
                member_id=member_id,
                kind=choice.kind.value,
                mail=choice.mail,
                alimtalk=choice.alimtalk,
                chosen_at=now,
            )
            chosen = {name: fresh.excluded[name] for name in ("mail", "alimtalk", "chosen_at")}
            self._session.execute(fresh.on_conflict_do_update(index_elements=["member_id", "kind"], set_=chosen))


class PostgresNotices:
    """`Notices` in the transaction of a session."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def add(self, notice: Notice, held_until: datetime | None) -> bool:
        """Queue a notice, to go at once unless held; False when it is there already."""
        fresh = upsert(notices).values(
            id=notice.id,
            to=notice.to,
            provider_code=notice.provider_code,
            title=notice.title,
            body=notice.body,
            text=notice.text,
            state=PostState.QUEUED.value,
            reason="",
            next_try_at=held_until or self._clock.now(),
        )
        return self._session.execute(fresh.on_conflict_do_nothing().returning(notices.c.id)).first() is not None

    def claim(self, rows_max: int, now: datetime) -> Sequence[Notice]:
        """Queued notices that are due, noted as sent so that each leaves at most once."""
        due = (
            select(notices.c.id)
            .where(notices.c.state == PostState.QUEUED.value, notices.c.next_try_at <= now)
            .order_by(notices.c.next_try_at, notices.c.id)
            .limit(rows_max)
            .with_for_update(skip_locked=True)
            .cte("due")
        )
        claimed = (
            update(notices)
            .where(notices.c.id == due.c.id)
            .values(state=PostState.SENT.value, reason=IN_FLIGHT)
            .returning(notices)
        )
        return [
            Notice(row.id, row.to, row.provider_code, row.title, row.body, row.text)
            for row in self._session.execute(claimed)
        ]

    def settle(self, notice_id: UUID, state: PostState, reason: str) -> None:
        """Note the end and forget text and target."""
        self._set(notice_id, state=state.value, reason=reason, to=None, text=None, settled_at=self._clock.now())

    def postpone(self, notice_id: UUID, reason: str, next_try_at: datetime) -> None:
        """Queue a notice again that surely did not leave."""
        self._set(notice_id, state=PostState.QUEUED.value, reason=reason, next_try_at=next_try_at)

    def _set(self, notice_id: UUID, **values: Any) -> None:
        self._session.execute(update(notices).where(notices.c.id == notice_id).values(**values))


class PostgresNotificationWork:
    """`NotificationWork` over a session; whoever opened the session commits."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self.addressees = PostgresAddressees(session)
        self.choices = PostgresChoices(session)
        self.mails = PostgresMails(session, clock)
        self.notices = PostgresNotices(session, clock)
        self._clock = clock

    def now(self) -> datetime:
        """The business clock, aware and UTC."""
        return self._clock.now()


class NotificationTransactions(UnitOfWorkFactory[PostgresNotificationWork]):
    """Opens transactions on notifications."""

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__(database, lambda session: PostgresNotificationWork(session, clock))
