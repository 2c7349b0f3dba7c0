"""Deleting files that nothing refers to any more: replaced certificates, and those of applications that ended."""

from identity.application.ports import BeginUnitOfWork, FileStore

_ROWS_MAX = 20


def dispose_of_files(begin: BeginUnitOfWork, files: FileStore) -> bool:
    """Delete some, outside of any transaction; whether there were any. A file deleted twice is no error."""
    with begin() as uow:
        file_keys = uow.discarded_files.some(_ROWS_MAX)
    for file_key in file_keys:
        files.delete(file_key)
        with begin() as uow:
            uow.discarded_files.remove(file_key)
    return bool(file_keys)
