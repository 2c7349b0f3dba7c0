"""What can be wrong with an anniversary plan beyond what can be wrong with any order."""

from collections.abc import Mapping
from uuid import UUID

from ordering.domain.errors import OrderingError


class PlanUnknownError(OrderingError):
    """No plan of the caller has the id (ANN-07)."""


class PlanChangedError(OrderingError):
    """The plan was changed since it was looked at; carries the version that it has now."""

    def __init__(self, plan_id: UUID, version: int) -> None:
        super().__init__(f"plan {plan_id} is at {version}")
        self.plan_id = plan_id
        self.version = version


class PlanPricesChangedError(OrderingError):
    """Prices differ from those that the owner saw; carries the present ones in KRW by offer (ANN-05)."""

    def __init__(self, prices_krw: Mapping[UUID, int]) -> None:
        super().__init__("prices of a plan")
        self.prices_krw = {str(offer_id): price for offer_id, price in prices_krw.items()}


class PlanEndPastError(OrderingError):
    """The end date lies before the first day that a plan could have (ANN-04)."""


class PlansCountError(OrderingError):
    """A member has as many plans as one may have."""

    def __init__(self, plans_max: int) -> None:
        super().__init__(f"{plans_max} plans")
        self.plans_max = plans_max
