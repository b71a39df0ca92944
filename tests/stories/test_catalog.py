"""The catalog changes while the bot runs."""

from datetime import timedelta

from bot.flows import catalogs
from bot.sandbox.rendering import pings, visible_text
from tests.stories.conftest import House


async def test_a_broken_new_file_is_told_and_the_old_one_stays_in_force(house: House) -> None:
    config = house.config
    good = config.read_text()
    config.write_text(good.replace('team = "payments"', 'team = "paiments"') + "[[team]]\n")
    found = house.bot.world.live.reload()
    assert found.problems
    await catalogs.refused(house.bot.world, found.problems)
    await catalogs.refused(house.bot.world, found.problems)
    await house.until_quiet()
    [told] = house.slack.channel_named("team-payments").messages
    assert "paiments" in visible_text(told)
    assert pings(told) == set()
    await house.slack.people["carol"].type("/incident start checkout is down", in_="general")
    await house.slack.until(house.slack.people["alice"].dms)


async def test_who_owned_it_then_is_answered_after_a_change(house: House) -> None:
    world = house.bot.world
    before = world.clock()
    house.forward(minutes=5)
    text = house.config.read_text()
    house.config.write_text(
        text.replace('id = "checkout"\nteam = "payments"', 'id = "checkout"\nteam = "search"')
    )
    assert any("checkout" in line for line in world.live.reload().changes)
    await catalogs.keep(world)
    then, now = await catalogs.at(world, before), await catalogs.at(world, world.clock())
    assert then is not None
    assert now is not None
    assert (then.services["checkout"].team, now.services["checkout"].team) == ("payments", "search")
    assert await catalogs.at(world, before - timedelta(days=1)) is None
    await house.slack.people["carol"].type("/incident start checkout is down", in_="general")
    await house.slack.until(house.slack.people["erin"].dms)
