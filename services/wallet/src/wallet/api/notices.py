"""The payment provider's door: its notices are kept raw, answered, and worked on afterwards."""

import hmac

from flask import request
from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, SecretStr

from chassis.access import public
from chassis.problems import BodyTooLarge, NotFound
from wallet.application.notice_ports import Notice
from wallet.application.ports import Transactions

BODY_BYTES_MAX = 64 * 1024
TRANSMISSION_ID_LENGTH_MAX = 200
TRANSMISSION_HEADERS = (
    "tosspayments-webhook-transmission-id",
    "tosspayments-webhook-transmission-time",
    "tosspayments-webhook-transmission-retried-count",
)


class NoticePath(BaseModel):
    secret: str


class NoticeReceipt(BaseModel):
    received: bool = True


def notices_blueprint(transactions: Transactions, secret: SecretStr) -> APIBlueprint:
    """POST /v1/webhooks/payments/{secret}: the provider signs nothing, so its address is the secret."""
    blueprint = APIBlueprint("notices", __name__, abp_tags=[Tag(name="webhooks")])

    @blueprint.post("/v1/webhooks/payments/<secret>", responses={200: NoticeReceipt})
    @public
    def receive_payment_notice(path: NoticePath) -> NoticeReceipt:
        """Keep what the payment provider sends; a repeated transmission is kept once."""
        if not hmac.compare_digest(path.secret.encode(), secret.get_secret_value().encode()):
            raise NotFound
        if request.content_length is None or request.content_length > BODY_BYTES_MAX:
            raise BodyTooLarge(BODY_BYTES_MAX)
        headers = {name: request.headers[name] for name in TRANSMISSION_HEADERS if name in request.headers}
        transmission_id = headers.get(TRANSMISSION_HEADERS[0])
        with transactions() as uow:
            uow.notices.keep(
                Notice(
                    id=uow.new_id(),
                    transmission_id=transmission_id and transmission_id[:TRANSMISSION_ID_LENGTH_MAX],
                    body=request.get_data(),
                    headers=headers,
                )
            )
        return NoticeReceipt()

    return blueprint
