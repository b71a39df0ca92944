"""Reports and the digest as people ask for them and as they come by themselves."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import store
from bot.core.digests import week_of
from bot.core.jobs import PostDigest, WriteDigests
from bot.core.reports.figures import Column, Part, Report, Unit
from bot.engine import enqueue
from bot.flows import digests, reports
from bot.sandbox.blockkit import problems
from bot.sandbox.faults import Fault
from bot.sandbox.records import Message
from bot.sandbox.rendering import visible_text
from bot.slack import reports as drawn
from tests.conftest import Clock
from tests.stories.conftest import House, workspace
from tests.stories.looking import incident_channels, of_us, settled, today
from tests.stories.test_guides import guided

MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)
"""When the digest of week 48 is due: the stories happen on its Tuesday."""


async def an_incident(house: House, title: str = "cards fail") -> None:
    """Started, taken, stopped by a switch and over after an hour, with an action item."""
    carol, alice = house.slack.people["carol"], house.slack.people["alice"]
    await carol.type(f"/incident start checkout sev2 {title}")
    await house.until_quiet()
    await alice.type("/incident ack INC-1")
    house.clock.forward(hours=1)
    await alice.type("/incident mitigate INC-1 switch turned fraud check off")
    await alice.type("/incident action INC-1 switches a <kill> switch & more")
    await alice.type("/incident resolve INC-1")
    await house.until_quiet()


def shown(house: House, name: str = "dana", in_: str = "general") -> Message:
    """What only this person sees last."""
    place = house.slack.place(in_)
    return [m for m in place.ephemerals if m.only_for == house.slack.people[name].id][-1]


def kinds(message: Message) -> list[str]:
    return [block["type"] for block in message.blocks]


async def test_a_report_is_a_few_sentences_a_chart_and_a_table(house: House) -> None:
    await an_incident(house)
    await house.slack.people["dana"].type("/incident report payments 4w")
    found = shown(house)
    text = visible_text(found)
    assert "Payments, 4 weeks to 2026-11-24" in text
    assert "1 incident took 1.0 person-hours, 0.8% of the working week." in text
    assert "Nothing is recorded before 2026-11-24: the share is of 1 week, not of 4." in text
    assert "Stopped by a switch or at runtime: 1 of 1 with an answer" in text
    assert "a small number" in text
    assert {"data_visualization", "table"} <= set(kinds(found))
    assert problems(found.blocks) == []


@pytest.mark.parametrize("words", ["4w payments", "payments 4 weeks", "PAYMENTS 4W", " 4 w  payments "])
async def test_weeks_are_understood_wherever_they_stand(house: House, words: str) -> None:
    assert "Payments, 4 weeks to" in (await house.slack.people["dana"].type(f"/incident report {words}")).text


async def test_last_week_is_the_last_that_is_over(house: House) -> None:
    await an_incident(house)
    dana = house.slack.people["dana"]
    assert "Week 2026-W47: nothing happened." in (await dana.type("/incident digest last week")).text
    house.clock.set(MONDAY)
    await dana.type("/incident digest payments last")
    assert "Payments, week 48 (23 Nov to 29 Nov 2026)" in visible_text(shown(house))


async def test_the_report_of_all_teams_has_them_beside_each_other(house: House) -> None:
    await an_incident(house)
    await house.slack.people["dana"].type("/incident report")
    text = visible_text(shown(house))
    assert "All teams, 12 weeks" in text
    assert "Payments | 1 | 1.0 h |" in text
    assert "Search | 0 | 0.0 h | 0% | 0 | – " in text


async def test_where_slack_refuses_charts_the_same_is_said_in_words(house: House) -> None:
    await an_incident(house)
    house.slack.fail("response_url", "invalid_blocks", times=1)
    await house.slack.people["dana"].type("/incident report payments")
    found = shown(house)
    assert not {"data_visualization", "table"} & set(kinds(found))
    assert "Switches · 1 · 1.0 h" in visible_text(found)
    assert "1 incident took" in visible_text(found)


async def test_a_report_and_a_digest_lead_to_the_incidents_channel(house: House) -> None:
    await an_incident(house)
    dana = house.slack.people["dana"]
    channel = incident_channels(house.slack)[0].id
    await dana.type("/incident report payments 4w")
    assert f"/archives/{channel}|INC-1>, 2026-11-24" in str(shown(house).blocks)
    await dana.type("/incident digest payments")
    assert f"/archives/{channel}|INC-1> cards fail (sev2)" in str(shown(house).blocks)


async def test_an_unknown_team_and_an_unknown_week_are_refused_in_a_sentence(house: House) -> None:
    dana = house.slack.people["dana"]
    assert (
        "There is no team “paymints”: the catalog has" in (await dana.type("/incident report paymints")).text
    )
    assert "A report is of 1 to 520 weeks." in (await dana.type("/incident report payments 999w")).text
    assert "“2026-W60” is no week" in (await dana.type("/incident digest 2026-W60")).text
    assert (
        "Week 2027-W10 has not begun: it does on 2027-03-08."
        in (await dana.type("/incident digest 2027-W10")).text
    )
    assert "Week 2026-W02: nothing happened." in (await dana.type("/incident digest 2026-W02")).text


async def test_nobody_reads_of_a_private_incident_in_a_report(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/writeback.db"
    async with workspace(tmp_path, url, Clock(ticks=True)) as house:
        await an_incident(house, "a secret thing")
        async with house.bot.world.db.transaction() as session:
            held = await store.locked(session, 1)
            assert held is not None
            held.private = True
            session.add(held)
        dana = house.slack.people["dana"]
        report = await dana.type("/incident report payments")
        digest = await dana.type("/incident digest")
        assert "No incident" in visible_text(shown(house)) + report.text
        assert "nothing happened" in digest.text
        assert "secret" not in report.text + digest.text + visible_text(shown(house))


async def test_on_monday_everybody_reads_the_week_once_and_who_had_none_reads_nothing(house: House) -> None:
    await an_incident(house)
    house.clock.set(MONDAY)
    for _ in range(2):
        await digests.write(house.bot.world, WriteDigests("2026-W48"))
        await house.until_quiet()
    overall = [m for m in of_us(house.slack, "incidents") if "All teams, week 48" in m.text]
    mine = [m for m in of_us(house.slack, "team-payments") if "Payments, week 48" in m.text]
    assert (len(overall), len(mine)) == (1, 1)
    assert not [m for m in of_us(house.slack, "team-search") if "week 48" in m.text]
    text = visible_text(overall[0])
    assert "1 incident (sev1 or sev2), 1.0 person-hours of support" in text
    assert "1 filed: Switches 1." in text
    assert kinds(overall[0]).count("data_visualization") == 1
    assert problems(overall[0].blocks) == []
    assert "<kill>" not in str(overall[0].blocks)


async def test_a_digest_that_may_have_been_posted_is_looked_for_first(tmp_path: Path) -> None:
    async with today(tmp_path) as house:
        carol = house.slack.people["carol"]
        await carol.type("/incident start checkout sev2 cards fail")
        await house.until_quiet()
        week = str(week_of(house.clock()))
        house.slack.fail(
            "chat.postMessage", Fault.LOST_REPLY, when=lambda args: args["channel"] == "incidents"
        )
        async with house.bot.world.db.transaction() as session:
            await enqueue(session, PostDigest(week, ""), now=house.clock())
        await settled(house)
        assert len([m for m in of_us(house.slack, "incidents") if "All teams, week" in m.text]) == 1


async def test_a_digest_without_its_chart_is_better_than_none(house: House) -> None:
    await an_incident(house)
    house.slack.fail("chat.postMessage", "invalid_blocks", times=1)
    async with house.bot.world.db.transaction() as session:
        await enqueue(session, PostDigest("2026-W48", "payments"), now=house.clock())
    await settled(house)
    found = [m for m in of_us(house.slack, "team-payments") if "Payments, week 48" in m.text]
    assert len(found) == 1
    assert "data_visualization" not in kinds(found[0])
    assert "1 filed: Switches 1." in visible_text(found[0])


async def test_a_report_is_answered_while_a_page_goes_out(house: House) -> None:
    """Asking costs nobody's page anything: both are there within a moment."""
    await an_incident(house)
    began = house.clock()
    await house.slack.people["dana"].type("/incident report")
    await house.slack.people["carol"].type("/incident start checkout sev1 again")
    await house.slack.until(lambda: any("again" in dm.text for dm in house.slack.people["alice"].dms()))
    assert house.clock() - began < timedelta(seconds=5)


@pytest.mark.parametrize(
    "words",
    [
        "digest",
        "digest 2026-W48",
        "digest payments",
        "digest 2026-W48 payments",
        "digest payments 2026-w48",
        "digest this week",
    ],
)
async def test_a_digest_is_there_when_it_is_asked_for(tmp_path: Path, words: str) -> None:
    async with workspace(tmp_path, f"sqlite:///{tmp_path}/writeback.db", Clock(ticks=True)) as house:
        await an_incident(house)
        await house.slack.people["dana"].type(f"/incident {words}")
        assert "week 48 (23 Nov to 29 Nov 2026)" in visible_text(shown(house))


async def test_a_digest_that_can_not_be_posted_is_told_to_somebody_who_can_mend_it(house: House) -> None:
    await an_incident(house)
    house.slack.fail("chat.postMessage", "is_archived", when=lambda args: args["channel"] == "incidents")
    async with house.bot.world.db.transaction() as session:
        await enqueue(session, PostDigest("2026-W48", ""), now=house.clock())
    await settled(house)
    told = [visible_text(m) for m in of_us(house.slack, "team-payments")]
    assert any("Writeback could not post the weekly digest: Slack refused" in text for text in told)


async def test_guides_are_thanked_and_counted_and_switches_that_were_tried_are_told(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/writeback.db"
    async with workspace(tmp_path, url, Clock(ticks=True), change=guided, known=5) as house:
        alice, carol = house.slack.people["alice"], house.slack.people["carol"]
        await carol.type("/incident start checkout sev2 <cards> fail")
        await house.until_quiet()
        await alice.type("/incident ack INC-1")
        await alice.type("/incident guide INC-1 how do we fail over?")
        await house.until_quiet()
        await carol.type("/incident advice INC-1 20m promote the replica")
        await alice.type("/incident drill checkout fraud check off")
        await house.until_quiet()
        week = week_of(house.clock())
        found = await digests.digest(house.bot.world, week, "payments")
        assert found is not None
        said = {section.title: section.lines for section in found.sections}
        assert said["Thanks"] == ("Carol (Platform) advised once, 20 min: promote the replica",)
        assert said["Readiness"] == ("checkout: Alice tried “fraud check off”, outcome not said",)
        other = await digests.digest(house.bot.world, week, "search")
        assert other is None
        report = await reports.report(house.bot.world, "payments", 4)
        part = next(part for part in report.parts if part.id == "guides")
        assert part.rows[0][:3] == ("Platform", 1, 1)
        assert part.rows[0][4] == 20 * 60


def test_rows_that_a_message_has_no_room_for_are_counted() -> None:
    columns = (Column("category", "Category", Unit.WORDS), Column("count", "Came back"))
    rows = tuple((f"category {n}", n) for n in range(8))  # the first has no figure
    part = Part("recurrences", "What came back", "How.", columns, rows, 8, 8, notes=("8 came back.",))
    text = visible_text(drawn.report(Report("", "All teams", MONDAY, MONDAY, 1, 8, ("x",), (part,))).args())
    assert "• category 5: Came back 5\n_and 2 more rows_\n_From 8 incidents. 8 came back._" in text
