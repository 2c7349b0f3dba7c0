"""Who looks at orders."""

from chassis.access import caller
from ordering.application.queries import Viewer
from ordering.domain.errors import MemberMayNotOrderError

MASTER = "master"


def viewer() -> Viewer:
    """The calling member. Raises `MemberMayNotOrderError` for a token without a company."""
    who = caller()
    if who.tenant_id is None:
        raise MemberMayNotOrderError
    return Viewer(who.tenant_id, who.subject_id, MASTER in who.roles)
