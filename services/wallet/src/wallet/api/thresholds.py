"""The master's threshold: below it the company is told that its money runs low."""

from typing import Annotated

from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, Field

from chassis.access import members
from wallet.api.tenancy import own_company_id
from wallet.application.ports import Transactions
from wallet.application.watching import ChooseThreshold, choose_threshold

THRESHOLD_MAX_KRW = 1_000_000_000_000


class ThresholdChoice(BaseModel):
    """Of the balance, or of what is left of a postpaid company's monthly limit."""

    threshold_krw: Annotated[
        int | None, Field(strict=True, ge=1, le=THRESHOLD_MAX_KRW, description="whole KRW; null: no notice")
    ]


class ThresholdView(BaseModel):
    """`is_low`: the company was told, and there is less than that still."""

    threshold_krw: int | None
    is_low: bool


def thresholds_blueprint(transactions: Transactions) -> APIBlueprint:
    """The routes of /v1/wallet/threshold, for masters."""
    blueprint = APIBlueprint("thresholds", __name__, abp_tags=[Tag(name="wallet")])

    def shown() -> ThresholdView:
        with transactions() as uow:
            threshold = uow.watches.threshold(own_company_id())
        if threshold is None:
            return ThresholdView(threshold_krw=None, is_low=False)
        return ThresholdView(threshold_krw=threshold.threshold_krw, is_low=threshold.is_low)

    @blueprint.get("/v1/wallet/threshold", responses={200: ThresholdView})
    @members(roles={"master"})
    def read_threshold() -> ThresholdView:
        """What was chosen."""
        return shown()

    @blueprint.put("/v1/wallet/threshold", responses={200: ThresholdView})
    @members(roles={"master"})
    def put_threshold(body: ThresholdChoice) -> ThresholdView:
        """Choose anew; when there is less than that already, the company is told at once."""
        with transactions() as uow:
            choose_threshold(ChooseThreshold(own_company_id(), body.threshold_krw), uow)
        return shown()

    return blueprint
