"""Scripted trouble: which vendor's which call goes wrong, how, and how often."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

CALL_KINDS = frozenset(
    {
        "delay",  # Answer later: `delay_seconds`, then as usual.
        "5xx",  # HTTP `status` (500) in front of the vendor: nothing was done.
        "error",  # The vendor's own refusal: `status` and `body`, nothing was done.
        "rate",  # More than `per_second` calls in a second get the vendor's "too many".
        "drop_before",  # The connection breaks before the work.
        "drop_after",  # The work is done, then the connection breaks.
        "hang_after",  # The work is done, then silence.
        "5xx_after",  # The work is done, then HTTP `status` (500).
        "malformed",  # The work is done, then a body that is no JSON.
        "inner_error",  # Supplier only: outer code 0000, inner `code`; nothing was done.
        "page_repeat",  # Supplier's goods list only: answers the first page whatever was asked.
    }
)
REPORT_KINDS = frozenset(
    {
        "duplicate",  # The report goes out `copies` (2) times.
        "hold_report",  # The report waits until it is released through the control plane.
        "late_report",  # The report goes out `delay_seconds` later.
        "no_report",  # The report never goes out.
    }
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One piece of trouble. `times` None is for ever; `match` compares named fields of the call as text."""

    fault_id: int
    provider: str
    kind: str
    route: str | None = None
    match: Mapping[str, str] = field(default_factory=dict)
    times: int | None = 1
    delay_seconds: float = 1.0
    status: int = 500
    code: str = ""
    body: Any = None
    copies: int = 2
    per_second: float = 0.0

    def concerns(self, provider: str, route: str, fields: Mapping[str, str]) -> bool:
        """Whether this call or report is one that goes wrong."""
        return (
            provider == self.provider
            and self.route in {None, "*", route}
            and all(fields.get(name) == wanted for name, wanted in self.match.items())
        )


class Faults:
    """The faults that are still to strike, oldest first."""

    def __init__(self) -> None:
        self._faults: dict[int, Fault] = {}
        self._ids = itertools.count(1)
        self._windows: dict[int, tuple[int, int]] = {}

    def __bool__(self) -> bool:
        return bool(self._faults)

    def listed(self) -> list[Fault]:
        """Those still to strike."""
        return list(self._faults.values())

    def add(self, spec: Mapping[str, Any]) -> Fault:
        """Take a fault from the control plane. Raises ValueError naming what is wrong with it."""
        unknown = set(spec) - set(Fault.__slots__) | ({"fault_id"} & set(spec))
        if unknown:
            raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
        if not spec.get("provider"):
            raise ValueError("provider is missing")
        if spec.get("kind") not in CALL_KINDS | REPORT_KINDS:
            raise ValueError(f"kind is none of {', '.join(sorted(CALL_KINDS | REPORT_KINDS))}")
        default_times = None if spec["kind"] == "rate" else 1
        match = {str(name): str(value) for name, value in (spec.get("match") or {}).items()}
        fault = Fault(**{"times": default_times, **spec, "match": match, "fault_id": next(self._ids)})
        self._faults[fault.fault_id] = fault
        return fault

    def remove(self, fault_id: int) -> bool:
        """Take a fault back; False when it is not there (any more)."""
        return self._faults.pop(fault_id, None) is not None

    def clear(self) -> None:
        """Take all faults back."""
        self._faults.clear()

    def strike(
        self, kinds: frozenset[str], provider: str, route: str, fields: Mapping[str, str], now: float
    ) -> Fault | None:
        """The first fault of these kinds that concerns the call, used up by one."""
        for fault in self._faults.values():
            if fault.kind not in kinds or not fault.concerns(provider, route, fields):
                continue
            if fault.kind == "rate" and not self._above_rate(fault, now):
                continue
            self._use(fault)
            return fault
        return None

    def _use(self, fault: Fault) -> None:
        if fault.times is None:
            return
        if fault.times <= 1:
            del self._faults[fault.fault_id]
        else:
            self._faults[fault.fault_id] = replace(fault, times=fault.times - 1)

    def _above_rate(self, fault: Fault, now: float) -> bool:
        second, count = self._windows.get(fault.fault_id, (0, 0))
        count = count + 1 if second == int(now) else 1
        self._windows[fault.fault_id] = (int(now), count)
        return count > fault.per_second
