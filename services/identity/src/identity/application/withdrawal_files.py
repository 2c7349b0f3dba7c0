"""Proofs of withdrawals: kept in the file store, and forgotten when no request came to refer to them (IDN-20)."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from identity.application.ports import BeginUnitOfWork, FileStore
from identity.domain.withdrawal import ProofFile, WithdrawalRules

STRAY_AFTER = timedelta(days=1)
_STRAYS_AT_ONCE = 20


@dataclass(frozen=True)
class KeepProof:
    """A master uploaded a proof for a request that is still to be made."""

    company_id: UUID
    file_name: str
    content_type: str | None
    content: bytes = field(repr=False)


def keep_proof(command: KeepProof, begin: BeginUnitOfWork, files: FileStore, rules: WithdrawalRules) -> ProofFile:
    """Keep a proof. Raises `ProofRefusedError`, `ProofTooLargeError`.

    Its row comes first: what is in the store without a row would never be found again.
    """
    content_type = rules.check_proof(command.content_type, len(command.content))
    with begin() as uow:
        file_id = uow.new_id()
        proof = ProofFile(
            id=file_id,
            company_id=command.company_id,
            file_key=f"withdrawals/{command.company_id}/{file_id}",
            file_name=command.file_name,
            content_type=content_type,
            size_bytes=len(command.content),
            uploaded_at=uow.now(),
        )
        uow.withdrawals.add_file(proof)
    files.put(proof.file_key, command.content, content_type)
    return proof


def forget_stray_proofs(begin: BeginUnitOfWork) -> bool:
    """Hand uploads whose request never came to the loop that deletes files; whether there were any."""
    with begin() as uow:
        file_keys = uow.withdrawals.forget_strays(uow.now() - STRAY_AFTER, _STRAYS_AT_ONCE)
        for file_key in file_keys:
            uow.discarded_files.add(file_key, uow.now())
    return bool(file_keys)
