"""Slack and Jira fail in every way they know: the page goes out, nothing happens twice, and people are told."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox.rendering import visible_text
from bot.sandbox.slack import Fault
from tests.stories.conftest import House
from tests.stories.looking import incident_channels, lines, of_us, settled, today

START = "/incident start checkout sev2 card payments fail"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Slack that never answers costs half a second here, and five in earnest."""
    monkeypatch.setattr("bot.slack.client.TIMEOUT", aiohttp.ClientTimeout(total=0.5))


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with today(tmp_path) as found:
        yield found


def is_page(args: Mapping[str, Any]) -> bool:
    return str(args["channel"]).startswith("U")


def is_headline(args: Mapping[str, Any]) -> bool:
    return str(args["channel"]).startswith("C")


def is_announcement(args: Mapping[str, Any]) -> bool:
    return args["channel"] == "incidents"


async def everything_once(house: House) -> None:
    """One page to alice, one channel with her and carol in it, one headline, pinned, one announcement."""
    slack = house.slack
    shown = await house.shown()
    assert [(page["person"], page["state"]) for page in shown["pages"]] == [("alice", "sent")]
    assert len(slack.people["alice"].dms()) == 1
    [channel] = incident_channels(slack)
    assert channel.name == "inc-1-card-payments-fail"
    assert {"alice", "carol"} <= slack.members_of(channel)
    headlines = [m for m in of_us(slack, channel) if "[Take the lead]" in visible_text(m)]
    assert len(headlines) == 1
    assert channel.pins == headlines
    assert [mark["link"] for mark in channel.bookmarks] == ["https://runbooks.acme.dev/checkout"]
    assert "sev2" in channel.topic
    assert len(of_us(slack, "incidents")) == 1
    assert shown["jobs"] == {"waiting": shown["jobs"]["waiting"], "failed": 0}


@pytest.mark.parametrize("how", [fault for fault in Fault if fault is not Fault.SLOW])
async def test_each_step_of_a_start_fails_once_and_happens_once(house: House, how: Fault) -> None:
    slack = house.slack
    faults = [
        slack.fail("chat.postMessage", how, when=is_page),
        slack.fail("conversations.create", how),
        slack.fail("conversations.invite", how),
        slack.fail("chat.postMessage", how, when=is_headline),
        slack.fail("chat.postMessage", how, when=is_announcement),
        slack.fail("pins.add", how),
        slack.fail("bookmarks.add", how),
        slack.fail("conversations.setTopic", how),
    ]
    answer = await slack.people["carol"].type(START)
    assert "INC-1 started. Paging Alice" in answer.text
    await settled(house)
    assert [fault.hits for fault in faults] == [1] * len(faults)
    await everything_once(house)
    assert "could not" not in await lines(house)
