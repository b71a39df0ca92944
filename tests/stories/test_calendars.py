"""A calendar that says who is on call, and the private links to ours."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from icalendar import Calendar

from bot.core.jobs import WatchRotas
from bot.core.oncall import final, who
from bot.flows import rotas, views
from bot.sandbox.rendering import visible_text
from tests.conftest import Clock
from tests.stories.conftest import House, workspace
from tests.stories.looking import of_us

ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:x
BEGIN:VEVENT
UID:1
DTSTART:20261124T100000Z
DTEND:20261126T100000Z
SUMMARY:Bob on call
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART:20261126T100000Z
DTEND:20261127T100000Z
SUMMARY:Dana + Bob
END:VEVENT
END:VCALENDAR
"""


def from_calendar(catalog: str) -> str:
    return catalog.replace('lead = "dana"\n', 'lead = "dana"\ncalendar = "payments.ics"\n', 1)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    (tmp_path / "payments.ics").write_text(ICS)
    url = f"sqlite:///{tmp_path}/writeback.db"
    env = {"WEB_SECRET": "a secret of some length"}
    async with workspace(tmp_path, url, Clock(ticks=True), change=from_calendar, env=env) as found:
        yield found


async def look(house: House) -> None:
    await rotas.watch(house.bot.world, WatchRotas(house.clock().isoformat()))
    await house.until_quiet()


async def on_call(house: House, moment: datetime) -> list[str]:
    rota = await views.schedules(house.bot.world)
    return who(rota(house.bot.world.catalog.teams["payments"]), moment)


async def test_the_calendar_answers_and_where_it_is_silent_the_layers_do(house: House) -> None:
    await look(house)
    assert await on_call(house, datetime(2026, 11, 25, tzinfo=UTC)) == ["bob"]
    assert await on_call(house, datetime(2026, 11, 26, 12, tzinfo=UTC)) == ["bob", "dana"]
    assert await on_call(house, datetime(2026, 11, 28, tzinfo=UTC)) == ["alice"]


async def test_a_calendar_that_breaks_leaves_the_last_good_one_and_is_told_once(
    house: House, tmp_path: Path
) -> None:
    await look(house)
    (tmp_path / "payments.ics").write_text("<html>sign in</html>")
    for _ in range(2):
        house.forward(minutes=16)
        await look(house)
    assert await on_call(house, datetime(2026, 11, 25, tzinfo=UTC)) == ["bob"]
    told = [
        visible_text(m)
        for m in of_us(house.slack, "team-payments")
        if "calendar that says" in visible_text(m)
    ]
    assert len(told) == 1
    assert (
        "it is no calendar but a web page: use the calendar's address in iCal format; what was read"
        in told[0]
    )
    assert "stays in force" in told[0]
    problems = await rotas.problems_ahead(house.bot.world)
    assert any("its calendar can't be read" in line for line in problems)

    (tmp_path / "payments.ics").write_text(ICS.replace("Bob on call", "Alice on call"))
    house.forward(minutes=16)
    await look(house)
    assert await on_call(house, datetime(2026, 11, 25, tzinfo=UTC)) == ["alice"]
    # What it said before is the past, and stays.
    assert await on_call(house, datetime(2026, 11, 24, 12, 5, tzinfo=UTC)) == ["bob"]


async def test_a_missing_file_and_strangers_are_told(house: House, tmp_path: Path) -> None:
    (tmp_path / "payments.ics").unlink()
    await look(house)
    assert "payments.ics can't be read" in visible_text(of_us(house.slack, "team-payments")[-1])
    (tmp_path / "payments.ics").write_text(ICS.replace("Bob on call", "Mallory"))
    house.forward(minutes=16)
    await look(house)
    assert "nobody in the catalog is called Mallory" in visible_text(of_us(house.slack, "team-payments")[-1])


async def feed(house: House, link: str) -> tuple[int, bytes]:
    address = f"http://127.0.0.1:{house.bot.port}{link.split(':3000', 1)[1]}"
    async with aiohttp.ClientSession() as browser, browser.get(address) as answer:
        return answer.status, await answer.read()


async def test_the_feed_behind_the_link_agrees_with_the_schedule(house: House) -> None:
    await look(house)
    await house.slack.people["dana"].type("/oncall override payments dana tomorrow 9-17 confirm")
    shown = await house.slack.people["dana"].type("/oncall schedule payments")
    [link] = re.findall(r"http://\S+\.ics\?key=[\w.-]+", shown.text)
    status, body = await feed(house, link)
    assert status == 200
    read: Any = Calendar.from_ical(body)
    events = [(e["DTSTART"].dt, e["DTEND"].dt, str(e["SUMMARY"])) for e in read.walk("VEVENT")]
    rota = await views.schedules(house.bot.world)
    team = house.bot.world.catalog.teams["payments"]
    now = house.clock()
    truth = [s for s in final(rota(team), now, now + timedelta(days=30)) if s.start > now]
    for segment in truth[:-1]:
        names = ", ".join(person.title() for person in segment.people)
        assert (segment.start, segment.end, f"{names} on call for Payments") in events


async def test_one_s_own_link_shows_one_s_own_turns(house: House) -> None:
    answer = await house.slack.people["alice"].type("/oncall calendar")
    [link] = re.findall(r"http://\S+\.ics\?key=[\w.-]+", answer.text)
    assert "/oncall/people/alice.ics" in link
    status, body = await feed(house, link)
    assert status == 200
    read: Any = Calendar.from_ical(body)
    assert {str(e["SUMMARY"]) for e in read.walk("VEVENT")} == {"On call for Payments"}


async def test_one_s_own_link_shows_what_one_covers_for_another_team(house: House) -> None:
    alice = house.slack.people["alice"]
    await house.slack.people["erin"].type("/oncall override search @alice tomorrow 9-17 confirm")
    [link] = re.findall(r"http://\S+\.ics\?key=[\w.-]+", (await alice.type("/oncall calendar")).text)
    read: Any = Calendar.from_ical((await feed(house, link))[1])
    assert "On call for Search" in {str(e["SUMMARY"]) for e in read.walk("VEVENT")}


async def test_a_revoked_a_borrowed_and_a_made_up_link_open_nothing(house: House) -> None:
    dana = house.slack.people["dana"]
    answer = await dana.type("/oncall calendar payments")
    [link] = re.findall(r"http://\S+\.ics\?key=[\w.-]+", answer.text)
    assert (await feed(house, link.replace("payments.ics", "search.ics")))[0] == 404
    assert (await feed(house, link[:-1]))[0] == 404
    assert (await feed(house, link.split("?")[0]))[0] == 404
    assert (
        "Only people of Payments"
        in (await house.slack.people["erin"].type("/oncall calendar revoke payments")).text
    )
    assert "Revoked" in (await dana.type("/oncall calendar revoke payments")).text
    assert (await feed(house, link))[0] == 404
    again = await dana.type("/oncall calendar payments")
    [new] = re.findall(r"http://\S+\.ics\?key=[\w.-]+", again.text)
    assert new != link
    assert (await feed(house, new))[0] == 200


async def test_without_a_secret_no_link_is_given_and_the_sentence_says_what_to_do(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/writeback.db"
    async with workspace(tmp_path, url, Clock(ticks=True)) as house:
        assert "need WEB_SECRET" in (await house.slack.people["dana"].type("/oncall calendar payments")).text
        assert ".ics" not in (await house.slack.people["dana"].type("/oncall schedule payments")).text
