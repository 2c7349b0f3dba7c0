"""The payment provider's list of transactions, page by page."""

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from chassis.http import HttpClient, Response, UnreadableAnswerError
from wallet.domain.reconciliation import ProviderMove

logger = logging.getLogger(__name__)

PAGE_ROWS = 1_000
PAGES_MAX = 1_000
"""A list that goes on for longer repeats itself."""

_KOREA = timezone(timedelta(hours=9))


class _Transaction(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    key: str = Field(alias="transactionKey", max_length=200)
    order_id: str = Field(alias="orderId", max_length=64)
    amount_krw: int = Field(alias="amount", strict=True)
    currency: str = "KRW"
    status: str
    at: AwareDatetime = Field(alias="transactionAt")


_Page = TypeAdapter(list[_Transaction])
_MOVED = frozenset({"DONE", "CANCELED", "PARTIAL_CANCELED"})


class TossList:
    """`ProviderList` over the wire; `headers` authorize the calls."""

    def __init__(self, client: HttpClient, headers: Mapping[str, str]) -> None:
        self._client = client
        self._headers = dict(headers)

    def moves_between(self, start: datetime, end: datetime) -> Sequence[ProviderMove] | None:
        """Every move, both times included; None when the provider did not say it all."""
        moves: list[ProviderMove] = []
        after: str | None = None
        for _ in range(PAGES_MAX):
            page = self._page(start, end, after)
            if page is None:
                return None
            moves += [_move(row) for row in page if row.status in _MOVED]
            if len(page) < PAGE_ROWS:
                return moves
            after = page[-1].key
        logger.error("the payment provider's list does not end")
        return None

    def _page(self, start: datetime, end: datetime, after: str | None) -> list[_Transaction] | None:
        query = {"startDate": _korean(start), "endDate": _korean(end), "limit": str(PAGE_ROWS)}
        if after is not None:
            query["startingAfter"] = after
        answer = self._client.request("GET", "/v1/transactions", params=query, headers=self._headers)
        if not isinstance(answer, Response) or not answer.ok:
            return None
        try:
            return _Page.validate_python(answer.json())
        except (UnreadableAnswerError, ValidationError):
            logger.exception("the payment provider's list cannot be read")
            return None


def _korean(at: datetime) -> str:
    return at.astimezone(_KOREA).replace(tzinfo=None).isoformat(timespec="seconds")


def _move(row: _Transaction) -> ProviderMove:
    return ProviderMove(row.key, row.order_id, row.amount_krw, row.at.astimezone(UTC))
