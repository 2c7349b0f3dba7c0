"""Sender profiles of a company: at most twenty, in an order, and kept while something will go out by them."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from messaging.domain import sender_profile_errors as errors
from messaging.domain.sender_profile import ProfileState, SenderProfile, SenderProfiles, read_search_id

COMPANY = UUID(int=1)


def a_profile(search_id: str, state: ProfileState = ProfileState.NORMAL) -> SenderProfile:
    return SenderProfile(uuid4(), COMPANY, search_id, search_id, "1", state, 0, datetime(2026, 3, 2, tzinfo=UTC))


def profiles(count: int) -> SenderProfiles:
    found = SenderProfiles(COMPANY, ())
    for number in range(count):
        found = found.with_profile(a_profile(f"@channel{number}"))
    return found


@pytest.mark.rule("MSG-03")
def test_a_company_has_at_most_20_profiles() -> None:
    full = profiles(20)
    with pytest.raises(errors.SenderProfilesFull):
        full.with_profile(a_profile("@another"))


@pytest.mark.rule("MSG-03")
def test_a_new_profile_is_the_last_and_a_channel_comes_once() -> None:
    two = profiles(2)
    assert [each.position for each in two.profiles] == [1, 2]
    with pytest.raises(errors.SenderProfileTaken):
        two.with_profile(a_profile("@channel0"))


@pytest.mark.rule("MSG-03")
def test_an_order_names_every_profile_once() -> None:
    three = profiles(3)
    ids = [each.id for each in three.profiles]
    assert [each.id for each in three.in_order([ids[2], ids[0], ids[1]]).profiles] == [ids[2], ids[0], ids[1]]
    for incomplete in (ids[:2], [*ids, ids[0]], [*ids[:2], uuid4()]):
        with pytest.raises(errors.ProfileOrderIncomplete):
            three.in_order(incomplete)


@pytest.mark.rule("MSG-03")
def test_a_profile_that_orders_will_use_is_not_deleted() -> None:
    (profile,) = profiles(1).profiles
    with pytest.raises(errors.SenderProfileInUse):
        profiles_of(profile).without(profile.id, uses=1)
    assert profiles_of(profile).without(profile.id, uses=0).profiles == ()


@pytest.mark.rule("MSG-03")
def test_one_that_left_normal_cannot_be_chosen() -> None:
    assert [state for state in ProfileState if a_profile("@x", state).can_be_chosen] == [ProfileState.NORMAL]


@pytest.mark.rule("MSG-03")
def test_a_search_id_is_read_with_and_without_its_at_sign() -> None:
    assert read_search_id(" @쿠팡비즈 ") == read_search_id("쿠팡비즈") == "@쿠팡비즈"
    for given in ("", "@", "@a b", "@" + "a" * 31, "@@a"):
        with pytest.raises(errors.SearchIdNotAllowed):
            read_search_id(given)


def profiles_of(profile: SenderProfile) -> SenderProfiles:
    return SenderProfiles(COMPANY, (profile,))
