"""How fast a provider takes messages, channel by channel: no channel waits for another's turn."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rate:
    """The calls a second of a channel; without a limit there are as many as there is work."""

    lane: str
    per_second_max: float | None = None


@dataclass(frozen=True)
class Rates:
    """The rates at a message provider. SMS is the channel of one-time codes and of nothing else."""

    alimtalk: Rate
    mms: Rate
    sms: Rate

    @classmethod
    def of(cls, *, alimtalk: float | None, mms: float | None, sms: float | None) -> "Rates":
        """Rates by the calls a second that each channel may make."""
        return cls(Rate("alimtalk", alimtalk), Rate("mms", mms), Rate("sms", sms))
