"""국세청's status service at odcloud.kr: is a business number active, suspended, closed, or none (IDN-02)."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from chassis.http import RETRY, HttpClient, Response, UnreadableAnswerError
from identity.application.ports import Refused, Standing, TaxOfficeAnswer, Unavailable
from identity.domain.business_number import BusinessNumber, TaxStanding

_STATUS_PATH = "/api/nts-businessman/v1/status"
_STANDINGS = {
    "01": TaxStanding.ACTIVE,
    "02": TaxStanding.SUSPENDED,
    "03": TaxStanding.CLOSED,
    "": TaxStanding.UNKNOWN,
}


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore")

    b_no: str
    b_stt_cd: Literal["01", "02", "03", ""]


class _Statuses(BaseModel):
    model_config = ConfigDict(extra="ignore")

    status_code: Literal["OK"]
    data: tuple[_Row, ...]


class NtsTaxOffice:
    """`TaxOffice` over the status service's wire. Asking changes nothing there, so it is repeated when in doubt."""

    def __init__(self, client: HttpClient, service_key: SecretStr) -> None:
        """`service_key` is the decoded key; the client encodes it, once."""
        self._client = client
        self._service_key = service_key

    def standing_of(self, number: BusinessNumber) -> TaxOfficeAnswer:
        """Ask for a number; never raises for what goes wrong outside."""
        answer = self._client.request(
            "POST",
            _STATUS_PATH,
            params={"serviceKey": self._service_key.get_secret_value()},
            json={"b_no": [number.digits]},
            retry=RETRY,
            idempotent=True,
        )
        if not isinstance(answer, Response):
            return Unavailable(answer.reason)
        if answer.status == 429 or answer.status >= 500:
            return Unavailable(f"status {answer.status}")
        if not answer.ok:
            return Refused(f"status {answer.status}")
        return _standing_in(answer, number)


def _standing_in(answer: Response, number: BusinessNumber) -> TaxOfficeAnswer:
    """What an answer says of our number; one that does not fit its description proves nothing."""
    try:
        statuses = _Statuses.model_validate(answer.json())
    except (UnreadableAnswerError, ValidationError):
        return Unavailable("unreadable answer")
    for row in statuses.data:
        if row.b_no == number.digits:
            return Standing(_STANDINGS[row.b_stt_cd])
    return Unavailable("the answer is about another number")
