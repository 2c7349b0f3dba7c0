"""Values that only the holder of a key can read: keyrings, and the sealing of what travels in events.

AES-256-GCM with a random nonce. What a value is for is authenticated with it, so that a ciphertext moved to
another field or type does not open. Each one names its key: a new key is added beside the old and becomes the
current one, the old opens what it sealed until nothing is left of it.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel, SecretStr, ValidationError

from contracts.values import Sealed

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16

_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")

ModelT = TypeVar("ModelT", bound=BaseModel)


class KeyringError(ValueError):
    """The setting is not a keyring. The message says what is wrong and shows no key."""


class UnknownKeyError(LookupError):
    """The keyring has no key of that id."""

    def __init__(self, key_id: str) -> None:
        super().__init__(f"the keyring has no key {key_id!r}")
        self.key_id = key_id


class UnreadableValueError(ValueError):
    """The ciphertext does not open: another key, another purpose, or changed on its way. Shows no content."""

    def __init__(self, purpose: str, reason: str) -> None:
        super().__init__(f"a value for {purpose!r} does not open: {reason}")
        self.purpose = purpose
        self.reason = reason


class Keyring:
    """Keys by id, one of them the current; it encrypts, all decrypt. Never shows a key."""

    def __init__(self, current_id: str, keys: Mapping[str, bytes]) -> None:
        """Raises KeyringError for a bad id, a key that is not 32 bytes, or a current id without a key."""
        for key_id, key in keys.items():
            if not _KEY_ID.fullmatch(key_id):
                raise KeyringError("a key id is 1 to 40 letters, digits, '-' or '_'")
            if len(key) != KEY_BYTES:
                raise KeyringError(f"key {key_id!r} is not {KEY_BYTES} bytes long")
        if current_id not in keys:
            raise KeyringError("the current key is not among the keys")
        self.current_id = current_id
        self._keys = dict(keys)
        # Making a cipher costs more than using it once.
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}

    @classmethod
    def parse(cls, setting: SecretStr) -> Keyring:
        """Read `{"current": "k1", "keys": {"k1": "<base64 of 32 bytes>"}}`. Raises KeyringError."""
        try:
            raw = json.loads(setting.get_secret_value())
        except ValueError:
            _refuse("it is not JSON")
        keys = raw.get("keys") if isinstance(raw, dict) else None
        if not isinstance(keys, dict) or not isinstance(raw.get("current"), str):
            _refuse('it has the form {"current": id, "keys": {id: base64}}')
        return cls(raw["current"], {str(key_id): _decode_key(str(key_id), text) for key_id, text in keys.items()})

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Every id, the current one first."""
        return (self.current_id, *(key_id for key_id in self._keys if key_id != self.current_id))

    def key(self, key_id: str) -> bytes:
        """The key of an id. Raises UnknownKeyError."""
        try:
            return self._keys[key_id]
        except KeyError:
            raise UnknownKeyError(key_id) from None

    def encrypt(self, plaintext: bytes, *, purpose: str) -> tuple[str, bytes]:
        """The current key's id, and nonce and ciphertext under it, bound to the purpose."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[self.current_id].encrypt(nonce, plaintext, purpose.encode())
        return self.current_id, nonce + sealed

    def decrypt(self, key_id: str, sealed: bytes, *, purpose: str) -> bytes:
        """The plaintext of what `encrypt` gave. Raises UnknownKeyError or UnreadableValueError."""
        self.key(key_id)
        if len(sealed) < NONCE_BYTES + TAG_BYTES:
            raise UnreadableValueError(purpose, "it is too short")
        try:
            return self._ciphers[key_id].decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], purpose.encode())
        except InvalidTag:
            raise UnreadableValueError(purpose, "wrong key or purpose, or tampered with") from None

    def __repr__(self) -> str:
        return f"Keyring(current={self.current_id!r}, keys={len(self._keys)})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a keyring is not pickled")


class Sealer:
    """Seals values for events, and opens them; the plaintext's type is part of what is authenticated."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def seal_text(self, text: str) -> Sealed[str]:
        """Seal a text."""
        return self._seal(text.encode(), _TEXT_PURPOSE)

    def open_text(self, sealed: Sealed[str]) -> str:
        """The text inside. Raises UnknownKeyError or UnreadableValueError."""
        return _decode(self._open(sealed, _TEXT_PURPOSE), _TEXT_PURPOSE)

    def seal(self, model: ModelT) -> Sealed[ModelT]:
        """Seal a model as its JSON."""
        return self._seal(model.model_dump_json().encode(), _purpose_of(type(model)))

    def open(self, sealed: Sealed[ModelT], model: type[ModelT]) -> ModelT:
        """The model inside. Raises UnknownKeyError, or UnreadableValueError also when it is another model."""
        purpose = _purpose_of(model)
        plaintext = self._open(sealed, purpose)
        try:
            return model.model_validate_json(plaintext)
        except ValidationError:
            # The validation error would show the plaintext, so it is not chained.
            raise UnreadableValueError(purpose, "it does not fit the model") from None

    def _seal(self, plaintext: bytes, purpose: str) -> Sealed[Any]:
        key_id, ciphertext = self._keyring.encrypt(plaintext, purpose=purpose)
        return Sealed(key_id=key_id, ciphertext=base64.b64encode(ciphertext).decode())

    def _open(self, sealed: Sealed[Any], purpose: str) -> bytes:
        ciphertext = decode_base64(sealed.ciphertext, purpose)
        return self._keyring.decrypt(sealed.key_id, ciphertext, purpose=purpose)


_TEXT_PURPOSE = "sealed:text"


def decode_base64(text: str, purpose: str) -> bytes:
    """Strict base64 of a stored or received value. Raises UnreadableValueError."""
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except (binascii.Error, ValueError):
        raise UnreadableValueError(purpose, "it is not base64") from None


def _purpose_of(model: type[BaseModel]) -> str:
    """Names of classes, not of modules: a contract may move between files."""
    return f"sealed:{model.__name__}"


def _decode(plaintext: bytes, purpose: str) -> str:
    try:
        return plaintext.decode()
    except UnicodeDecodeError:
        raise UnreadableValueError(purpose, "it is not text") from None


def _decode_key(key_id: str, text: object) -> bytes:
    try:
        return base64.b64decode(text if isinstance(text, str) else "!", validate=True)
    except (binascii.Error, ValueError):
        raise KeyringError(f"key {key_id!r} is not base64") from None


def _refuse(reason: str) -> NoReturn:
    raise KeyringError(f"not a keyring: {reason}") from None
