"""What the rules of paying charged money back refuse: refunds, and cancellations of charges."""

from uuid import UUID

from wallet.domain.errors import WalletError


class RefundTooSmallError(WalletError):
    """A refund is of more than 1,000 KRW (WAL-07)."""

    def __init__(self, amount_krw: int, more_than_krw: int) -> None:
        super().__init__(f"{amount_krw} KRW is not more than {more_than_krw} KRW")
        self.amount_krw = amount_krw
        self.more_than_krw = more_than_krw


class RefundExceedsBalanceError(WalletError):
    """A refund is of at most the balance (WAL-07)."""

    def __init__(self, amount_krw: int, balance_krw: int) -> None:
        super().__init__(f"{amount_krw} KRW asked back of a balance of {balance_krw} KRW")
        self.amount_krw = amount_krw
        self.balance_krw = balance_krw


class RefundFiguresChangedError(WalletError):
    """What would be paid out is no longer what was shown beforehand: to be asked again (WAL-09)."""

    def __init__(self, shown_krw: int, payout_krw: int) -> None:
        super().__init__(f"{shown_krw} KRW was shown and {payout_krw} KRW would be paid out")
        self.shown_krw = shown_krw
        self.payout_krw = payout_krw


class UnknownRefundError(WalletError):
    """The company has no refund of this id."""

    def __init__(self, refund_id: UUID) -> None:
        super().__init__(f"no refund {refund_id}")
        self.refund_id = refund_id


class RefundStateError(WalletError):
    """The refund is in a state from which the asked step does not exist (WAL-10)."""

    def __init__(self, refund_id: UUID, state: str) -> None:
        super().__init__(f"refund {refund_id} is {state}")
        self.refund_id = refund_id
        self.state = state


class UnknownBankError(WalletError):
    """The bank is not on the list (WAL-08)."""

    def __init__(self, bank: str) -> None:
        super().__init__(f"no bank {bank!r}")
        self.bank = bank


class RefundReasonTooLongError(WalletError):
    """The reason has more bytes than the form takes (WAL-08)."""

    def __init__(self, length_bytes: int, bytes_max: int) -> None:
        super().__init__(f"{length_bytes} bytes of {bytes_max}")
        self.length_bytes = length_bytes
        self.bytes_max = bytes_max


class UnknownRefundFileError(WalletError):
    """The company has uploaded no file of this id for this use."""

    def __init__(self, file_id: UUID) -> None:
        super().__init__(f"no file {file_id}")
        self.file_id = file_id


class RefundFileTypeError(WalletError):
    """The file is of another type than its use takes (WAL-08)."""

    def __init__(self, types: str) -> None:
        super().__init__(f"the file is none of {types}")
        self.types = types


class HolderProofMissingError(WalletError):
    """The account's holder is not the member, and nothing proves that it may be paid (WAL-08)."""


class CancellationRefusedError(WalletError):
    """The charge cannot be cancelled (WAL-06)."""

    def __init__(self, charge_id: UUID, reason: str) -> None:
        super().__init__(f"charge {charge_id} cannot be cancelled: {reason}")
        self.charge_id = charge_id
        self.reason = reason


class CancellationFiguresChangedError(WalletError):
    """What would go back is no longer what was shown beforehand: to be asked again (WAL-06)."""

    def __init__(self, shown_krw: int, payout_krw: int) -> None:
        super().__init__(f"{shown_krw} KRW was shown and {payout_krw} KRW would go back")
        self.shown_krw = shown_krw
        self.payout_krw = payout_krw


class CancellationStateError(WalletError):
    """The try to cancel a charge is over."""

    def __init__(self, cancellation_id: UUID, state: str) -> None:
        super().__init__(f"cancellation {cancellation_id} is {state}")
        self.cancellation_id = cancellation_id
        self.state = state
