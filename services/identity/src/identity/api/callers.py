"""Whose data a member's request may touch: the company of the token, never one that the request names (IDN-22)."""

from uuid import UUID

from chassis.access import caller
from chassis.problems import Forbidden


def own_company() -> UUID:
    """The caller's company. Raises `Forbidden` for a token without one."""
    company_id = caller().tenant_id
    if company_id is None:
        raise Forbidden
    return company_id
