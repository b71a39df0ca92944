"""What goes wrong on purpose between the bot and the Web API, and Slack's rate limits."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.sandbox.web_api import METHODS, TIERS

ANY = "*"
CHANNEL_BURST = 5
"""Messages that one channel takes at once before it is held to one a second."""


class Fault(StrEnum):
    """How a call fails. The ones named AFTER, and LOST_REPLY, have had their effect."""

    RATE_LIMITED = "429"
    ERROR = "500"
    UNAVAILABLE = "503"
    SILENT = "never answers"
    DROPPED = "connection dropped"
    LOST_REPLY = "connection dropped after the effect"
    ERROR_AFTER = "500 after the effect"
    SILENT_AFTER = "never answers after the effect"
    SLOW = "slow"


AFTER = frozenset({Fault.LOST_REPLY, Fault.ERROR_AFTER, Fault.SILENT_AFTER, Fault.SLOW})


@dataclass(eq=False)
class Injected:
    """One fault in force; `how` is a Fault or the error word of an `ok: false`."""

    method: str
    how: Fault | str
    left: int | None
    """How many more calls it hits; None until removed."""
    when: Callable[[Mapping[str, Any]], bool] | None = None
    retry_after: int = 1
    seconds: float = 0.0
    """Extra latency."""
    hits: int = 0
    on_removal: Callable[["Injected"], None] = field(default=lambda fault: None, repr=False)

    def remove(self) -> None:
        """Twice is harmless."""
        self.on_removal(self)

    def matches(self, method: str, args: Mapping[str, Any]) -> bool:
        return self.method in {method, ANY} and self.left != 0 and (self.when is None or self.when(args))


class Faults:
    def __init__(self) -> None:
        self.injected: list[Injected] = []

    def add(self, fault: Injected) -> Injected:
        fault.on_removal = self._remove
        self.injected.append(fault)
        return fault

    def take(self, method: str, args: Mapping[str, Any]) -> Injected | None:
        """The oldest fault that hits this call."""
        for fault in self.injected:
            if fault.matches(method, args):
                fault.hits += 1
                if fault.left is not None:
                    fault.left -= 1
                    if not fault.left:
                        self._remove(fault)
                return fault
        return None

    def clear(self) -> None:
        self.injected.clear()

    def _remove(self, fault: Injected) -> None:
        if fault in self.injected:
            self.injected.remove(fault)


@dataclass
class Bucket:
    """`size` calls at once, refilled with `rate` a second."""

    size: float
    rate: float
    level: float
    at: float

    def take(self, at: float) -> int:
        """0 when there was room, else the seconds to wait."""
        self.level = min(self.size, self.level + (at - self.at) * self.rate)
        self.at = at
        if self.level >= 1:
            self.level -= 1
            return 0
        return max(1, math.ceil((1 - self.level) / self.rate))


class RateLimits:
    """Slack's tiers per method, and a message a second per channel.  https://docs.slack.dev/apis/web-api/rate-limits"""

    def __init__(self) -> None:
        self._buckets: dict[str, Bucket] = {}

    def wait(self, method: str, args: Mapping[str, Any], at: float) -> int:
        """Seconds that the caller has to wait; 0 when it may go on. `at` in monotonic seconds."""
        if method == "chat.postMessage":
            return self._take(f"channel {args.get('channel')}", CHANNEL_BURST, 1.0, at)
        known = METHODS.get(method)
        per_minute = TIERS[known.tier] if known else TIERS[3]
        return self._take(method, per_minute, per_minute / 60, at)

    def _take(self, name: str, size: float, rate: float, at: float) -> int:
        return self._buckets.setdefault(name, Bucket(size, rate, size, at)).take(at)
