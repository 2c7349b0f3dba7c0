"""Pictures of templates in PostgreSQL: they are few, and small."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from messaging.domain.card import Card
from messaging.storage.card_tables import card_uploads, cards


class PostgresCards:
    """`Cards` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, card: Card) -> None:
        """Keep a picture; the same again changes nothing."""
        self._session.execute(upsert(cards).values(key=card.key, content=card.content).on_conflict_do_nothing())

    def get(self, key: str) -> Card | None:
        """A picture; None for a key that is none of ours."""
        content = self._session.scalar(select(cards.c.content).where(cards.c.key == key))
        return None if content is None else Card(key, bytes(content))

    def uploaded(self, keys: Collection[str], provider: str, since: datetime) -> Mapping[str, str]:
        """The provider's keys of those pictures that were uploaded to it since then."""
        wanted = select(card_uploads).where(
            card_uploads.c.card_key.in_(keys),
            card_uploads.c.provider == provider,
            card_uploads.c.uploaded_at >= since,
        )
        return {row.card_key: row.file_key for row in self._session.execute(wanted)}

    def note_upload(self, key: str, provider: str, file_key: str, now: datetime) -> None:
        """The provider has a picture, under this key of its own."""
        fresh = upsert(card_uploads).values(card_key=key, provider=provider, file_key=file_key, uploaded_at=now)
        self._session.execute(
            fresh.on_conflict_do_update(
                index_elements=["card_key", "provider"], set_={"file_key": file_key, "uploaded_at": now}
            )
        )
