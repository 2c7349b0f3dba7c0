"""Where the message provider pushes its reports: stored as they come, answered, understood later (MSG-01)."""

import hmac
from typing import Any

from flask import request
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field, SecretStr

from chassis.access import public
from chassis.problems import NotFound
from messaging.application.ports import MessageProvider, Transaction
from messaging.application.reporting import StoreReports, store_reports

REPORT_BYTES_MAX = 65_536


class WebhookPath(BaseModel):
    """The secret of the address: the provider signs nothing."""

    secret: str = Field(max_length=200)


def reports_blueprint(transaction: Transaction, provider: MessageProvider, webhook_secret: SecretStr) -> APIBlueprint:
    """The provider's webhook."""
    blueprint = APIBlueprint("reports", __name__)

    @blueprint.post("/v1/webhooks/messages/<string:secret>")
    @public
    def report(path: WebhookPath) -> dict[str, Any]:
        """Take one report. One that is about nothing of ours is answered the same: a stranger learns nothing."""
        expected = webhook_secret.get_secret_value().encode()
        if not hmac.compare_digest(path.secret.encode(), expected):
            raise NotFound
        body = request.get_data(cache=False)[:REPORT_BYTES_MAX].decode("utf-8", "replace")
        with transaction() as uow:
            store_reports(StoreReports((body,)), uow, provider)
        return {"code": 1000}

    return blueprint
