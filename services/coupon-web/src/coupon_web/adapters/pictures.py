"""Products' pictures, for the image that a recipient saves."""

from __future__ import annotations

from chassis.answers import Response
from chassis.http import HttpClient

PICTURE_BYTES_MAX = 8 * 1024 * 1024


class PictureClient:
    """Fetches pictures where the catalogue shows them."""

    def __init__(self, base_url: str, *, timeout_seconds: float) -> None:
        self._http = HttpClient(
            base_url, name="pictures", read_timeout_seconds=timeout_seconds, answer_bytes_max=PICTURE_BYTES_MAX
        )

    def fetch(self, address: str) -> bytes | None:
        """The bytes of the picture at an address below the gateway's; None when it is not to be had."""
        answer = self._http.request("GET", address)
        return answer.body if isinstance(answer, Response) and answer.ok else None
