"""Sealed values: read by whoever holds the key, and by nobody else, as what they were sealed as."""

import base64
import json
import os
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr

from chassis.sealing import Keyring, KeyringError, Sealer, UnknownKeyError, UnreadableValueError
from contracts.values import PhoneNumber, Sealed

KEY = bytes(range(32))
SEALER = Sealer(Keyring("k1", {"k1": KEY}))


class Recipient(BaseModel):
    name: str
    phone: PhoneNumber


class Address(BaseModel):
    name: str
    phone: str


class Letter(BaseModel):
    """An event's body."""

    to: Sealed[Recipient]
    phone: Sealed[PhoneNumber]


def setting(**members: object) -> SecretStr:
    return SecretStr(json.dumps(members))


def encoded(key: bytes) -> str:
    return base64.b64encode(key).decode()


@given(st.text())
def test_a_sealed_text_opens_as_it_was(text: str) -> None:
    assert SEALER.open_text(SEALER.seal_text(text)) == text


@given(st.text(min_size=4))
def test_sealing_twice_gives_two_ciphertexts_and_shows_no_plaintext(text: str) -> None:
    first, second = SEALER.seal_text(text), SEALER.seal_text(text)
    assert first.ciphertext != second.ciphertext
    assert text.encode() not in base64.b64decode(first.ciphertext)


@given(st.binary(max_size=200), st.data())
def test_one_changed_bit_is_noticed(plaintext: bytes, data: st.DataObject) -> None:
    keyring = Keyring("k1", {"k1": KEY})
    key_id, sealed = keyring.encrypt(plaintext, purpose="p")
    position = data.draw(st.integers(0, len(sealed) * 8 - 1))
    changed = bytearray(sealed)
    changed[position // 8] ^= 1 << (position % 8)
    with pytest.raises(UnreadableValueError):
        keyring.decrypt(key_id, bytes(changed), purpose="p")


@given(st.binary(max_size=100), st.integers(min_value=0))
def test_a_cut_ciphertext_is_noticed(plaintext: bytes, length: int) -> None:
    keyring = Keyring("k1", {"k1": KEY})
    key_id, sealed = keyring.encrypt(plaintext, purpose="p")
    with pytest.raises(UnreadableValueError):
        keyring.decrypt(key_id, sealed[: length % len(sealed)], purpose="p")


@given(st.text(), st.text())
def test_a_value_opens_for_its_own_purpose_only(purpose: str, other: str) -> None:
    keyring = Keyring("k1", {"k1": KEY})
    key_id, sealed = keyring.encrypt(b"value", purpose=purpose)
    if purpose == other:
        assert keyring.decrypt(key_id, sealed, purpose=other) == b"value"
    else:
        with pytest.raises(UnreadableValueError):
            keyring.decrypt(key_id, sealed, purpose=other)


def test_sealed_values_travel_in_an_event() -> None:
    recipient = Recipient(name="홍길동", phone="01012345678")
    letter = Letter(to=SEALER.seal(recipient), phone=SEALER.seal_text("01012345678"))
    body = letter.model_dump_json()
    assert "홍길동" not in body
    assert "01012345678" not in body + repr(letter)
    read = Letter.model_validate_json(body)
    assert SEALER.open(read.to, Recipient) == recipient
    assert SEALER.open_text(read.phone) == "01012345678"


def test_a_value_opens_only_as_the_model_that_was_sealed() -> None:
    sealed = SEALER.seal(Recipient(name="홍길동", phone="01012345678"))
    with pytest.raises(UnreadableValueError):
        SEALER.open(sealed, Address)  # type: ignore[arg-type]
    with pytest.raises(UnreadableValueError):
        SEALER.open_text(sealed)  # type: ignore[arg-type]


def test_what_does_not_fit_the_model_shows_no_content() -> None:
    key_id, sealed = Keyring("k1", {"k1": KEY}).encrypt(b'{"name": "hush"}', purpose="sealed:Recipient")
    with pytest.raises(UnreadableValueError) as refusal:
        SEALER.open(Sealed(key_id=key_id, ciphertext=encoded(sealed)), Recipient)
    assert "hush" not in str(refusal.value)
    assert refusal.value.__cause__ is None


def test_the_old_key_opens_what_it_sealed_after_a_new_one_is_added_beside_it() -> None:
    old, new = os.urandom(32), os.urandom(32)
    sealed = Sealer(Keyring("2025", {"2025": old})).seal_text("값")
    both = Sealer(Keyring("2026", {"2025": old, "2026": new}))
    assert both.open_text(sealed) == "값"
    assert both.seal_text("값").key_id == "2026"
    with pytest.raises(UnknownKeyError):
        Sealer(Keyring("2026", {"2026": new})).open_text(sealed)


def test_another_key_of_the_same_id_opens_nothing() -> None:
    sealed = SEALER.seal_text("값")
    with pytest.raises(UnreadableValueError):
        Sealer(Keyring("k1", {"k1": os.urandom(32)})).open_text(sealed)


@pytest.mark.parametrize("ciphertext", ["", "%%%", "한글", "AAAA"])
def test_garbage_in_a_message_is_a_clear_error(ciphertext: str) -> None:
    with pytest.raises(UnreadableValueError):
        SEALER.open_text(Sealed(key_id="k1", ciphertext=ciphertext))


def test_a_keyring_is_read_from_a_setting() -> None:
    keyring = Keyring.parse(setting(current="k2", keys={"k1": encoded(KEY), "k2": encoded(KEY[::-1])}))
    assert keyring.key_ids == ("k2", "k1")
    assert keyring.key("k1") == KEY


@pytest.mark.parametrize(
    "wrong",
    [
        SecretStr("hush"),
        SecretStr("[]"),
        setting(keys={"k1": encoded(KEY)}),
        setting(current="k2", keys={"k1": encoded(KEY)}),
        setting(current="k1", keys={"k1": encoded(KEY[:31])}),
        setting(current="k1", keys={"k1": "hush!"}),
        setting(current="k1", keys={"k1": 7}),
        setting(current="k.1", keys={"k.1": encoded(KEY)}),
        setting(current="k1", keys=["hush"]),
    ],
)
def test_a_setting_that_is_no_keyring_is_refused_without_showing_it(wrong: SecretStr) -> None:
    with pytest.raises(KeyringError) as refusal:
        Keyring.parse(wrong)
    assert "hush" not in str(refusal.value)
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None


def test_a_keyring_shows_no_key_and_is_not_pickled() -> None:
    keyring = Keyring("k1", {"k1": KEY})
    assert repr(keyring) == "Keyring(current='k1', keys=1)"
    with pytest.raises(TypeError, match="pickled"):
        pickle.dumps(keyring)
