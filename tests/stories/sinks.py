"""Every place where somebody who is not named could come to read of a private incident. To add a sink: one row of SINKS."""

import io
import json
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import redirect_stdout

import aiohttp
import pytest

from bot import cli
from bot.core import Refused
from bot.flows import Asking, views
from bot.sandbox.person import Person
from bot.sandbox.records import Channel, Message
from bot.slack import commands, messages
from tests.stories.conftest import House

Found = Iterator[tuple[str, str]]
"""(the place, all its words)"""


def _words(message: Message) -> str:
    return json.dumps(
        [message.text, message.blocks, message.attachments, message.metadata], ensure_ascii=False
    )


def _open_to(channel: Channel, person: Person) -> bool:
    return person.id in channel.members if channel.private or channel.im else True


async def slack_channels(house: House, outsider: Person, caplog: pytest.LogCaptureFixture) -> Found:
    """Messages, Slack's own lines, names past and present, topics and bookmarks of what the outsider can open."""
    found = []
    for channel in house.slack.workspace.channels.values():
        if not _open_to(channel, outsider):
            continue
        place = f"#{channel.name}" if not channel.im else "a direct message"
        found.append((f"the name of {place}", " ".join([channel.name, *channel.previous_names])))
        found.append((f"the topic of {place}", f"{channel.topic} {channel.purpose}"))
        found.append((f"the bookmarks of {place}", json.dumps(channel.bookmarks)))
        found += [(f"a message in {place}", _words(m)) for m in channel.log if not m.deleted]
        mine = [m for m in channel.ephemerals if m.only_for == outsider.id]
        found += [(f"an answer in {place}", _words(m)) for m in mine]
    return iter(found)


async def slack_views(house: House, outsider: Person, caplog: pytest.LogCaptureFixture) -> Found:
    home = await outsider.open_home()
    modal = json.dumps(outsider.modal.given) if outsider.modal else ""
    return iter([("App Home", json.dumps(home.blocks, ensure_ascii=False)), ("a modal", modal)])


async def slack_answers(house: House, outsider: Person, caplog: pytest.LogCaptureFixture) -> Found:
    """What the outsider is answered to every subcommand that names the incident, and to those that name none."""
    found = []
    for name in commands.SUBCOMMANDS:
        if name in {"start", "help"}:
            continue
        for typed in (f"/incident {name} INC-1 sev1 INC-1 hide 1 why", f"/incident {name}"):
            shown = await outsider.type(typed)
            found.append((typed, json.dumps([shown.text, shown.blocks], ensure_ascii=False)))
    return iter(found)


async def jira(house: House, outsider: Person, caplog: pytest.LogCaptureFixture) -> Found:
    seen = [issue for issue in house.jira.issues.values() if not issue.security]
    return iter(
        [(issue.key, f"{issue.summary} {issue.description} {issue.labels} {issue.links}") for issue in seen]
    )


async def logs(house: House, outsider: Person, caplog: pytest.LogCaptureFixture) -> Found:
    return iter([(f"a log line of {r.name}", f"{r.getMessage()} {r.exc_text or ''}") for r in caplog.records])


async def metrics(house: House, outsider: Person, caplog: pytest.LogCaptureFixture) -> Found:
    found = []
    async with aiohttp.ClientSession() as session:
        for path in ("/metrics", "/readyz", "/healthz"):
            async with session.get(f"http://127.0.0.1:{house.bot.port}{path}") as answer:
                found.append((path, await answer.text()))
    return iter(found)


class Assembly:
    """The terminal's, around the bot that runs."""

    def __init__(self, house: House) -> None:
        self.house = house

    def world(self) -> "Assembly":
        return self

    async def __aenter__(self) -> object:
        return self.house.bot.world

    async def __aexit__(self, *_: object) -> None:
        return None


async def terminal(house: House, outsider: Person, caplog: pytest.LogCaptureFixture) -> Found:
    """What commands print without `--private`."""
    assembly, found = Assembly(house), []
    tries: dict[str, Callable[[], Awaitable[object]]] = {
        "incidents": lambda: cli._list(assembly, only_open=False, private=False, as_json=False),  # type: ignore[arg-type]
        "incidents --json": lambda: cli._list(assembly, only_open=False, private=False, as_json=True),  # type: ignore[arg-type]
        "show": lambda: cli._show(assembly, "INC-1", private=False, as_json=True),  # type: ignore[arg-type]
        "export": lambda: cli._export(assembly, "INC-1", "html", None, private=False),  # type: ignore[arg-type]
        "jobs": lambda: cli._jobs(assembly, "", 0, as_json=False),  # type: ignore[arg-type]
        "jobs --json": lambda: cli._jobs(assembly, "", 0, as_json=True),  # type: ignore[arg-type]
        "load": lambda: cli._load(assembly, "", 4, as_json=True),  # type: ignore[arg-type]
    }
    for name, run in tries.items():
        out = io.StringIO()
        with redirect_stdout(out):
            try:
                await run()
            except Refused as error:
                out.write(str(error))
        found.append((f"writeback {name}", out.getvalue()))
    return iter(found)


async def lists(house: House, outsider: Person, caplog: pytest.LogCaptureFixture) -> Found:
    world = house.bot.world
    seen, name = await views.open_incidents(world, Asking(id="", by=outsider.id))
    return iter([("the list", messages.listed(seen, world.catalog, name).text + repr(seen))])


SINKS: dict[str, Callable[[House, Person, pytest.LogCaptureFixture], Awaitable[Found]]] = {
    "answers": slack_answers,
    "views": slack_views,
    "channels": slack_channels,
    "jira": jira,
    "metrics": metrics,
    "terminal": terminal,
    "lists": lists,
    "logs": logs,
}


async def leaks(
    house: House, outsider: Person, words: tuple[str, ...], caplog: pytest.LogCaptureFixture
) -> list[str]:
    """Where `outsider` finds any of `words`. The sandbox's own log lines are not the bot's."""
    found = []
    for sink, read in SINKS.items():
        for place, text in await read(house, outsider, caplog):
            found += [f"{sink}: {place}: {word}" for word in words if word.lower() in text.lower()]
    return found


def listening(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
