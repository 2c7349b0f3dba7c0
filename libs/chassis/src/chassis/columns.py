"""Encrypted columns, and keyed hashes to find them by.

A stored value is `<key id>.<base64>`: it names its key, so a new key is added beside the old and `reencrypt`
moves the rows over. The column's purpose is authenticated: a value copied into another column does not open.
"""

from __future__ import annotations

import base64
import hmac
from typing import Any, NoReturn

from sqlalchemy import Column, Select, Table, Text, and_, bindparam, select, type_coerce, update
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session
from sqlalchemy.sql import operators
from sqlalchemy.types import TypeDecorator

from chassis.sealing import Keyring, UnreadableValueError, decode_base64

ENDING_DIGITS = 4


class ColumnKeysMissingError(RuntimeError):
    """An encrypted column was used before `bind_column_keys`."""


class EncryptedComparisonError(TypeError):
    """An encrypted column was compared in SQL: every ciphertext is different, so only IS NULL means anything."""


class _Bound:
    """The process's keyring of columns: column types are made at import, long before settings are read."""

    keyring: Keyring | None = None


def bind_column_keys(keyring: Keyring) -> None:
    """Give this process's encrypted columns their keys; called once, where the service is wired."""
    _Bound.keyring = keyring


def encrypt_text(purpose: str, text: str) -> str:
    """The stored form of a text, for rows that go in by COPY. Raises ColumnKeysMissingError."""
    key_id, sealed = _keyring().encrypt(text.encode(), purpose=_authenticated(purpose))
    return f"{key_id}.{base64.b64encode(sealed).decode()}"


def decrypt_text(purpose: str, stored: str) -> str:
    """The text of a stored form.

    Raises ColumnKeysMissingError, UnknownKeyError, or UnreadableValueError (wrong key, another column's value,
    tampered with, or never encrypted).
    """
    key_id, separator, encoded = stored.partition(".")
    if not separator:
        raise UnreadableValueError(purpose, "it is not encrypted")
    sealed = decode_base64(encoded, purpose)
    return _keyring().decrypt(key_id, sealed, purpose=_authenticated(purpose)).decode()


class EncryptedText(TypeDecorator[str]):
    """A text column that is encrypted in the database; NULL stays NULL."""

    impl = Text
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        """`purpose` names the column's meaning and never changes, else its rows do not open any more."""
        super().__init__()
        self.purpose = purpose

    class Comparator(TypeDecorator.Comparator[str]):
        """Refuses every comparison but with NULL."""

        def operate(self, op: operators.OperatorType, *other: Any, **kwargs: Any) -> Any:
            """Raises EncryptedComparisonError unless the column is compared with NULL."""
            by_null = op in _NULL_OPERATORS and other and other[0] is None
            if by_null:
                return super().operate(op, *other, **kwargs)
            raise EncryptedComparisonError(f"an encrypted column has no {op.__name__}; compare its keyed hash")

    comparator_factory = Comparator

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Encrypt on the way in."""
        return None if value is None else encrypt_text(self.purpose, value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Decrypt on the way out."""
        return None if value is None else decrypt_text(self.purpose, value)


_NULL_OPERATORS = {operators.is_, operators.is_not, operators.eq, operators.ne}


def reencrypt(session: Session, table: Table, column: Column[Any], *, batch_rows_max: int = 500) -> int:
    """Move one batch of rows to the current key, in the session's transaction, and return how many.

    Called until it returns 0, one transaction a batch; rows that others hold locked wait for a later batch, so
    the last 0 is only the end when nothing else writes with the old key any more. May run while the service works.
    """
    if not isinstance(column.type, EncryptedText):
        raise TypeError(f"{table.name}.{column.name} is not an encrypted column")
    purpose = column.type.purpose
    rows = session.execute(_rows_of_older_keys(table, column, batch_rows_max)).all()
    keys = list(table.primary_key.columns)
    if rows:
        change = (
            update(table)
            .where(and_(*(key == bindparam(f"key_{position}") for position, key in enumerate(keys))))
            .values({column.name: bindparam("fresh", type_=column.type)})
        )
        session.connection().execute(
            change,
            [
                {
                    "fresh": decrypt_text(purpose, stored),
                    **{f"key_{position}": part for position, part in enumerate(key_parts)},
                }
                for *key_parts, stored in rows
            ],
        )
    return len(rows)


def _rows_of_older_keys(table: Table, column: Column[Any], rows_max: int) -> Select[Any]:
    stored = type_coerce(column, Text)
    return (
        select(*table.primary_key.columns, stored)
        .where(stored.is_not(None), ~stored.startswith(f"{_keyring().current_id}.", autoescape=True))
        .limit(rows_max)
        .with_for_update(skip_locked=True)
    )


class KeyedHash:
    """HMAC-SHA256 under a key of its own, so that equality can be searched without the value being readable."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def of(self, value: str) -> bytes:
        """The 32 bytes that a new row stores, under the current key."""
        return self._digest(self._keyring.current_id, "whole", value)

    def ending(self, value: str) -> bytes:
        """The hash of the last four digits. Raises ValueError when there are fewer."""
        return self._digest(self._keyring.current_id, "ending", _ending(value))

    def candidates(self, value: str) -> tuple[bytes, ...]:
        """The hash under every key, the current one first: what to search for while rows of older keys remain."""
        return tuple(self._digest(key_id, "whole", value) for key_id in self._keyring.key_ids)

    def ending_candidates(self, value: str) -> tuple[bytes, ...]:
        """The hash of the last four digits under every key. Raises ValueError when there are fewer."""
        return tuple(self._digest(key_id, "ending", _ending(value)) for key_id in self._keyring.key_ids)

    def matches(self, value: str, stored: bytes) -> bool:
        """Whether the value has the hash under any key, in a time that tells nothing."""
        found = False
        for candidate in self.candidates(value):
            found |= hmac.compare_digest(candidate, stored)
        return found

    def _digest(self, key_id: str, kind: str, value: str) -> bytes:
        # Values come from outside and may hold what UTF-8 cannot; they are only hashed, so they need not be refused.
        message = f"{kind}:{value}".encode("utf-8", "surrogatepass")
        return hmac.digest(self._keyring.key(key_id), message, "sha256")

    def __reduce__(self) -> NoReturn:
        raise TypeError("a keyed hash is not pickled")


def _ending(value: str) -> str:
    is_digits = value.isascii() and value.isdigit()
    digits = value if is_digits else "".join(character for character in value if "0" <= character <= "9")
    if len(digits) < ENDING_DIGITS:
        raise ValueError(f"an ending needs {ENDING_DIGITS} digits")
    return digits[-ENDING_DIGITS:]


def _authenticated(purpose: str) -> str:
    return f"column:{purpose}"


def _keyring() -> Keyring:
    if _Bound.keyring is None:
        raise ColumnKeysMissingError("bind_column_keys was not called in this process")
    return _Bound.keyring
