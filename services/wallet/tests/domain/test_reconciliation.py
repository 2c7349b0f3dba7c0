"""What a day of the provider's list and our books differ in (WAL-03)."""

from hypothesis import given
from hypothesis import strategies as st
from wallet_builders import NOON

from wallet.domain.difference import DifferenceKind
from wallet.domain.reconciliation import BookedSums, Difference, ProviderMove, ProviderSums, differences, sums_of

CREDITED = BookedSums(10_000, 10_000, 0)


def compared(listed: dict[str, ProviderSums], booked: dict[str, BookedSums], **of_day: set[str]) -> list[Difference]:
    paid, sent_back = of_day.get("paid", set()), of_day.get("sent_back", set())
    return list(differences(listed, booked, paid_that_day=paid, sent_back_that_day=sent_back))


def test_a_list_that_says_what_the_books_say_has_no_difference() -> None:
    sent_back = BookedSums(10_000, 10_000, 9_000)

    assert compared({"a": ProviderSums(10_000)}, {"a": CREDITED}, paid={"a"}) == []
    assert compared({"a": ProviderSums(10_000, 9_000)}, {"a": sent_back}, paid={"a"}, sent_back={"a"}) == []
    assert compared({"a": ProviderSums(0, 9_000)}, {"a": sent_back}, sent_back={"a"}) == []


def test_each_way_to_differ_has_its_name() -> None:
    requested = BookedSums(10_000, 0, 0)
    cases = [
        (compared({"a": ProviderSums(10_000)}, {}), DifferenceKind.UNKNOWN_CHARGE, 0, 10_000),
        (compared({"a": ProviderSums(9_000)}, {"a": CREDITED}), DifferenceKind.AMOUNT, 10_000, 9_000),
        (compared({"a": ProviderSums(20_000)}, {"a": CREDITED}), DifferenceKind.AMOUNT, 10_000, 20_000),
        (compared({"a": ProviderSums(10_000)}, {"a": requested}), DifferenceKind.NOT_CREDITED, 0, 10_000),
        (compared({"a": ProviderSums(10_000, 10_000)}, {"a": CREDITED}), DifferenceKind.SENT_BACK, 0, 10_000),
        (compared({}, {"a": CREDITED}, paid={"a"}), DifferenceKind.NOT_COLLECTED, 10_000, 0),
        (
            compared({"a": ProviderSums(10_000)}, {"a": BookedSums(10_000, 10_000, 9_000)}, sent_back={"a"}),
            DifferenceKind.NOT_SENT_BACK,
            9_000,
            0,
        ),
    ]
    for found, kind, our_krw, provider_krw in cases:
        assert found == [Difference(kind, "a", our_krw, provider_krw)]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(-50_000, 50_000).filter(bool)), max_size=12))
def test_a_list_that_repeats_itself_sums_to_the_same(moves: list[tuple[str, int]]) -> None:
    listed = [ProviderMove(f"t{no}", order_id, krw, NOON) for no, (order_id, krw) in enumerate(moves)]

    sums = sums_of(listed)

    assert sums_of([*listed, *reversed(listed)]) == sums
    for order_id, of_order in sums.items():
        net_krw = sum(krw for each, krw in moves if each == order_id)
        assert of_order.collected_krw - of_order.sent_back_krw == net_krw
