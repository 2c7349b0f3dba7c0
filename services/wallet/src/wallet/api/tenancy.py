"""Whose money a member's request is about."""

from uuid import UUID

from chassis.access import caller
from chassis.problems import NotFound


def own_company_id() -> UUID:
    """The caller's company (IDN-22). Raises `NotFound` for who has none."""
    company_id = caller().tenant_id
    if company_id is None:
        raise NotFound
    return company_id
