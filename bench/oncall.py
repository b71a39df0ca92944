"""Who is on call, timed on one core: ten thousand schedules, a year's final schedule, and what a rotation's age costs.

The schedules are made up from a fixed seed: every kind of rotation, six zones, one or two layers, half of them
with restrictions. What was measured elsewhere on the same work stands beside it.
"""

import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.core.oncall import DAYS, Schedule, final, next_change, who

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
YEAR = timedelta(days=365)
MANY = 10_000
ZONES = ("Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Sydney", "UTC", "Europe/Berlin")
OFFICE = [{"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "17:00"}]
PEERS = "GoAlert (Go) 0.9 s, icalendar + recurring-ical-events 21 s, Grafana OnCall 66 s"


def layer(dice: random.Random) -> dict[str, Any]:
    kind = dice.choice(["hourly", "daily", "weekly", "monthly", "custom"])
    length: Any = {"days": 1, "hours": 12} if kind == "custom" else dice.choice([1, 2, 8])
    start = datetime(dice.randint(2016, 2025), dice.randint(1, 12), dice.randint(1, 28), 9)  # noqa: DTZ001  # local
    rotation = {
        "kind": kind,
        "length": length,
        "handoff": "09:00",
        "start": start.isoformat(timespec="minutes"),
    }
    rotation |= {"weekday": dice.choice(DAYS)} if kind == "weekly" else {}
    rotation |= {"monthday": dice.randint(1, 31)} if kind == "monthly" else {}
    return {"rotation": rotation, "participants": ["a", "b", "c", ["d", "e"]]}


def written(number: int, dice: random.Random) -> dict[str, Any]:
    layers = [layer(dice) for _ in range(dice.choice([1, 2]))]
    if number % 2:
        layers[-1]["restrictions"] = OFFICE
    return {"tz": dice.choice(ZONES), "layers": layers}


def taken(work: Callable[[], object]) -> float:
    """Seconds of one core; what else the machine does meanwhile is not counted."""
    began = time.process_time()
    work()
    return time.process_time() - began


def of_age(years: int) -> Schedule:
    start = f"{2026 - years}-01-05T09:00"
    weekly = {"kind": "weekly", "length": 1, "handoff": "09:00", "weekday": "mon", "start": start}
    daily = {"kind": "daily", "length": 1, "handoff": "09:00", "start": start}
    layers = [
        {"rotation": weekly, "participants": ["a", "b", "c"]},
        {"rotation": daily, "participants": ["d", "e"], "restrictions": OFFICE},
    ]
    return Schedule.parse({"tz": "Europe/London", "layers": layers})


def ratio(work: Callable[[Schedule], object], runs: int) -> float:
    """What ten years cost, against none: the two take turns, so that both meet the same noise."""
    old, new = of_age(10), of_age(0)
    times: dict[str, list[float]] = {"old": [], "new": []}
    for _ in range(runs):
        times["old"].append(taken(lambda: work(old)))
        times["new"].append(taken(lambda: work(new)))
    return statistics.median(times["old"]) / statistics.median(times["new"])


def line(what: str, measured: str, aim: str = "", met: bool | None = None, peers: str = "") -> None:
    said = {True: "met", False: "MISSED", None: ""}[met]
    print(f"{what:<52} {measured:>18}   {aim:<8} {said:<7} {peers}".rstrip())


def main() -> None:
    dice = random.Random(1)
    raw = [written(number, dice) for number in range(MANY)]
    schedules: list[Schedule] = []
    parsing = taken(lambda: schedules.extend(Schedule.parse(one) for one in raw))
    answering = taken(lambda: [who(one, NOW) for one in schedules])
    changing = taken(lambda: [next_change(one, NOW) for one in schedules])
    total = parsing + answering
    print(f"{'what':<52} {'measured':>18}   {'aim':<16} peers on the same work")
    line("10,000 schedules parsed once and answered", f"{total:.3f} s", "< 0.3 s", total < 0.3, PEERS)
    line("  of which parsing", f"{parsing:.3f} s")
    line("  of which answering for one instant", f"{answering:.3f} s")
    line("10,000 schedules: the next change", f"{changing:.3f} s")
    layered = of_age(0)
    years = [taken(lambda: final(layered, NOW, NOW + YEAR)) * 1000 for _ in range(30)]
    best, usual = min(years), statistics.median(years)
    what = "a year's final, two layers, restrictions: best, median"
    line(what, f"{best:.2f}, {usual:.2f} ms", "< 5 ms", usual < 5)
    for what, old_against_new in (
        ("who", ratio(lambda s: [who(s, NOW) for _ in range(50)], 200)),
        ("the next change", ratio(lambda s: next_change(s, NOW), 200)),
        ("a year's final", ratio(lambda s: final(s, NOW, NOW + YEAR), 60)),
    ):
        line(f"ten years old against new: {what}", f"{old_against_new:.2f}", "< 1.1", old_against_new < 1.1)


if __name__ == "__main__":
    main()
