"""Sender profiles in PostgreSQL."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from chassis.clock import Clock
from chassis.database import Database, UnitOfWorkFactory
from chassis.ids import new_id
from messaging.domain.sender_profile import ProfileState, SenderProfile, SenderProfiles
from messaging.domain.sender_profile_errors import SenderProfileTaken
from messaging.storage.sender_profile_tables import sender_profile_uses, sender_profiles


class PostgresSenderProfiles:
    """`StoredProfiles` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_company(self, company_id: UUID) -> SenderProfiles:
        """The company's profiles in their order."""
        rows = self._session.execute(
            select(sender_profiles)
            .where(sender_profiles.c.company_id == company_id)
            .order_by(sender_profiles.c.position, sender_profiles.c.id)
        )
        return SenderProfiles(company_id, tuple(_profile(row) for row in rows))

    def of_company_for_update(self, company_id: UUID) -> SenderProfiles:
        """The same; other changes of them wait until the transaction ends."""
        self._session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(company_id), 1))))
        return self.of_company(company_id)

    def save(self, before: SenderProfiles, after: SenderProfiles) -> None:
        """Store the difference. Raises `SenderProfileTaken` for a channel that another company registered."""
        known = {profile.id: profile for profile in before.profiles}
        kept = {profile.id for profile in after.profiles}
        gone = [profile_id for profile_id in known if profile_id not in kept]
        if gone:
            self._session.execute(delete(sender_profiles).where(sender_profiles.c.id.in_(gone)))
        for profile in after.profiles:
            if profile.id not in known:
                self._add(profile)
            elif known[profile.id] != profile:
                self._session.execute(
                    update(sender_profiles).where(sender_profiles.c.id == profile.id).values(position=profile.position)
                )

    def _add(self, profile: SenderProfile) -> None:
        fresh = upsert(sender_profiles).values(**asdict(profile), checked_at=profile.registered_at)
        stored = fresh.on_conflict_do_nothing(index_elements=["sender_key"]).returning(sender_profiles.c.id)
        if self._session.execute(stored).first() is None:
            raise SenderProfileTaken(profile.search_id)

    def claim_unchecked(self, every: timedelta, now: datetime) -> SenderProfile | None:
        """A profile whose state was not looked at for so long; noted as looked at now."""
        due = (
            select(sender_profiles.c.id)
            .where(sender_profiles.c.checked_at <= now - every)
            .order_by(sender_profiles.c.checked_at)
            .limit(1)
            .with_for_update(skip_locked=True)
            .cte("due")
        )
        row = self._session.execute(
            update(sender_profiles)
            .where(sender_profiles.c.id == due.c.id)
            .values(checked_at=now)
            .returning(sender_profiles)
        ).one_or_none()
        return _profile(row) if row is not None else None

    def note_state(self, profile_id: UUID, state: ProfileState) -> None:
        """Store how a profile stands."""
        self._session.execute(
            update(sender_profiles).where(sender_profiles.c.id == profile_id).values(state=state.value)
        )

    def uses(self, company_id: UUID) -> Mapping[UUID, int]:
        """How many scheduled orders and active anniversaries use each profile, as ordering said last."""
        rows = self._session.execute(select(sender_profile_uses).where(sender_profile_uses.c.company_id == company_id))
        return {row.profile_id: row.uses for row in rows}

    def note_uses(self, profile_id: UUID, company_id: UUID, uses: int, version: int) -> None:
        """Keep what ordering says, unless something newer is known."""
        fresh = upsert(sender_profile_uses).values(
            profile_id=profile_id, company_id=company_id, uses=uses, version=version
        )
        self._session.execute(
            fresh.on_conflict_do_update(
                index_elements=["company_id", "profile_id"],
                set_={"uses": uses, "version": version},
                where=sender_profile_uses.c.version < version,
            )
        )


class PostgresSenderProfileWork:
    """`SenderProfileWork` over a session; whoever opened the session commits."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self.profiles = PostgresSenderProfiles(session)
        self._clock = clock

    def now(self) -> datetime:
        """The business clock, aware and UTC."""
        return self._clock.now()

    def new_id(self) -> UUID:
        """A fresh id."""
        return new_id()


class SenderProfileTransactions(UnitOfWorkFactory[PostgresSenderProfileWork]):
    """Opens transactions on sender profiles."""

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__(database, lambda session: PostgresSenderProfileWork(session, clock))


def _profile(row: Row[Any]) -> SenderProfile:
    return SenderProfile(
        id=row.id,
        company_id=row.company_id,
        search_id=row.search_id,
        sender_key=row.sender_key,
        category_code=row.category_code,
        state=ProfileState(row.state),
        position=row.position,
        registered_at=row.registered_at,
    )
