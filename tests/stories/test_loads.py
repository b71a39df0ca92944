"""Load facts from the record, and the offer after a rough night."""

from datetime import UTC, datetime

from bot.core.jobs import WatchRotas
from bot.flows import rotas
from bot.sandbox.rendering import visible_text
from tests.stories.conftest import House
from tests.stories.looking import of_us

NIGHT = datetime(2026, 11, 25, 3, tzinfo=UTC)


async def woken(house: House, title: str, at: datetime) -> None:
    house.clock.set(at)
    await house.slack.people["carol"].type(f"/incident start checkout sev2 {title}")
    await house.until_quiet()


async def test_hours_pages_by_band_and_nights_are_counted_from_the_record(house: House) -> None:
    hours = {"cards fail": 1, "refunds fail": 2, "receipts fail": 3, "a daytime thing": 12}
    for number, (title, hour) in enumerate(hours.items(), 1):
        await woken(house, title, NIGHT.replace(hour=hour))
        await house.slack.people["alice"].type(f"/incident ack INC-{number}")
        await house.slack.people["alice"].type(f"/incident resolve INC-{number}")
    shown = (await house.slack.people["dana"].type("/oncall load payments")).text
    alice = next(line for line in shown.splitlines() if line.startswith("Alice:"))
    assert "1 work" in alice
    assert "3 night" in alice
    assert "1 of 28 nights interrupted" in alice
    assert "Alice had 4 incidents within 12 hours" in shown
    assert "more than 25%" in shown  # two share the weeks between them


async def test_after_a_rough_night_cover_is_one_tap_away(house: House) -> None:
    slack = house.slack
    alice = slack.people["alice"]
    await woken(house, "cards fail", NIGHT)
    house.clock.set(datetime(2026, 11, 25, 8, tzinfo=UTC))
    for _ in range(2):
        await rotas.watch(house.bot.world, WatchRotas(house.clock().isoformat()))
        await house.until_quiet()
    offers = [dm for dm in alice.dms() if "You were woken last night, at 03:00." in dm.text]
    assert len(offers) == 1
    await alice.press("Ask the team for cover tonight", in_=alice.dm)
    await house.until_quiet()
    wanted = visible_text(of_us(slack, "team-payments")[-1])
    assert "Alice looks for cover for Payments: Nov 25, 2026 18:00 – Nov 26, 2026 09:00" in wanted
    await slack.people["bob"].press("I take it", in_="team-payments")
    await house.until_quiet()
    assert "Bob takes it" in visible_text(of_us(slack, "team-payments")[-2])


async def test_a_quiet_night_offers_nothing(house: House) -> None:
    await woken(house, "cards fail", datetime(2026, 11, 24, 15, tzinfo=UTC))
    house.clock.set(datetime(2026, 11, 25, 8, tzinfo=UTC))
    await rotas.watch(house.bot.world, WatchRotas(house.clock().isoformat()))
    await house.until_quiet()
    assert not any("last night" in dm.text for dm in house.slack.people["alice"].dms())
