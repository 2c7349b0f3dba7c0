"""Files of refunds: kept in the file store, and forgotten when no refund came to refer to them (WAL-08)."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from wallet.application.ports import Transactions
from wallet.application.refund_ports import FileStore
from wallet.domain.payback_errors import RefundFileTypeError
from wallet.domain.refund import FileUse, RefundFile

TYPES = {
    FileUse.BANK_BOOK: ("image/jpeg", "application/pdf", "image/png"),
    FileUse.PROOF: ("image/jpeg", "application/pdf", "image/png", "application/zip"),
}
"""By content, whatever the name says: jpg/jpeg, pdf, png, and zip for a proof."""

STRAY_AFTER = timedelta(days=1)
_STRAYS_AT_ONCE = 20


@dataclass(frozen=True)
class KeepFile:
    """A member uploaded a file for a refund that is still to be asked for."""

    company_id: UUID
    use: FileUse
    file_name: str
    content_type: str
    content: bytes = field(repr=False)


def keep_file(command: KeepFile, begin: Transactions, files: FileStore) -> RefundFile:
    """Keep a file. Raises `RefundFileTypeError`.

    Its row comes first: what is in the store without a row would never be found again.
    """
    types = TYPES[command.use]
    if command.content_type not in types:
        raise RefundFileTypeError(", ".join(types))
    with begin() as uow:
        file_id = uow.new_id()
        file = RefundFile(
            id=file_id,
            company_id=command.company_id,
            use=command.use,
            file_name=command.file_name,
            content_type=command.content_type,
            store_key=f"refunds/{command.company_id}/{file_id}",
            uploaded_at=uow.at,
        )
        uow.refunds.add_file(file)
    files.put(file.store_key, command.content, command.content_type)
    return file


class ForgetStrayFiles:
    """One portion of the loop that forgets files of requests that never came."""

    def __init__(self, begin: Transactions, files: FileStore) -> None:
        self._begin = begin
        self._files = files

    def step(self) -> bool:
        """Forget some; whether there were any. Deleting a file twice is no error."""
        with self._begin() as uow:
            strays = uow.refunds.discard_strays(uow.at - STRAY_AFTER, _STRAYS_AT_ONCE)
        for file in strays:
            self._files.delete(file.store_key)
            with self._begin() as uow:
                uow.refunds.remove_file(file.id)
        return bool(strays)
