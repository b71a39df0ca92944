"""Covers, swaps and requests for cover, as people type and tap them in Slack."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.oncall import final, who
from bot.flows import views
from bot.models import Account
from bot.sandbox.rendering import buttons, visible_text
from tests.conftest import Clock
from tests.stories.conftest import House, workspace
from tests.stories.looking import of_us

MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)


async def on_call(house: House, moment: datetime) -> list[str]:
    world = house.bot.world
    rota = await views.schedules(world)
    return who(rota(world.catalog.teams["payments"]), moment)


async def test_an_override_is_confirmed_as_two_times_before_it_is_stored(house: House) -> None:
    slack = house.slack
    dana, bob = slack.people["dana"], slack.people["bob"]
    shown = await dana.type("/oncall override payments @bob tomorrow 9-17", in_="general")
    assert "Bob covers Payments, Wed 25 Nov 09:00 – 17:00 GMT. Nothing is stored yet." in shown.text
    assert "Instead of Alice." in shown.text
    midday = datetime(2026, 11, 25, 12, tzinfo=UTC)
    assert await on_call(house, midday) == ["alice"]

    await dana.press("Confirm", in_="general")
    await house.until_quiet()
    assert "Done, as number 1: Bob covers Payments" in dana.sees("general")[-1].text
    assert await on_call(house, midday) == ["bob"]
    await house.until_quiet()
    assert any("Bob covers Payments" in dm.text for dm in bob.dms())
    assert "/oncall undo 1" in slack.people["alice"].dms()[-1].text
    assert "Bob covers Payments" in visible_text(of_us(slack, "team-payments")[-1])

    # A double click does it once, and the button's answer says so.
    await dana.press_again()
    assert "1: Bob covers" in (await dana.type("/oncall covers payments")).text
    assert "2:" not in (await dana.type("/oncall covers payments")).text

    undone = await bob.type("/oncall undo 1")
    assert "Undone: Bob covers Payments" in undone.text
    assert await on_call(house, midday) == ["alice"]
    log = (await dana.type("/oncall log payments")).text
    assert "Number 1 undone by Bob" in log
    assert "Number 1, by Dana: Bob covers Payments" in log


async def test_words_alone_confirm_too(house: House) -> None:
    dana = house.slack.people["dana"]
    typed = "/oncall override payments bob 2026-11-25T09:00:00Z 2026-11-25T17:00:00Z confirm"
    assert "Done, as number 1" in (await dana.type(typed)).text
    assert await on_call(house, datetime(2026, 11, 25, 16, 59, 59, tzinfo=UTC)) == ["bob"]
    assert await on_call(house, datetime(2026, 11, 25, 17, tzinfo=UTC)) == ["alice"]
    assert "That stands already, as number 1." in (await dana.type(typed)).text


async def test_overlaps_are_warned_about_when_they_are_made(house: House) -> None:
    slack = house.slack
    dana, bob = slack.people["dana"], slack.people["bob"]
    await dana.type("/oncall override payments bob tomorrow 9-17 confirm")
    shown = await dana.type("/oncall override payments erin tomorrow 16-20")
    assert "It overlaps number 1 (Bob covers Payments" in shown.text
    assert "Erin is on call for Search as well at that time." in shown.text
    await dana.press("Confirm", in_="general")
    assert await on_call(house, datetime(2026, 11, 25, 16, 30, tzinfo=UTC)) == ["erin"]
    assert bob.dms()


async def test_a_swap_counts_once_the_other_agrees(house: House) -> None:
    slack = house.slack
    alice, bob = slack.people["alice"], slack.people["bob"]
    await alice.type("/oncall swap payments @bob thu 18:00 - fri 09:00")
    await alice.press("Confirm", in_="general")
    night = datetime(2026, 11, 26, 22, tzinfo=UTC)
    await house.until_quiet()
    assert "Bob is asked (number 1). It counts once they agree." in alice.sees("general")[-1].text
    assert await on_call(house, night) == ["alice"]
    assert "Alice asks you to take over for Payments" in bob.dms()[-1].text

    # Nobody else can answer for him.
    assert "not yours to answer" in (await slack.people["carol"].type("/oncall agree 1")).text
    await bob.press("Agree", in_=bob.dm)
    await house.until_quiet()
    assert await on_call(house, night) == ["bob"]
    assert "Agreed: Bob takes over from Alice" in bob.dms()[0].text
    assert "[Agree]" not in bob.dms()[0].text
    assert "takes over from Alice" in alice.dms()[-1].text


async def test_a_declined_swap_changes_nothing_and_says_so(house: House) -> None:
    slack = house.slack
    alice, bob = slack.people["alice"], slack.people["bob"]
    await alice.type("/oncall swap payments bob tonight confirm")
    await house.until_quiet()
    await bob.press("Can't", in_=bob.dm)
    await house.until_quiet()
    assert "Bob can't" in alice.dms()[-1].text
    assert await on_call(house, datetime(2026, 11, 24, 23, tzinfo=UTC)) == ["alice"]
    assert "is declined: there is nothing to take" in (await bob.type("/oncall agree 1")).text


async def test_the_first_taker_of_a_request_has_it(house: House) -> None:
    slack = house.slack
    alice, bob, dana = (slack.people[name] for name in ("alice", "bob", "dana"))
    await alice.type("/oncall cover tonight")
    await alice.press("Confirm", in_="general")
    await house.until_quiet()
    wanted = of_us(slack, "team-payments")[-1]
    assert "<!here>" in wanted.text  # it is near
    assert buttons(wanted.blocks) == ["I take it"]

    await asyncio.gather(
        bob.press("I take it", in_="team-payments"), dana.press("I take it", in_="team-payments")
    )
    await house.until_quiet()
    takers = await on_call(house, datetime(2026, 11, 24, 23, tzinfo=UTC))
    assert takers in (["bob"], ["dana"])
    [winner] = takers
    after = slack.channel_named("team-payments").message(wanted.ts)
    assert after is not None
    assert f"{winner.title()} takes it" in visible_text(after)
    late = await slack.people["alice"].type("/oncall take 1")
    assert f"{winner.title()} has taken number 1 already" in late.text


async def test_a_part_can_be_taken_and_the_rest_is_still_asked_for(house: House) -> None:
    slack = house.slack
    alice, bob, dana = (slack.people[name] for name in ("alice", "bob", "dana"))
    await alice.type("/oncall cover fri 08:00 - sat 08:00 confirm")
    taken = await bob.type("/oncall take 1 fri 12:00 - fri 18:00")
    assert "The rest is still asked for." in taken.text
    await house.until_quiet()
    found = (await dana.type("/oncall covers payments")).text.splitlines()
    assert [line.split(":")[0] for line in found] == ["1", "2", "3"]
    await dana.type("/oncall take 3")
    rota = await views.schedules(house.bot.world)
    team = house.bot.world.catalog.teams["payments"]
    span = datetime(2026, 11, 27, tzinfo=UTC), datetime(2026, 11, 28, 12, tzinfo=UTC)
    friday = [(s.start.hour, s.people) for s in final(rota(team), *span)]
    assert friday == [(0, ["alice"]), (12, ["bob"]), (18, ["dana"]), (8, ["alice"])]


async def test_cover_can_be_asked_for_a_colleague_who_is_told(house: House) -> None:
    slack = house.slack
    await slack.people["dana"].type("/oncall cover @alice tonight confirm")
    await house.until_quiet()
    assert "Dana asks Payments to cover your turn" in slack.people["alice"].dms()[-1].text


async def test_undoing_a_cover_that_runs_ends_it_now_and_leaves_the_past(house: House) -> None:
    dana = house.slack.people["dana"]
    await dana.type("/oncall override payments bob 09:00 - 18:00 confirm")
    assert await on_call(house, house.clock()) == ["bob"]
    house.forward(hours=2)
    await dana.type("/oncall undo 1")
    assert await on_call(house, house.clock()) == ["alice"]
    assert await on_call(house, datetime(2026, 11, 24, 13, tzinfo=UTC)) == ["bob"]


async def test_no_cover_changes_who_was_on_call(house: House) -> None:
    slack = house.slack
    dana, alice, bob = (slack.people[name] for name in ("dana", "alice", "bob"))
    morning = datetime(2026, 11, 24, 10, tzinfo=UTC)
    typed = "/oncall override payments bob 09:00 - 18:00"
    assert "12:00 – 18:00 GMT. Nothing is stored yet." in (await dana.type(typed)).text
    house.forward(minutes=10)
    await dana.press("Confirm", in_="general")
    await house.until_quiet()
    assert "12:10 – 18:00 GMT" in dana.sees("general")[-1].text
    assert "That stands already, as number 1." in (await dana.type(f"{typed} confirm")).text
    assert await on_call(house, morning) == ["alice"]
    assert await on_call(house, house.clock()) == ["bob"]

    # An answer that comes late counts from then on, of a swap and of a request alike.
    await alice.type("/oncall swap payments bob wed 10:00 - wed 14:00 confirm")
    await alice.type("/oncall cover wed 10:00 - wed 14:00 confirm")
    house.clock.set(datetime(2026, 11, 25, 12, tzinfo=UTC))
    assert "Wed 25 Nov 13:00 – 14:00" in (await bob.type("/oncall take 3 wed 13:00 - 14:00")).text
    assert "Agreed" in (await bob.type("/oncall agree 2")).text
    assert await on_call(house, datetime(2026, 11, 25, 11, tzinfo=UTC)) == ["alice"]
    assert await on_call(house, house.clock()) == ["bob"]
    assert "12:00 – 13:00" in (await dana.type("/oncall covers payments")).text


async def test_whoever_is_paged_is_who_covers(house: House) -> None:
    slack = house.slack
    await slack.people["dana"].type("/oncall override payments bob 09:00 - 18:00 confirm")
    answer = await slack.people["carol"].type("/incident start checkout card payments fail")
    assert "Paging Bob" in answer.text
    await slack.until(lambda: slack.people["bob"].dms())


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("/oncall override payments bob tomorrow 17-9:99", "9:99"),
        ("/oncall overide payments bob tomorrow 9-17", "did you mean `/oncall override team @person from - to`?"),
        ("/oncall swop payments bob tomorrow", "“swop” is no subcommand, team or service"),
        ("/oncall override nowhere bob tomorrow 9-17", "“nowhere” is no team or service."),
        ("/oncall override payments zoe tomorrow 9-17", "zoe is not in the catalog"),
        ("/oncall override payments bob 2026-11-20T09:00Z 2026-11-21T09:00Z", "over already"),
        ("/oncall override payments", "Say which team, who and when"),
        ("/oncall swap payments bob 2026-12-01T10:00Z 2026-12-01T12:00Z", "Alice isn't on call for Payments then: Bob is"),
        ("/oncall swap payments alice tonight", "can't stand in for themselves"),
        ("/oncall cover 2026-12-01T10:00Z 2026-12-01T12:00Z", "You aren't on call"),
        ("/oncall cover", "Say when"),
        ("/oncall take", "Say which number"),
        ("/oncall take 99", "There is no cover number 99"),
        ("/oncall undo x", "Say which number"),
        ("/oncall agree 1", "There is no cover number 1"),
    ],
)  # fmt: skip
async def test_what_makes_no_sense_is_refused_in_a_sentence(house: House, typed: str, told: str) -> None:
    answer = await house.slack.people["alice"].type(typed)
    assert told in answer.text


async def test_carol_of_no_team_cannot_take_or_undo(house: House) -> None:
    slack = house.slack
    await slack.people["alice"].type("/oncall cover tonight confirm")
    assert "you aren't in it" in (await slack.people["erin"].type("/oncall take 1")).text
    assert "not in the catalog" in (await slack.people["carol"].type("/oncall undo 1")).text
    assert "It is your own turn" in (await slack.people["alice"].type("/oncall take 1")).text


async def test_of_two_takers_on_postgres_one_has_it(tmp_path: Path, postgres_url: str) -> None:
    async with workspace(tmp_path, postgres_url, Clock(ticks=True)) as house:
        slack = house.slack
        await slack.people["alice"].type("/oncall cover tonight confirm")
        await house.until_quiet()
        answers = await asyncio.gather(*(slack.people[who].type("/oncall take 1") for who in ("bob", "dana")))
        said = sorted(answer.text.split(",")[0] for answer in answers)
        assert said[1] == "Yours"
        assert "has taken number 1 already" in said[0]


async def test_the_answer_says_how_they_are_reached_and_pages_with_two_taps(house: House) -> None:
    slack = house.slack
    carol, alice = slack.people["carol"], slack.people["alice"]
    answer = await carol.type("/oncall checkout", in_="general")
    assert "*Payments*: Alice until" in answer.text
    assert "then Bob" in answer.text
    assert "Alice: Slack" in answer.text
    await carol.press("Page them", in_="general")
    await carol.fill_and_submit({"What is wrong?": "card payments fail"})
    await slack.until(lambda: alice.dms())
    assert "card payments fail" in alice.dms()[-1].text
    assert (await house.shown())["team"] == "payments"


async def test_the_month_is_one_tap_away_and_marks_what_was_changed(house: House) -> None:
    slack = house.slack
    dana = slack.people["dana"]
    await dana.type("/oncall override payments dana 2026-11-28T10:00Z 2026-11-28T18:00Z confirm")
    await dana.type("/oncall checkout", in_="general")
    await dana.press("Show schedule", in_="general")
    await slack.until(lambda: "four weeks" in dana.sees("general")[-1].text)
    shown = dana.sees("general")[-1].text
    assert "Mon | Tue | Wed | Thu | Fri | Sat | Sun" in shown
    assert "28: Alice, 10:00 Dana ⇄, 18:00 Alice" in shown
    assert "Nov 28, 2026 10:00 – Nov 28, 2026 18:00: Dana" in shown
    assert (
        "Your Slack account is not in the catalog"
        in (await slack.people["carol"].type("/oncall schedule")).text
    )


async def test_each_reads_the_times_of_a_cover_in_their_own_zone(house: House) -> None:
    slack = house.slack
    bob = slack.people["bob"]
    slack.workspace.users[bob.id].tz = "America/New_York"
    async with house.bot.world.db.transaction() as session:
        account = await session.get(Account, bob.id)
        assert account is not None
        account.timezone = "America/New_York"
    shown = await slack.people["dana"].type("/oncall override payments @bob tomorrow 9-17 confirm")
    assert "Wed 25 Nov 09:00 – 17:00 GMT" in shown.text
    await house.until_quiet()
    assert any("Wed 25 Nov 04:00 – 12:00 EST" in dm.text for dm in bob.dms())
