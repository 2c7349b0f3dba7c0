"""약관: versioned documents and what was agreed to (IDN-06)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from identity_builders import AT, terms

from identity.domain.errors import TermsNotAgreedError
from identity.domain.terms import agree, covers_required, present_documents

pytestmark = pytest.mark.rule("IDN-06")


def test_the_highest_version_in_force_is_the_present_one() -> None:
    first = terms()
    second = replace(first[1], version=2, effective_at=AT + timedelta(days=1))
    assert [each.version for each in present_documents((*first, second), AT)] == [1, 1]
    assert [each.version for each in present_documents((*first, second), AT + timedelta(days=1))] == [1, 2]


def test_an_agreement_keeps_what_when_and_from_where() -> None:
    (agreement,) = agree(terms(), [("service", 1)], at=AT, source="203.0.113.7")
    assert (agreement.code, agreement.version, agreement.agreed_at, agreement.agreed_from) == (
        "service",
        1,
        AT,
        "203.0.113.7",
    )


def test_optional_documents_may_be_left_out_and_required_ones_not() -> None:
    with pytest.raises(TermsNotAgreedError) as refused:
        agree(terms(), [("marketing", 1)], at=AT, source="203.0.113.7")
    assert refused.value.codes == ["service"]


@pytest.mark.parametrize("wrong", [("service", 2), ("unheard-of", 1)])
def test_only_documents_in_force_can_be_agreed_to(wrong: tuple[str, int]) -> None:
    with pytest.raises(TermsNotAgreedError):
        agree(terms(), [("service", 1), wrong], at=AT, source="203.0.113.7")


def test_an_agreement_to_an_older_version_covers_nothing_new() -> None:
    agreements = agree(terms(), [("service", 1)], at=AT, source="203.0.113.7")
    assert covers_required(agreements, terms())
    assert not covers_required(agreements, terms(required_version=2))
