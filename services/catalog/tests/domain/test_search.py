"""A Korean user finds a name by a part of it, by slips of spacing, and by initial consonants."""

import unicodedata

import pytest

from catalog.domain.search import asks_by_initials, initials, spelled, squeezed


@pytest.mark.rule("CAT-02")
def test_initial_consonants_of_a_name() -> None:
    assert initials("스타벅스") == "ㅅㅌㅂㅅ"
    assert initials("BHC 뿌링클") == "bhcㅃㄹㅋ"


@pytest.mark.rule("CAT-02")
@pytest.mark.parametrize(
    "slip", ["아메 리카노", "아메리카노 ", "아-메-리-카-노", unicodedata.normalize("NFD", "아메리카노")]
)
def test_spacing_and_decomposed_letters_do_not_matter(slip: str) -> None:
    assert squeezed(slip) == "아메리카노"


@pytest.mark.rule("CAT-02")
@pytest.mark.parametrize(
    ("query", "by_initials"), [("ㅅㅌㅂㅅ", True), ("ㅅ ㅌ", True), ("스ㅌ", False), ("cafe", False), ("", False)]
)
def test_a_query_of_consonants_only_asks_by_initials(query: str, by_initials: bool) -> None:
    assert asks_by_initials(query) is by_initials


@pytest.mark.rule("CAT-02")
def test_a_name_is_spelled_letter_by_letter() -> None:
    assert spelled("  ＢＨＣ  뿌링클 ") == "bhc " + "".join(
        map(chr, (0x1108, 0x116E, 0x1105, 0x1175, 0x11BC, 0x110F, 0x1173, 0x11AF))
    )
