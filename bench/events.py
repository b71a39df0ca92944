"""A flood in incident channels: 500 events a second for ten seconds, and what a command waits meanwhile.

Four of five events are messages, the others pushpins on them; every event is signed and delivered by HTTP as Slack
does, at its time, whether the earlier ones are answered or not. Beside them somebody types a command every 200 ms.
"""

import asyncio
import json
import sqlite3
import statistics
import sys
import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import psycopg

from bench.start import LATENCY, bot, memory, postgres, row
from bot.sandbox.jira import Jira
from bot.sandbox.slack import Person, Slack

RATE, SECONDS = 500, 10
CHANNELS = 5
EVERY = 0.2
"""Seconds between commands."""


@dataclass
class Sent:
    acknowledged: list[float] = field(default_factory=list)
    commands: list[float] = field(default_factory=list)
    refused: int = 0


def event(slack: Slack, n: int, channel: str, user: str, base: float) -> dict[str, Any]:
    """The n-th event: every fifth is a pushpin on the message before it."""
    ts = f"{base + n // 5 * 5 / RATE:.6f}" if n % 5 == 4 else f"{base + n / RATE:.6f}"
    inner: dict[str, Any]
    if n % 5 == 4:
        item = {"type": "message", "channel": channel, "ts": ts}
        inner = {"type": "reaction_added", "user": user, "reaction": "pushpin", "item": item, "event_ts": ts}
    else:
        inner = {"type": "message", "channel": channel, "user": user, "ts": ts, "event_ts": ts}
        inner |= {
            "text": f"line {n}: the pool of connections is at 100 %, latency 2.1 s",
            "channel_type": "channel",
        }
    return {**slack.common(), "type": "event_callback", "event_id": f"Ev{n:08d}", "event": inner}


async def flood(slack: Slack, url: str, channels: list[str], user: str, sent: Sent) -> None:
    """Each event at its own time, and again as Slack would where it was not taken."""
    connector = aiohttp.TCPConnector(limit=64)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def one(n: int, base: float) -> None:
            # Of one message and its mark the channel is the same.
            body = json.dumps(event(slack, n, channels[n // 5 % len(channels)], user, base)).encode()
            began = time.monotonic()
            for _ in range(3):
                headers = slack.signature(body) | {"content-type": "application/json"}
                async with session.post(url, data=body, headers=headers) as answer:
                    if answer.status == 200:
                        sent.acknowledged.append((time.monotonic() - began) * 1000)
                        return
                    sent.refused += 1

        base, began = time.time(), time.monotonic()
        tasks = []
        for n in range(RATE * SECONDS):
            wait = began + n / RATE - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            tasks.append(asyncio.create_task(one(n, base)))
        await asyncio.gather(*tasks)


async def typing(carol: Person, key: str, sent: Sent) -> None:
    for n in range(int(SECONDS / EVERY)):
        began = time.monotonic()
        answer = await carol.type(f"/incident note {key} number {n}", in_="general")
        sent.commands.append((time.monotonic() - began) * 1000)
        assert "Noted" in answer.text, answer.text
        await asyncio.sleep(max(0.0, EVERY - (time.monotonic() - began)))


def kept(url: str) -> tuple[int, int]:
    """Messages and marks that the database holds."""
    asked = ("SELECT count(*) FROM said", "SELECT count(*) FROM entry WHERE kind = 'message_marked'")
    if url.startswith("sqlite"):
        link = sqlite3.connect(url.removeprefix("sqlite:///"))
        found = [link.execute(sql).fetchone()[0] for sql in asked]
        link.close()
    else:
        with psycopg.connect(url) as server:
            found = [(server.execute(sql).fetchone() or (0,))[0] for sql in asked]
    return found[0], found[1]


async def main() -> None:
    """On SQLite; with the word `postgres`, there."""
    with postgres() if "postgres" in sys.argv[1:] else nullcontext("") as url:
        await measure(url)


async def measure(url: str) -> None:
    slack, jira = Slack(latency=LATENCY), Jira(kind="cloud", latency=LATENCY)
    async with slack.serve(), jira.serve():
        carol = slack.person("carol", email="carol@acme.dev", tz="Europe/London")
        slack.person("alice", email="alice@acme.dev", tz="Europe/London")
        for name in ("general", "incidents"):
            slack.channel(name, members=[carol])
        jira.project("PAY")
        async with bot(slack, jira, url) as started:
            for n in range(CHANNELS):
                await carol.type(
                    f"/incident start checkout sev2 card payments fail, number {n}", in_="general"
                )
            await slack.until(lambda: len(slack.calls_of("pins.add")) >= CHANNELS, within=20)
            await asyncio.sleep(2)
            rooms = [c.id for c in slack.workspace.channels.values() if c.name.startswith("inc-")]
            door = slack.courier.url
            assert door is not None
            sent, began = Sent(), time.monotonic()
            await asyncio.gather(flood(slack, door, rooms, carol.id, sent), typing(carol, "INC-1", sent))
            took, wanted = time.monotonic() - began, RATE * SECONDS
            messages, marks = kept(started.url)
            while marks < wanted // 5 and time.monotonic() - began < 60:
                await asyncio.sleep(0.5)
                messages, marks = kept(started.url)
            all_marked, used = time.monotonic() - began, memory(started.process.pid)
    acknowledged, commands = sorted(sent.acknowledged), sorted(sent.commands)
    p99 = acknowledged[int(len(acknowledged) * 0.99) - 1] if acknowledged else 0.0
    row("what", "measured", "aim", "peers on the same work")
    row("events sent, taken", f"{wanted}, {len(acknowledged)}", "all")
    row(
        "events a second",
        f"{wanted / took:.0f}",
        f"{RATE}",
        "incidentbot 15 rows/s, Response 120/s (lost half)",
    )
    row(
        "event acknowledged, median / p99",
        f"{statistics.median(acknowledged):.0f} / {p99:.0f} ms",
        "< 3000 ms",
    )
    row("messages recorded", f"{messages}", f"{wanted * 4 // 5}")
    row("marked messages in the timelines", f"{marks} in {all_marked:.0f} s", f"{wanted // 5}")
    row(
        "commands meanwhile, median (max)",
        f"{statistics.median(commands):.0f} ({commands[-1]:.0f}) ms",
        "all < 250 ms",
    )
    row("refused and sent again", f"{sent.refused}", "0")
    row("memory after it", f"{used:.0f} MB", "")


if __name__ == "__main__":
    asyncio.run(main())
