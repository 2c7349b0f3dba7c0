"""Which refusal of the domain a broken unique constraint stands for."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from psycopg.errors import UniqueViolation
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session


@contextmanager
def refusing(session: Session, refusals: Mapping[str, Exception]) -> Iterator[None]:
    """Raise the refusal of the constraint that the block breaks; constraints that are not named stay faults.

    The database decides who came first when two requests write at once.
    """
    try:
        with session.begin_nested():
            yield
    except IntegrityError as error:
        violation = error.orig
        constraint = violation.diag.constraint_name if isinstance(violation, UniqueViolation) else None
        if constraint is None or constraint not in refusals:
            raise
        raise refusals[constraint] from None
