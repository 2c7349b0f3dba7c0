"""The scheduler's tables. Times are aware and UTC, always given by the business clock."""

from sqlalchemy import Column, DateTime, Index, Integer, MetaData, Table, Text, UniqueConstraint, Uuid

from chassis.tables import NAMING_CONVENTION

metadata = MetaData(naming_convention=NAMING_CONVENTION)

timers = Table(
    "timers",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("asker", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False),
    Column("fired_at", DateTime(timezone=True)),
    UniqueConstraint("asker", "key"),
)
Index("timers_waiting", timers.c.due_at, timers.c.id, postgresql_where=timers.c.state == "waiting")
Index("timers_by_due_time", timers.c.due_at, timers.c.id)
Index("timers_by_key", timers.c.key, postgresql_ops={"key": "text_pattern_ops"})

calendars = Table(
    "calendars",
    metadata,
    Column("name", Text, primary_key=True),
    Column("last_at", DateTime(timezone=True), nullable=False, comment="the last of its moments that was said"),
)
