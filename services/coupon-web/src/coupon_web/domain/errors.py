"""What can be wrong with a recipient's request. No error shows a token, a code or a number."""


class CouponPageError(Exception):
    """Anything that a recipient is refused."""


class LinkUnknownError(CouponPageError):
    """No line behind the link; also a proof that is missing, foreign or expired."""


class CouponUnavailableError(CouponPageError):
    """The line has no such coupon, or none that can be used."""


class ChoiceRefusedError(CouponPageError):
    """A pick was not taken; the recipient stays on the page (ORD-28)."""


class ChoiceOverError(ChoiceRefusedError):
    """A product was picked before, or the time for it is over."""


class ChoiceUnavailableError(ChoiceRefusedError):
    """The product was stopped: another one can be picked."""


class ForeignRequestError(CouponPageError):
    """A request that changes something and was made by another site's page."""


class OrderingAwayError(CouponPageError):
    """The ordering service gave no answer that can be read."""


class TooManyRequestsError(CouponPageError):
    """The gateway's coarse limit for this address."""

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(f"again in {retry_after_seconds} s")
        self.retry_after_seconds = retry_after_seconds


class CodeRefusedError(CouponPageError):
    """A code could not be sent, or was not accepted (IDN-05); the recipient stays on the page."""


class CodeMalformedError(CodeRefusedError):
    """What was typed cannot be a code; it costs no try."""


class CodeWrongError(CodeRefusedError):
    """Not the code that was sent."""

    def __init__(self, tries_left: int) -> None:
        super().__init__(f"{tries_left} tries left")
        self.tries_left = tries_left


class CodeOverError(CodeRefusedError):
    """The code has expired, has been used, or was never asked for on this device."""


class CodeTriesOverError(CodeRefusedError):
    """Wrong too often; this code is of no use any more."""


class CodeTooSoonError(CodeRefusedError):
    """A code was sent moments ago."""

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(f"again in {retry_after_seconds} s")
        self.retry_after_seconds = retry_after_seconds


class CodeLimitError(CodeRefusedError):
    """All codes of the day were sent to this line's number, or all of the hour were asked for from this address."""

    def __init__(self, *, is_of_address: bool, retry_after_seconds: int) -> None:
        super().__init__(f"again in {retry_after_seconds} s")
        self.is_of_address = is_of_address
        self.retry_after_seconds = retry_after_seconds
