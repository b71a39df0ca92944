"""Who may do what: by what they are to the incident, and by the configuration; every refusal names who can."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.sandbox.person import Person
from tests.conftest import Clock
from tests.stories.conftest import House, workspace


@asynccontextmanager
async def place(tmp_path: Path, rights: str = "") -> AsyncIterator[House]:
    def change(text: str) -> str:
        return f"{text}\n[rights]\n{rights}\n" if rights else text

    url = f"sqlite:///{tmp_path}/writeback.db"
    async with workspace(tmp_path, url, Clock(ticks=True), change=change) as house:
        await house.slack.people["carol"].type("/incident start checkout sev2 card payments fail")
        await house.until_quiet()
        yield house


async def line_of(who: Person, words: str) -> str:
    shown = (await who.type("/incident timeline INC-1")).text
    return next(row for row in shown.splitlines() if words in row).split("`")[1]


REFUSED: dict[str, tuple[str, str]] = {
    "cancel": (
        "/incident cancel INC-1 false alarm",
        "You may not cancel INC-1. Those who may: whoever declared it (carol); "
        "the team that owns it (Alice, Bob, Dana); the lead of the team that owns it (Dana).",
    ),
    "private": (
        "/incident private INC-1",
        "You may not make private, or let people into, INC-1. Those who may: whoever declared it (carol); "
        "the team that owns it (Alice, Bob, Dana); the lead of the team that owns it (Dana).",
    ),
}


@pytest.mark.parametrize("act", REFUSED)
async def test_a_refusal_names_who_can(tmp_path: Path, act: str) -> None:
    typed, sentence = REFUSED[act]
    async with place(tmp_path) as house:
        assert (await house.slack.people["erin"].type(typed)).text == sentence
        assert (await house.shown())["status"] == "investigating"
        assert not (await house.shown())["private"]


async def test_those_who_are_named_may(tmp_path: Path) -> None:
    async with place(tmp_path) as house:
        await house.slack.people["erin"].type("/incident lead INC-1")
        assert "is cancelled" in (await house.slack.people["erin"].type("/incident cancel INC-1")).text


async def test_letting_people_in_is_a_right_too(tmp_path: Path) -> None:
    async with place(tmp_path, 'private = ["team-lead"]') as house:
        people = house.slack.people
        sentence = "Those who may: the lead of the team that owns it (Dana)."
        assert sentence in (await people["carol"].type("/incident private INC-1")).text
        assert "is private from now on" in (await people["dana"].type("/incident private INC-1")).text
        assert sentence in (await people["carol"].type("/incident admit INC-1 @erin")).text
        assert "may see INC-1" in (await people["dana"].type("/incident admit INC-1 @erin")).text


async def test_lines_are_struck_out_by_their_authors_and_by_those_who_may(tmp_path: Path) -> None:
    async with place(tmp_path) as house:
        carol, erin, alice = (house.slack.people[name] for name in ("carol", "erin", "alice"))
        await alice.type("/incident ack INC-1")
        await erin.type("/incident note INC-1 the password is hunter2")
        number = await line_of(carol, "hunter2")
        refused = (await carol.type(f"/incident timeline INC-1 hide {number} a password")).text
        assert refused == (
            "You may not edit the timeline of INC-1. Those who may: whoever has it (Alice); "
            "the lead of the team that owns it (Dana)."
        )
        assert "struck out" in (await erin.type(f"/incident timeline INC-1 hide {number} a password")).text
        assert "You may not" in (await carol.type(f"/incident timeline INC-1 restore {number}")).text
        assert "stands again" in (await erin.type(f"/incident timeline INC-1 restore {number}")).text
        # What somebody else struck out does not come back by its author alone.
        assert "struck out" in (await alice.type(f"/incident timeline INC-1 hide {number} a password")).text
        assert "You may not" in (await erin.type(f"/incident timeline INC-1 restore {number}")).text
        assert "stands again" in (await alice.type(f"/incident timeline INC-1 restore {number}")).text


async def test_that_a_message_was_edited_is_not_its_author_s_to_strike_out(tmp_path: Path) -> None:
    async with place(tmp_path) as house:
        erin, alice = house.slack.people["erin"], house.slack.people["alice"]
        channel = house.slack.channel_named("inc-1-card-payments-fail")
        await erin.join(channel)
        said = await erin.say("I dropped the table", channel)
        await alice.react("pushpin", said)
        await house.slack.delivered()
        await house.until_quiet()
        await erin.edit(said, "somebody dropped the table")
        await house.slack.delivered()
        await house.until_quiet()
        number = await line_of(erin, "edited")
        assert "You may not" in (await erin.type(f"/incident timeline INC-1 hide {number} oops")).text


async def test_the_configuration_says_who_may(tmp_path: Path) -> None:
    async with place(tmp_path, 'admins = ["erin"]\ncancel = ["admin"]\nservice = ["team-lead"]') as house:
        people = house.slack.people
        refused = (await people["carol"].type("/incident cancel INC-1")).text
        assert refused == "You may not cancel INC-1. Those who may: an admin (Erin)."
        moved = (await people["alice"].type("/incident service INC-1 finder")).text
        assert (
            moved
            == "You may not change the owner of INC-1. Those who may: the lead of the team that owns it (Dana)."
        )
        assert "belongs to Search" in (await people["dana"].type("/incident service INC-1 finder")).text
        assert "is cancelled" in (await people["erin"].type("/incident cancel INC-1")).text


async def test_a_right_of_nobody_says_where_to_change_that(tmp_path: Path) -> None:
    async with place(tmp_path, "cancel = []") as house:
        refused = (await house.slack.people["carol"].type("/incident cancel INC-1")).text
        assert (
            refused == "You may not cancel INC-1. Those who may: nobody: set [rights] in the configuration."
        )


async def test_an_admin_sees_and_may_what_is_private(tmp_path: Path) -> None:
    async with place(tmp_path, 'admins = ["erin"]') as house:
        await house.slack.people["carol"].type("/incident private INC-1")
        await house.until_quiet()
        assert "card payments fail" in (await house.slack.people["erin"].type("/incident show INC-1")).text
        assert (
            "no incident INC-1" not in (await house.slack.people["erin"].type("/incident cancel INC-1")).text
        )
