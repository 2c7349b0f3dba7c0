"""The bodies that the provider takes: our key, its lengths, and a fallback that never loses the link."""

import json
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.adapters.bizppurio_wire import mms_text, read_report, refkey, report_key, within_bytes

LINK = "https://coup.example/c/abcdefghijklmnopqrstuvwxyz"


@given(st.text(max_size=3_000))
def test_the_fallback_fits_and_ends_with_the_whole_link(text: str) -> None:
    message = mms_text(text, "확인하러 가기", LINK)
    assert len(message.encode("cp949", "replace")) <= 2_000
    assert message.endswith(f"\n확인하러 가기\n{LINK}")


@given(st.text(max_size=200), st.integers(0, 200))
def test_a_shortened_text_is_a_beginning_that_fits(text: str, bytes_max: int) -> None:
    short = within_bytes(text, bytes_max)
    assert len(short.encode("cp949", "replace")) <= bytes_max
    assert text.encode("cp949", "replace").startswith(short.encode("cp949", "replace"))


def test_our_key_has_the_length_that_the_provider_takes() -> None:
    key = uuid4()
    assert len(refkey(key)) == 32
    assert UUID(hex=refkey(key)) == key


@pytest.mark.parametrize(
    ("media", "result", "reached", "channel"),
    [
        ("KAT", "7000", True, "alimtalk"),
        ("MMS", "6600", True, "mms"),
        ("KAT", "7305", None, None),
        ("KAT", "7308", False, None),
        ("MMS", "6606", False, None),
        ("KAT", "9999", False, None),
    ],
)
def test_what_a_result_code_means(media: str, result: str, reached: bool | None, channel: str | None) -> None:
    key = uuid4()
    for names in (("REFKEY", "MEDIA", "RESULT"), ("refkey", "media", "result")):
        report = read_report(json.dumps(dict(zip(names, (key.hex, media, int(result)), strict=True))))
        assert report is not None
        assert (report.delivery_id, report.reached, report.channel, report.code) == (key, reached, channel, result)


@pytest.mark.parametrize("body", ["", "[]", "null", "{", '{"RESULT": "7000"}', '{"REFKEY": null, "RESULT": "7000"}'])
def test_what_is_no_report_has_no_key(body: str) -> None:
    assert report_key(body) is None
    assert read_report(body) is None
