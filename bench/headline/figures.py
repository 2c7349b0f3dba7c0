"""The figures of the headline job: a table for people, an object for machines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from headline.small_orders import percentile
from headline.suite_job import Timing
from headline.usage import Usage

ACCEPTING = ("parse and validate", "store recipients")
"""The floors under accepting an order."""


@dataclass(frozen=True)
class Sized:
    """The suite's job at one size, and what it used."""

    recipients: int
    timing: Timing
    usage: Usage


@dataclass
class Rounds:
    """Everybody's runs, round by round."""

    floors: list[Mapping[str, float]] = field(default_factory=list)
    tuned: list[float] = field(default_factory=list)
    naive: list[float] = field(default_factory=list)
    suite: list[Timing] = field(default_factory=list)
    tenth: list[Timing] = field(default_factory=list)
    """The suite with a tenth of the recipients."""

    def last(self) -> str:
        """The round that was measured last."""
        floor, suite = sum(self.floors[-1].values()), self.suite[-1].handed_over
        return f"floors {floor:.2f} s, suite {suite:.2f} s, tuned {self.tuned[-1]:.2f} s, naive {self.naive[-1]:.2f} s"


def figures(
    recipients: int, sizes: Sequence[Sized], rounds: Rounds, idle: list[float], beside: list[float]
) -> Mapping[str, object]:
    """What the aims are stated in."""
    seconds = median(run.handed_over for run in rounds.suite)
    floor_seconds = median(sum(floor.values()) for floor in rounds.floors)
    accept_floor = median(sum(floor[name] for name in ACCEPTING) for floor in rounds.floors)
    accepted = median(run.accepted for run in rounds.suite)
    largest, before = sizes[-1].usage, sizes[max(0, len(sizes) - 2)].usage
    return {
        "lines": recipients,
        "seconds": round(seconds, 3),
        "floor_seconds": round(floor_seconds, 3),
        "to_floor": round(seconds / floor_seconds, 2),
        "vs_naive": round(median(rounds.naive) / seconds, 2),
        "vs_tuned": round(median(rounds.tuned) / seconds, 2),
        "accept_seconds": round(accepted, 3),
        "accept_to_floor": round(accepted / accept_floor, 2),
        "growth": round(seconds / median(run.handed_over for run in rounds.tenth), 2),
        "small_order_p99_ratio": round(percentile(beside) / percentile(idle), 2),
        "cpu_seconds_per_1000_lines": round(sum(largest.cpu_seconds.values()) / recipients * 1_000, 2),
        "peak_mib": round(max(largest.services_mib.values()), 1),
        "memory_growth": round(max(largest.services_mib[name] / mib for name, mib in before.services_mib.items()), 2),
        **largest.counted,
    }


def table(sizes: Sequence[Sized], rounds: Rounds, idle: list[float], beside: list[float]) -> str:
    """The same and more, to read."""
    lines = [
        "",
        "  The suite's job by size",
        f"  {'recipients':>12} {'accepted s':>11} {'last coupon':>12} {'handed over':>12}",
    ]
    lines[-1] += f" {'sent':>8} {'events':>8} {'statements':>11} {'largest MiB':>12}"
    for size in sizes:
        timing, usage = size.timing, size.usage
        lines.append(
            f"  {size.recipients:>12,} {timing.accepted:>11.3f} {timing.issued:>12.2f} {timing.handed_over:>12.2f}"
            f" {timing.sent:>8.1f} {usage.counted['events']:>8,} {usage.counted['statements']:>11,}"
            f" {max(usage.services_mib.values()):>12.0f}"
        )
    contenders = {
        "suite": [run.handed_over for run in rounds.suite],
        "tuned Celery": rounds.tuned,
        "naive Celery": rounds.naive,
        "sum of floors": [sum(floor.values()) for floor in rounds.floors],
        **{f"  {name}": [floor[name] for floor in rounds.floors] for name in rounds.floors[0]},
        "suite, a tenth": [run.handed_over for run in rounds.tenth],
        "accepting": [run.accepted for run in rounds.suite],
        "small order, idle": idle,
        "small order, beside": beside,
    }
    lines += ["", f"  {'seconds':<24} {'median':>8} {'least':>8} {'most':>8}"]
    lines += [
        f"  {name:<24} {median(runs):>8.3f} {min(runs):>8.3f} {max(runs):>8.3f}" for name, runs in contenders.items()
    ]
    lines += ["", f"  {'peak MiB':<24} " + " ".join(f"{size.recipients:>8,}" for size in sizes)]
    for name in sizes[-1].usage.peak_mib:
        lines.append(f"  {name:<24} " + " ".join(f"{size.usage.peak_mib[name]:>8.0f}" for size in sizes))
    lines += ["", f"  {'CPU seconds':<24} " + " ".join(f"{size.recipients:>8,}" for size in sizes)]
    for name in sizes[-1].usage.cpu_seconds:
        lines.append(f"  {name:<24} " + " ".join(f"{size.usage.cpu_seconds[name]:>8.2f}" for size in sizes))
    return "\n".join(lines)
