"""What stands in the way, as a column keeps it."""

from collections.abc import Mapping

from identity.domain.open_affairs import Hindrance, HindranceKind, Hindrances


def kept(hindrances: Hindrances) -> dict[str, int]:
    """How many of each kind."""
    return {each.kind.value: each.count for each in hindrances}


def hindrances_of(column: Mapping[str, int]) -> Hindrances:
    """What a column holds, in the order of the kinds."""
    return tuple(Hindrance(kind, column[kind.value]) for kind in HindranceKind if kind.value in column)
