"""Going on and off call: notices, the user group, the topic, edits of the catalog, and what will go wrong."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.jobs import TellFindings, WatchRotas
from bot.core.oncall import who
from bot.flows import catalogs, rotas, views
from bot.sandbox.rendering import visible_text
from tests.conftest import Clock
from tests.stories.conftest import House, workspace
from tests.stories.looking import of_us, reload

MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)


def with_group(catalog: str) -> str:
    return catalog.replace(
        'channel = "team-payments"\n',
        'channel = "team-payments"\nusergroup = "payments-oncall"\ntopic = true\n',
        1,
    )


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    url = f"sqlite:///{tmp_path}/writeback.db"
    async with workspace(tmp_path, url, Clock(ticks=True), change=with_group) as found:
        found.slack.user_group("payments-oncall", [found.slack.people["dana"]])
        yield found


async def look(house: House) -> None:
    """The minute's look at the schedules, and everything that follows from it."""
    await rotas.watch(house.bot.world, WatchRotas(house.clock().isoformat()))
    await house.until_quiet()


def group(house: House) -> list[str]:
    [found] = house.slack.workspace.groups.values()
    return sorted(house.slack.workspace.users[user].name for user in found.users)


async def test_the_user_group_follows_whoever_is_on_call(house: House) -> None:
    await look(house)
    assert group(house) == ["alice"]
    house.clock.set(MONDAY)
    await look(house)
    assert group(house) == ["bob"]
    await house.slack.people["dana"].type(
        "/oncall override payments dana 2026-11-30T08:00Z 2026-11-30T12:00Z confirm"
    )
    await house.until_quiet()
    assert group(house) == ["dana"]
    house.clock.set(datetime(2026, 11, 30, 12, tzinfo=UTC))
    await look(house)
    assert group(house) == ["bob"]


async def test_a_group_that_is_not_there_is_told_to_the_team(house: House) -> None:
    house.slack.workspace.groups.clear()
    await look(house)
    said = visible_text(of_us(house.slack, "team-payments")[-1])
    assert "could not keep the Slack user group in step" in said
    assert "there is no Slack user group @payments-oncall: make it" in said


@pytest.mark.parametrize(
    ("participants", "holds"), [('[["alice", "bob"]]', ["alice"]), ('["bob"]', ["dana"])]
)
async def test_somebody_without_an_account_keeps_nobody_else_out_of_the_group(
    tmp_path: Path, participants: str, holds: list[str]
) -> None:
    def strange(catalog: str) -> str:
        catalog = with_group(catalog).replace("bob@acme.dev", "bob@elsewhere.dev")
        return catalog.replace('["alice", "bob"]', participants)

    url = f"sqlite:///{tmp_path}/writeback.db"
    async with workspace(tmp_path, url, Clock(ticks=True), change=strange) as house:
        house.slack.user_group("payments-oncall", [house.slack.people["erin"]])
        await look(house)
        assert group(house) == holds
        said = visible_text(of_us(house.slack, "team-payments")[-1])
        assert "could not keep the Slack user group in step" in said
        assert "bob@elsewhere.dev" in said


async def test_both_sides_of_a_handoff_are_told_what_is_open(house: House) -> None:
    slack = house.slack
    alice, bob = slack.people["alice"], slack.people["bob"]
    await look(house)
    await slack.people["carol"].type("/incident start checkout sev2 card payments fail")
    await house.until_quiet()
    await alice.type("/incident ack INC-1")
    house.clock.set(MONDAY)
    await look(house)
    told = next(dm.text for dm in bob.dms() if "You are on call for Payments from now on" in dm.text)
    assert "until Mon 07 Dec 09:00 GMT, then Alice." in told
    assert "In the last turn: 1 page." in told
    assert "INC-1 “card payments fail” (sev2, investigating)" in told
    off = next(dm.text for dm in alice.dms() if "You are off call for Payments" in dm.text)
    assert "Bob took over" in off
    assert "What you have acknowledged stays yours: INC-1." in off
    assert any(
        "On call for Payments now: Bob until Mon 07 Dec 09:00 GMT (before: Alice)." in visible_text(message)
        for message in of_us(slack, "team-payments")
    )
    assert slack.channel_named("team-payments").topic == "On call: Bob"
    # A second look, or a second process, tells nobody twice.
    before = len(bob.dms())
    await look(house)
    assert len(bob.dms()) == before


async def test_what_people_wrote_in_the_topic_stays(house: House) -> None:
    await house.slack.people["dana"].set_topic("team-payments", "we take cards")
    await look(house)
    assert house.slack.channel_named("team-payments").topic == "On call: Alice | we take cards"
    house.clock.set(MONDAY)
    await look(house)
    assert house.slack.channel_named("team-payments").topic == "On call: Bob | we take cards"


async def test_a_turn_is_announced_a_day_ahead_once(house: House) -> None:
    bob = house.slack.people["bob"]
    await look(house)
    assert bob.dms() == []
    house.clock.set(datetime(2026, 11, 29, 10, tzinfo=UTC))
    await look(house)
    house.forward(minutes=5)
    await look(house)
    [notice] = bob.dms()
    assert "Your turn for Payments begins Mon 30 Nov 09:00 GMT." in notice.text
    assert "/oncall cover payments" in notice.text


async def test_a_gap_is_told_when_it_begins(house: House) -> None:
    await look(house)
    layers = house.config.read_text()
    house.config.write_text(
        layers.replace(
            'participants = ["alice", "bob"]',
            'participants = ["alice", "bob"]\nrestrictions = [{ days = ["tue"], from = "00:00", to = "13:00" }]',
        )
    )
    reload(house)
    await catalogs.keep(house.bot.world)
    house.forward(hours=1, minutes=1)
    await look(house)
    said = visible_text(of_us(house.slack, "team-payments")[-1])
    assert "Nobody is on call for Payments now until Tue 01 Dec 00:00 GMT. Dana is paged meanwhile." in said
    assert group(house) == ["dana"]


async def test_an_edit_is_shown_to_the_team_and_the_turn_that_runs_goes_on(house: House) -> None:
    world = house.bot.world
    house.config.write_text(house.config.read_text().replace('["alice", "bob"]', '["bob", "dana", "alice"]'))
    reload(house)
    changes = await rotas.preview(world)
    assert changes == [
        "payments: Mon 07 Dec 09:00 – Mon 14 Dec 09:00: Dana instead of Alice",
        "payments: Mon 14 Dec 09:00 – Mon 21 Dec 09:00: Alice instead of Bob",
        "payments: Mon 21 Dec 09:00 – Tue 22 Dec 12:00: Bob instead of Alice",
    ]
    await catalogs.keep(world)
    await house.until_quiet()
    said = visible_text(of_us(house.slack, "team-payments")[-1])
    assert "The on-call schedule of Payments was edited." in said
    assert "Mon 07 Dec 09:00 – Mon 14 Dec 09:00: Dana instead of Alice" in said
    rota = await views.schedules(world)
    team = world.catalog.teams["payments"]
    assert who(rota(team), house.clock()) == ["alice"]
    assert who(rota(team), MONDAY) == ["bob"]
    # Kept again, it is no edit.
    before = len(of_us(house.slack, "team-payments"))
    await catalogs.keep(world)
    await house.until_quiet()
    assert len(of_us(house.slack, "team-payments")) == before
    assert (
        "The schedule was edited in the catalog."
        in (await house.slack.people["dana"].type("/oncall log payments")).text
    )


async def test_a_request_that_nobody_takes_is_told_in_time(house: House) -> None:
    alice = house.slack.people["alice"]
    await alice.type("/oncall cover fri 18:00 - sat 09:00 confirm")
    house.clock.set(datetime(2026, 11, 27, 8, tzinfo=UTC))
    await look(house)
    assert "Nobody has taken request number 1 yet" in alice.dms()[-1].text
    house.clock.set(datetime(2026, 11, 27, 18, 1, tzinfo=UTC))
    await look(house)
    assert "is yours meanwhile" in alice.dms()[-1].text


async def test_whom_slack_does_not_know_is_told_before_their_turn(tmp_path: Path) -> None:
    def strange(catalog: str) -> str:
        return catalog.replace("bob@acme.dev", "bob@elsewhere.dev")

    url = f"sqlite:///{tmp_path}/writeback.db"
    async with workspace(tmp_path, url, Clock(ticks=True), change=strange) as house:
        await rotas.tell_findings(house.bot.world, TellFindings("2026-W48"))
        await house.until_quiet()
        said = visible_text(of_us(house.slack, "team-payments")[-1])
        assert "Bob is on call from Mon 30 Nov 09:00 GMT on and can't be reached" in said
        assert "Alice" not in said


async def test_what_will_go_wrong_is_told_every_week(house: House) -> None:
    await house.slack.people["dana"].type("/oncall override payments erin tomorrow 9-17 confirm")
    await house.until_quiet()
    await rotas.tell_findings(house.bot.world, TellFindings("2026-W48"))
    await house.until_quiet()
    said = visible_text(of_us(house.slack, "team-payments")[-1])
    assert "On call for Payments, the next 14 days:" in said
    assert "Erin" in said
    assert "Search" in said
