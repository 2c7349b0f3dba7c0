"""How long a message is: by the manual's counter and by the provider's (ORD-13)."""

from uuid import uuid4

import pytest

from ordering.domain.errors import MessageTooLongError
from ordering.domain.line import Recipient
from ordering.domain.message import MessageSize, Template, admit_longest, size_of
from ordering.settings import OrderRules


@pytest.mark.rule("ORD-13")
@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("abc 1!", MessageSize(6, 6)),
        ("가나다", MessageSize(6, 3)),
        ("가\r\n나", MessageSize(5, 3)),
        ("😀", MessageSize(2, 1)),
        ("", MessageSize(0, 0)),
    ],
)
def test_hangul_counts_two_others_one_a_character_outside_cp949_two_a_line_break_one(
    text: str, size: MessageSize
) -> None:
    assert size_of(text) == size


@pytest.mark.rule("ORD-13")
def test_the_providers_thousand_characters_hold_beside_the_two_thousand_bytes(rules: OrderRules) -> None:
    limits = rules.placing().limits
    assert (limits.message_bytes_max, limits.message_characters_max) == (2_000, 1_000)
    template = Template(uuid4(), 1, "a" * 995 + "#{이름}", ("이름",), usable=True)
    admit_longest([Recipient(1, "", "abcde", "", "")], template, {}, limits)
    with pytest.raises(MessageTooLongError) as refusal:
        admit_longest([Recipient(1, "", "ab", "", ""), Recipient(2, "", "abcdef", "", "")], template, {}, limits)
    assert (refusal.value.limit, refusal.value.size) == ("characters", 1_001)
