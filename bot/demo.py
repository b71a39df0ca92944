"""A whole workspace without an account anywhere: the sandbox's Slack and Jira, and the real bot between them.

`play` runs one incident and shows what each person sees and does; `stay` lets a person type and press.
"""

import asyncio
import logging
import shutil
import sys
import tempfile
import textwrap
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Protocol

from bot import cli
from bot.config import Live, load
from bot.db import migrate
from bot.flows import World, views
from bot.sandbox.forms import fields
from bot.sandbox.jira import Jira
from bot.sandbox.person import Person
from bot.sandbox.records import Channel
from bot.sandbox.rendering import blocks_text, visible_text
from bot.sandbox.screen import NotThere, Shown
from bot.sandbox.slack import Slack

LATENCY = 0.1
"""Seconds that the demo's Slack takes for each call, as a real one does."""

PEOPLE = {
    "alice": ("Alice", "Europe/London"),
    "bob": ("Bob", "Europe/Berlin"),
    "carol": ("Carol", "America/New_York"),
    "dana": ("Dana", "Europe/London"),
}

CONFIG = """
[slack]
api_url = "{slack}"
announce_channel = "incidents"
[jira]
url = "{jira}"
[web]
base_url = "http://127.0.0.1"
[database]
url = "sqlite:///{folder}/writeback.db"
[paging]
ack_timeout = "2m"

[[person]]
id = "alice"
email = "alice@acme.example"
[[person]]
id = "bob"
email = "bob@acme.example"
[[person]]
id = "dana"
email = "dana@acme.example"

[[team]]
id = "payments"
name = "Payments"
timezone = "Europe/London"
channel = "team-payments"
jira_project = "PAY"
jira_components = ["checkout"]
lead = "dana"
escalation = [
  {{ targets = ["oncall"], wait = "2m" }},
  {{ targets = ["next", "@dana"], wait = "5m" }},
]
[[team.layers]]
participants = ["alice", "bob"]
rotation = {{ kind = "weekly", length = 1, handoff = "09:00", weekday = "mon", start = "{start}T09:00" }}

[[service]]
id = "checkout"
team = "payments"
aliases = ["basket"]
paths = ["services/checkout/**"]
runbook = "https://runbooks.acme.example/checkout"
dashboards = [{{ name = "Checkout", url = "https://graphs.acme.example/checkout" }}]
switches = [{{ name = "fraud check off", how = "flag fraud.enabled = false", url = "https://flags.acme.example/fraud" }}]
"""


class Running(Protocol):
    def __call__(self, live: Live, *, port: int) -> AbstractAsyncContextManager["Process"]: ...


class Process(Protocol):
    world: World
    port: int | None


@dataclass
class Stage:
    """The workspace, the bot in it, and the clock of the play."""

    slack: Slack
    jira: Jira
    world: World
    people: dict[str, Person]
    began: float = field(default_factory=time.monotonic)

    def say(self, who: str, what: str) -> None:
        """One act or sight, with the seconds since the play began."""
        stamp = f"{time.monotonic() - self.began:7.3f} s"
        lines = what.splitlines() or [""]
        print(f"{stamp}  {who:<18} {lines[0]}")
        for line in lines[1:]:
            print(f"{'':11}{'':18} {line}")


@asynccontextmanager
async def staged(running: Running) -> AsyncIterator[Stage]:
    """The workspace in a scratch folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="writeback-demo-"))
    slack, jira = Slack(latency=LATENCY), Jira(kind="cloud", latency=LATENCY)
    try:
        async with slack.serve(), jira.serve():
            people = {
                name: slack.person(name, real_name=called, email=f"{name}@acme.example", tz=zone)
                for name, (called, zone) in PEOPLE.items()
            }
            for name, (called, _) in PEOPLE.items():
                jira.user(f"{name}@acme.example", called)
            for channel in ("support", "incidents", "team-payments"):
                slack.channel(channel, members=list(people.values()))
            jira.project("PAY", components=["checkout"])
            # The Monday on or before today, so that Alice is the one on call.
            today = time.gmtime()
            monday = time.strftime(
                "%Y-%m-%d", time.gmtime(time.time() - today.tm_wday * 86400 - 7 * 86400 * 2)
            )
            config = folder / "config.toml"
            config.write_text(CONFIG.format(slack=slack.api_url, jira=jira.url, folder=folder, start=monday))
            env = {
                "WRITEBACK_CONFIG": str(config),
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_SIGNING_SECRET": slack.signing_secret,
                "JIRA_USER": "writeback@acme.example",
                "JIRA_TOKEN": jira.token,
                "JIRA_WEBHOOK_SECRET": "signs what the demo's Jira tells",
            }
            live = load(env, folder)
            migrate(live.config.database.url)
            async with running(live, port=0) as bot:
                slack.deliver_to(f"http://127.0.0.1:{bot.port}/slack/events")
                jira.hooks.url = f"http://127.0.0.1:{bot.port}/hooks/jira"
                jira.hooks.secret = env["JIRA_WEBHOOK_SECRET"]
                yield Stage(slack, jira, bot.world, people)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# ---- the play --------------------------------------------------------------------------------


async def play(stage: Stage) -> int:
    """One incident, end to end; the exit status: 0 when everything that should stand at the end does."""
    slack = stage.slack
    alice, carol = stage.people["alice"], stage.people["carol"]

    async def types(who: Person, words: str, in_: str) -> None:
        stage.say(f"{who.user.real_name} types", f"in #{in_}: {words}")
        shown = await who.type(words, in_=in_)
        stage.say(f"{who.user.real_name} reads", wrapped(shown.error or shown.text))

    stage.say("", "Carol of customer support sees complaints. She does not know who wrote the checkout.")
    await types(carol, "/incident start checkout sev2 card payments fail with 502", "support")
    await slack.until(alice.dms)
    stage.say("Alice's phone", wrapped(alice.dms()[-1].text))
    await asyncio.sleep(0.5)
    stage.say("Alice taps", "[Acknowledge]")
    await alice.press("Acknowledge", in_=alice.dm)
    await slack.until(lambda: "You acknowledged it" in alice.dms()[-1].text)
    stage.say("Alice's phone", wrapped(alice.dms()[-1].text.splitlines()[-1]))
    channel = await slack.until(lambda: slack.channel_named("inc-1-card-payments-fail-with-502"))
    await slack.until(
        lambda: (
            channel.pins and channel.bookmarks and "Alice" in channel.topic + visible_text(channel.pins[0])
        )
    )
    members = ", ".join(
        slack.workspace.users[user].real_name or slack.workspace.users[user].name for user in channel.members
    )
    stage.say("Channel", f"#{channel.name} with {members}\ntopic: {channel.topic}")
    stage.say("Pinned headline", wrapped(visible_text(channel.pins[0])))
    place = channel.name
    stage.say("Alice taps", "[Take the lead]")
    await alice.press("Take the lead", in_=channel)
    await types(alice, "/incident status identified the fraud service answers 502, checkout gives up", place)
    await types(alice, "/incident mitigate switch fraud check off", place)
    await types(alice, "/incident update card payments work again without the fraud check", place)
    await types(alice, "/incident resolve the fraud service was rolled back by its team", place)
    await types(
        alice, "/incident action switches turn the fraud check off by itself when it fails due 2w", place
    )
    await types(alice, "/incident action alert when the share of failed card payments rises @alice", place)
    stage.say("Alice taps", "[Metrics and monitoring]")
    await alice.press("Metrics and monitoring", in_=place)
    await slack.until(lambda: len(stage.jira.issues) == 2, within=10)
    await quiet(stage)
    stage.say("Alice in Jira", "moves PAY-1 to Done")
    stage.jira.move("PAY-1", "Done")
    await slack.until(lambda: "in Jira: " in visible_text(channel.messages[-1]), within=10)
    stage.say("Channel", wrapped(visible_text(channel.messages[-1])))
    await types(alice, "/incident actions", place)
    await types(carol, "/incident show INC-1", "support")
    seen = await views.by_key(stage.world, "INC-1")
    assert seen is not None
    stage.say("Announcement", wrapped(visible_text(slack.channel_named("incidents").messages[-1])))
    print("\nThe timeline, as every door shows it:\n")
    for line in seen.lines:
        print(f"  {line.at:%H:%M:%S}  {line.text}")
    print("\nIn the owner's Jira project:\n")
    for key, issue in stage.jira.issues.items():
        print(f"  {key}  {issue.summary}\n         {' '.join(sorted(issue.labels))}")
    print("\nThe postmortem (writeback export INC-1):\n")
    print(textwrap.indent((await views.postmortem(stage.world, seen)).markdown(), "  "))
    return verdict(cli.record(seen), stage)


def verdict(shown: dict[str, object], stage: Stage) -> int:
    """Whether what the play promises is there, read from the database and from Jira, not from what was printed."""
    pages, actions, jobs = shown["pages"], shown["actions"], shown["jobs"]
    assert isinstance(pages, list)
    assert isinstance(actions, list)
    assert isinstance(jobs, dict)
    labelled = all(
        any(label.startswith("operability-") for label in i.labels) for i in stage.jira.issues.values()
    )
    wrong = [
        what
        for what, holds in {
            "Alice's page was acknowledged": [(p["person"], p["state"]) for p in pages]
            == [("alice", "acknowledged")],
            "the incident is resolved": shown["status"] == "resolved",
            "two items stand in PAY": sorted(str(a["jira"]) for a in actions) == ["PAY-1", "PAY-2"],
            "each has its operability label": labelled and len(stage.jira.issues) == 2,
            "no job failed": jobs["failed"] == 0,
        }.items()
        if not holds
    ]
    for what in wrong:
        print(f"not so: {what}", file=sys.stderr)
    print("INC-1 is over: the owner was paged first, and what was learnt stands in the owner's own backlog.")
    return 1 if wrong else 0


def wrapped(text: str) -> str:
    return "\n".join(part for line in text.splitlines() for part in (textwrap.wrap(line, 88) or [""]) if part)


async def quiet(stage: Stage) -> None:
    """Until everything that INC-1 asked for is done (timers for later aside)."""

    async def done() -> bool:
        seen = await views.by_key(stage.world, "INC-1")
        return seen is not None and all(action.jira for action in seen.actions) and not seen.due

    await stage.slack.until(done, within=15)


# ---- typing and pressing -----------------------------------------------------------------------

HELP = """Type as one of alice, bob, carol or dana. Alice is on call for Payments, which owns `checkout`.

  /incident start checkout sev2 cards fail      any command, typed where you are
  press Acknowledge                             tap a button that you can see
  fill What happened: cards fail                put words into a field of the form in front of you
  submit · close                                send the form · put it away
  react pushpin cards fail                      mark the newest message with these words
  hello · @writeback who is on call?            anything else is said in the channel
  as alice · in incidents · in dm               become somebody · go to a channel, or to what the bot told you alone
  look · home · channels · jira                 what you see here · the Home tab · what there is · its issues
  jira PAY-1 Done                               somebody moves the issue in Jira
  help · quit
"""


async def stay(stage: Stage) -> int:
    """Read lines until the end of input or `quit`."""
    seat = Seat(stage)
    print(HELP)
    while True:
        print(f"{seat.who.name} in {seat.place}> ", end="", flush=True)
        line = await asyncio.to_thread(sys.stdin.readline)
        if not line or line.strip() in {"quit", "exit"}:
            return 0
        try:
            await seat.does(line.strip())
        except LookupError as error:
            print(error)


@dataclass
class Seat:
    """Who sits at the keyboard, and where they are in Slack."""

    stage: Stage
    name: str = "carol"
    place: str = "support"

    @property
    def who(self) -> Person:
        return self.stage.people[self.name]

    @property
    def where(self) -> Channel:
        return self.who.dm if self.place == "dm" else self.stage.slack.channel_named(self.place)

    async def does(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        if word in self.LOOKING:
            self.LOOKING[word](self, rest.strip())
        elif word in self.ACTING:
            await self.shown(await self.ACTING[word](self, rest.strip()))
        elif line.startswith("/"):
            await self.shown(await self.who.type(line, in_=self.where))
        elif line:
            await self.who.say(line, in_=self.where)
            await self.after("")

    async def press(self, label: str) -> Shown:
        """The form in front of them first, then where they are, then whatever else they can see."""
        if self.who.modal is None:
            try:
                return await self.who.press(label, in_=self.where)
            except NotThere as here:
                try:
                    return await self.who.press(label)
                except NotThere:
                    raise here from None
        return await self.who.press(label)

    async def fill(self, words: str) -> Shown:
        label, _, value = words.partition(":")
        return await self.who.fill({label.strip(): value.strip()})

    async def submit(self, _: str) -> Shown:
        return await self.who.fill_and_submit()

    async def close(self, _: str) -> Shown:
        return await self.who.close()

    async def react(self, words: str) -> Shown:
        emoji, _, message = words.partition(" ")
        await self.who.react(emoji, message)
        return Shown()

    async def home(self, _: str) -> Shown:
        await self.who.open_home()
        view = await self.stage.slack.until(lambda: self.who.home)
        return Shown(blocks_text(view.blocks, self.stage.slack.workspace, tz=self.who.user.tz))

    async def shown(self, shown: Shown) -> None:
        form = shown.view
        await self.after(shown.error or shown.text)
        if form is not None and form is self.who.modal:
            labels = " · ".join(field.label for field in fields(form.blocks) if field.label)
            print(f"  A form is open: {form.title}. `fill`, `submit` or `close`. {labels}")

    async def after(self, text: str) -> None:
        """What the bot answered, and a moment later what everybody has in their direct messages."""
        if text:
            print(textwrap.indent(wrapped(text), "  "))
        counts = {name: len(person.dms()) for name, person in self.stage.people.items()}
        await asyncio.sleep(0.6)
        for name, person in self.stage.people.items():
            for message in person.dms()[counts[name] :]:
                print(f"  → {name}'s phone:\n{textwrap.indent(wrapped(message.text), '      ')}")

    def become(self, name: str) -> None:
        if name not in self.stage.people:
            raise LookupError(f"there is no {name}; there are {', '.join(self.stage.people)}")
        self.name = name

    def go(self, place: str) -> None:
        place = place.removeprefix("#")
        if place != "dm":
            self.stage.slack.channel_named(place)
        self.place = place

    def look(self, _: str) -> None:
        for message in self.who.sees(self.where)[-10:]:
            print(f"  {message.by}:\n{textwrap.indent(wrapped(message.text), '      ')}")

    def channels(self, _: str) -> None:
        for channel in self.stage.slack.workspace.channels.values():
            if channel.name:
                print(f"  #{channel.name}  {channel.topic}")

    def help(self, _: str) -> None:
        print(HELP)

    async def jira(self, words: str) -> Shown:
        """The issues; with a key and a status, moves one as somebody would who works there."""
        issues = self.stage.jira.issues
        key, _, status = words.partition(" ")
        if words:
            if key not in issues:
                raise LookupError(f"there is no {key}; there are {', '.join(issues) or 'no issues yet'}")
            there = {known.name.lower(): known.name for known in issues[key].project.workflow.statuses}
            if status.lower() not in there:
                raise LookupError(f"{key} can be moved to {', '.join(there.values())}: `jira {key} Done`")
            self.stage.jira.move(key, there[status.lower()])
        lines = [
            f"{key}  {issue.status}  {issue.summary}  {' '.join(sorted(issue.labels))}"
            for key, issue in issues.items()
        ]
        return Shown("\n".join(lines) or "No issues yet: `/incident action …` files one.")

    LOOKING: ClassVar[Mapping[str, Callable[["Seat", str], None]]] = {
        "as": become, "in": go, "look": look, "channels": channels, "help": help,
    }  # fmt: skip
    ACTING: ClassVar[Mapping[str, Callable[["Seat", str], Awaitable[Shown]]]] = {
        "press": press, "fill": fill, "submit": submit, "close": close, "react": react, "home": home, "jira": jira,
    }  # fmt: skip


async def main(running: Running, *, play_it: bool) -> int:
    """The `writeback demo` command."""
    # The play is what people came to read; what goes wrong in it still shows.
    logging.getLogger().setLevel(logging.WARNING)
    async with staged(running) as stage:
        return await (play(stage) if play_it else stay(stage))
