"""A storm, timed from outside: 1,000 alerts for 20 services reach the real bot as its own process.

The sandbox's Slack takes 100 ms a call and holds to Slack's rate limits. Prints what design work aims at beside
what was measured, for one body that holds all, one for each service, and a hundred small ones at once.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import aiohttp

from bench.start import LATENCY, bot, free_port, postgres, row
from bot.sandbox.jira import Jira
from bot.sandbox.slack import Call, Person, Slack

ALERTS, SERVICES = 1000, 20
TOKEN = "only for this bench"
HOW = ("one body", "a body for each service", "a hundred small bodies")
AFTER = 25.0
"""Seconds in which the channels of a storm may open: Slack allows twenty new ones a minute."""

CONFIG = """
[slack]
api_url = "{slack}"
announce_channel = "incidents"
[jira]
url = "{jira}"
""" + "".join(
    f"""
[[person]]
id = "p{n}"
email = "p{n}@acme.dev"
[[team]]
id = "team{n}"
jira_project = "PAY"
fallback = "p{n}"
[[team.layers]]
participants = ["p{n}"]
rotation = {{{{ kind = "weekly", length = 1, handoff = "09:00", weekday = "mon", start = "2026-01-05T09:00" }}}}
[[service]]
id = "service{n}"
team = "team{n}"
runbook = "https://runbooks.acme.dev/service{n}"
"""
    for n in range(SERVICES)
)

Alert = dict[str, Any]


def storm() -> list[Alert]:
    """As an outage sends it: the services' alerts all mixed, few of them critical."""
    return [
        {
            "status": "firing",
            "labels": {
                "alertname": f"Alert{n // SERVICES}",
                "service": f"service{n % SERVICES}",
                "instance": f"10.0.{n % 250}.7:8080",
                "severity": "critical" if n % 97 == 0 else "warning",
            },
            "annotations": {
                "summary": f"Alert {n // SERVICES} of service{n % SERVICES}",
                "description": "More than 5 % of the requests of the last 5 minutes were answered with 5xx. "
                * 3,
                "runbook_url": "https://wiki.acme.dev/runbooks/errors",
            },
            "startsAt": "2026-11-24T09:58:26.739266Z",
            "generatorURL": "http://prometheus.acme.dev/graph?g0.expr=rate%28errors%5B5m%5D%29",
            "fingerprint": f"{n:016x}",
        }
        for n in range(ALERTS)
    ]


def bodies(how: str) -> list[list[Alert]]:
    alerts = storm()
    if how == "one body":
        return [alerts]
    if how == "a body for each service":
        return [alerts[n::SERVICES] for n in range(SERVICES)]
    return [alerts[n : n + 10] for n in range(0, ALERTS, 10)]


@dataclass
class Measured:
    incidents: int
    pages: int
    last_page: float
    answered: float
    before: int
    refused_pages: int
    refused: int
    command: float
    channels: int
    after: float


def is_page(call: Call) -> bool:
    return call.method == "chat.postMessage" and str(call.args.get("channel", "")).startswith("U")


def is_refused(call: Call) -> bool:
    return (call.answer or {}).get("error") == "ratelimited"


async def measure(url: str, how: str) -> Measured:
    slack, jira = Slack(latency=LATENCY, rate_limits=True), Jira(kind="cloud", latency=LATENCY)
    async with slack.serve(), jira.serve():
        carol = slack.person("carol", email="carol@acme.dev", tz="Europe/London")
        for n in range(SERVICES):
            slack.person(f"p{n}", email=f"p{n}@acme.dev", tz="Europe/London")
        for name in ("general", "incidents"):
            slack.channel(name, members=[carol])
        jira.project("PAY")
        port = free_port()
        async with bot(slack, jira, url, config=CONFIG, port=port, secrets={"ALERT_TOKEN": TOKEN}):
            await slack.until(lambda: len(slack.calls_of("users.lookupByEmail")) >= SERVICES, within=20)
            await asyncio.sleep(1)
            return await storming(slack, carol, port, bodies(how))


async def storming(slack: Slack, carol: Person, port: int, sent: Sequence[list[Alert]]) -> Measured:
    seen, address = len(slack.calls), f"http://127.0.0.1:{port}/hooks/alerts/alertmanager"
    incidents: set[str] = set()
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as session:

        async def post(body: bytes) -> None:
            async with session.post(address, data=body) as answer:
                incidents.update((await answer.json())["incidents"])

        ready = [json.dumps({"version": "4", "alerts": alerts}).encode() for alerts in sent]
        began = time.monotonic()
        storm = asyncio.gather(*(post(body) for body in ready))
        commands: list[float] = []
        while not storm.done():
            asked = time.monotonic()
            await carol.type("/incident list", in_="general")
            commands.append(time.monotonic() - asked)
            await asyncio.sleep(0.02)
        await storm
        answered = time.monotonic() - began

    def done() -> list[Call]:
        return [c for c in slack.calls[seen:] if is_page(c) and c.answered_at and not is_refused(c)]

    await slack.until(lambda: len(done()) >= SERVICES, within=60)
    pages, calls = done(), slack.calls[seen:]
    last_left = max(call.at for call in pages)
    before = [c for c in calls if not is_page(c) and c.method != "response_url" and c.at < last_left]
    refused_pages = [c for c in calls if is_page(c) and is_refused(c)]

    def pinned() -> int:
        return sum(
            1 for c in slack.calls[seen:] if c.method == "pins.add" and c.answered_at and not is_refused(c)
        )

    while pinned() < SERVICES and time.monotonic() - began < AFTER:
        await asyncio.sleep(0.1)
    after = time.monotonic() - began
    await asyncio.sleep(max(0.0, AFTER - after))
    return Measured(
        len(incidents),
        len(done()),
        max(c.answered_at or 0.0 for c in pages) - began,
        answered,
        len(before),
        len(refused_pages),
        sum(map(is_refused, slack.calls[seen:])),
        max(commands),
        pinned(),
        after,
    )


def show(how: str, m: Measured) -> None:
    print(f"\n{ALERTS} alerts for {SERVICES} services, {how}")
    row("incidents · first pages", f"{m.incidents} · {m.pages}", f"{SERVICES} · {SERVICES}")
    row("last first page delivered", f"{m.last_page:.2f} s", "< 3 s")
    row("everything stored, last body answered", f"{m.answered:.2f} s", "")
    row("other calls before the last page left", str(m.before), "0")
    row("pages that Slack refused (429)", str(m.refused_pages), "0")
    row("slowest command meanwhile", f"{m.command * 1000:.0f} ms", "< 250 ms")
    row(f"channels ready within {AFTER:.0f} s", f"{m.channels} ({m.after:.1f} s)", f"{SERVICES}")
    row(f"calls that Slack refused (429) in {AFTER:.0f} s", str(m.refused), "few")


async def main() -> None:
    """On SQLite; with the word `postgres`, there."""
    for how in HOW:
        with postgres() if "postgres" in sys.argv[1:] else nullcontext("") as url:
            show(how, await measure(url, how))


if __name__ == "__main__":
    asyncio.run(main())
