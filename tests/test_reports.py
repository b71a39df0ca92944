"""What reports and digests read from the tables, on both databases."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.year import Size, play
from bot.config import load
from bot.core import Refused
from bot.core.digests import Digest, Week, as_text
from bot.core.reports.figures import Cell, Report
from bot.core.reports.written import as_text as report_as_text
from bot.db import Database, connect
from bot.flows import World, digests, reports
from bot.models import (
    Action,
    ActionState,
    Entry,
    Guidance,
    GuidanceState,
    Incident,
    Installation,
    Mitigation,
    Noticed,
    Page,
    PageState,
    Postmortem,
    PostmortemState,
    Recurrence,
    RecurrenceState,
    Severity,
    Status,
)
from tests.conftest import Clock

CONFIG = """
[paging]
fallback_team = "payments"
[[person]]
id = "alice"
timezone = "Europe/London"
email = "a@acme.dev"
[[person]]
id = "erin"
email = "e@acme.dev"
[[person]]
id = "olga"
email = "o@acme.dev"
[[team]]
id = "payments"
name = "Payments"
lead = "alice"
fallback = "alice"
members = ["alice"]
[[team]]
id = "search"
name = "Search"
lead = "erin"
fallback = "erin"
members = ["erin"]
[[team]]
id = "platform"
name = "Platform"
kind = "guide"
members = ["olga"]
[[service]]
id = "checkout"
team = "payments"
"""


@pytest.fixture
async def world(database: Database, url: str, tmp_path: Path, clock: Clock) -> World:
    """Noon of Tuesday 2026-11-24, in week 48."""
    (tmp_path / "config.toml").write_text(CONFIG)
    live = load({"WRITEBACK_CONFIG": str(tmp_path / "config.toml"), "DATABASE_URL": url}, tmp_path)
    return World(database, live, clock)


def at(month: int, day: int, hour: int = 0) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def incident(number: int, declared: datetime, **more: Any) -> Incident:
    known: dict[str, Any] = {
        "request_id": f"r{number}", "title": f"number {number}", "service": "checkout", "team": "payments",
        "severity": Severity.SEV2, "status": Status.RESOLVED, "declared_by": "carol", "owner": "alice",
        "acknowledged_at": declared + timedelta(minutes=1), "resolved_at": declared + timedelta(minutes=61),
    }  # fmt: skip
    return Incident(id=number, declared_at=declared, **(known | more))


def page(number: int, of: int, person: str, why: str, sent: datetime, **more: Any) -> Page:
    known: dict[str, Any] = {"run": 1, "step": 0, "state": PageState.ACKNOWLEDGED, "answered_at": sent}
    return Page(
        incident_id=of, number=number, person=person, why=why, created_at=sent, sent_at=sent, **(known | more)
    )


def item(name: str, of: int, created: datetime, **more: Any) -> Action:
    known: dict[str, Any] = {
        "title": f"item {name}",
        "team": "payments",
        "category": "switches",
        "created_by": "alice",
    }
    return Action(id=name, incident_id=of, created_at=created, **(known | more))


async def write(world: World, *rows: Any) -> None:
    """In order, each after what it refers to."""
    async with world.db.transaction() as session:
        for row in rows:
            session.add(row)
            await session.flush()


def rows(found: Report, named: str) -> dict[Cell, tuple[Cell, ...]]:
    part = found.part(named)
    assert part is not None, f"there is no part {named}"
    return {row[0]: row[1:] for row in part.rows}


MONDAY = at(11, 16, 10)  # of week 47


async def test_an_empty_database_has_a_report_and_no_digest(world: World) -> None:
    found = await reports.report(world)
    assert found.incidents == 0
    assert found.summary == ("No incident in these 12 weeks.",)
    assert await digests.digest(world, Week(2026, 47)) is None


async def test_one_incident_is_read_whole(world: World) -> None:
    moved = Entry(
        incident_id=1, at=MONDAY + timedelta(minutes=30), recorded_at=MONDAY, kind="owner_changed",
        data={"service": "checkout", "team": "Payments", "released": "Search"},
    )  # fmt: skip
    unclear = Entry(
        incident_id=1, at=MONDAY, recorded_at=MONDAY, kind="owner_unclear",
        data={"team": "Search", "others": [], "fallback": True},
    )  # fmt: skip
    await write(
        world,
        incident(
            1, MONDAY, mitigation_kind=Mitigation.SWITCH, noticed=Noticed.CUSTOMER,
            mitigated_at=MONDAY + timedelta(minutes=40), run=2,
        ),
        unclear,
        moved,
        page(1, 1, "erin", "on call for Search", MONDAY, state=PageState.CANCELLED),
        page(2, 1, "alice", "on call for Payments", MONDAY + timedelta(minutes=30), run=2),
        page(3, 1, "olga", "asked for advice (Platform)", MONDAY + timedelta(minutes=40), by_hand=True),
        page(4, 1, "#team-payments", "channel of Payments", MONDAY + timedelta(minutes=40), state=PageState.SENT),
        item("a1", 1, MONDAY, due=date(2026, 11, 20)),
        item("a2", 1, MONDAY, category="", suggested="failure", state=ActionState.DONE,
             closed_at=MONDAY + timedelta(days=2), jira="PAY-2"),
        item("a3", 1, MONDAY, state=ActionState.CANDIDATE),
        Postmortem(incident_id=1, due=date(2026, 11, 20), created_at=MONDAY, updated_at=MONDAY,
                   state=PostmortemState.PUBLISHED, published_at=at(11, 19), lesson="Try the switch."),
    )  # fmt: skip
    found = await reports.report(world, "payments", 4)
    assert rows(found, "owners")["moved to another team"] == (1, 1.0, None)
    assert rows(found, "owners")["lost in all"] == (1, None, 1800)
    assert rows(found, "owners")["pages to people of a team that did not own it"][0] == 1
    assert rows(found, "services")["incidents nobody owned: the fallback team was paged"] == (1, 1.0)
    answers = rows(found, "answers")
    assert answers["the owner's on-call"] == (2, 1, 0, 0, 1)
    assert answers["guides"] == (1, 1, 0, 0, 0)
    assert answers["a whole channel"] == (1, 0, 0, 0, 1)
    # Alice half an hour since it was hers, Olga 21 minutes.
    # Of the two weeks since the first incident of all, not of four.
    assert rows(found, "support")["together"] == (1, 0.9, round((31 + 21) / 60 / 80, 4))
    assert rows(found, "support")["Switches"][0] == 1
    assert rows(found, "actions")["Switches"] == (1, 0, 0, 1, 0, 0, 1)
    assert rows(found, "actions")["Dealing with failure"] == (1, 1, 0, 0, 0, 0, 0)
    assert rows(found, "detection")["a customer"] == (1, 1.0)
    assert rows(found, "stopping")["a switch, or configuration at runtime"] == (1, 1.0, 2400, 2400)
    assert rows(found, "postmortems")["published in time"] == (1, 1.0)
    assert rows(await reports.report(world, "", 4), "teams")["Payments"][0] == 1


async def test_private_incidents_and_tests_are_in_no_figure_and_in_no_word(world: World) -> None:
    more: list[Any] = []
    for number, hidden in ((1, {"private": True}), (2, {"test": True})):
        more += [
            incident(number, MONDAY, title="secret", **hidden),
            page(1, number, "alice", "on call for Payments", MONDAY.replace(hour=2)),
            item(f"x{number}", number, MONDAY, title="secret item"),
            item(f"y{number}", number, MONDAY, title="secret item", state=ActionState.DONE, closed_at=MONDAY),
            Postmortem(incident_id=number, due=date(2026, 11, 17), created_at=MONDAY, updated_at=MONDAY,
                       state=PostmortemState.PUBLISHED, published_at=MONDAY, lesson="secret lesson"),
        ]  # fmt: skip
    more.append(
        Recurrence(incident_id=1, earlier_id=2, how="person", at=MONDAY, state=RecurrenceState.CONFIRMED)
    )
    await write(world, *more)
    found = await reports.report(world, "", 4)
    assert found.incidents == 0
    assert found.parts == (found.parts[0],)
    assert rows(found, "services")["incidents whose owner was guessed"][0] == 0
    assert await digests.digest(world, Week(2026, 47)) is None
    # Beside one that everybody may know of, they are still in nothing.
    back = Recurrence(incident_id=3, earlier_id=1, how="person", at=MONDAY, state=RecurrenceState.CONFIRMED)
    await write(world, incident(3, MONDAY), back)
    told = "\n".join(report_as_text(await reports.report(world, "payments", 4)))
    digest = await digests.digest(world, Week(2026, 47))
    assert digest is not None
    told += "\n".join(as_text(digest))
    assert "secret" not in told
    assert "INC-1" not in told
    assert digest.figures["recurrences"] == 0


async def test_a_span_reads_its_own_weeks_however_old_the_database_is(world: World) -> None:
    old = at(2, 17, 10)  # forty weeks before
    await write(world, incident(1, old), item("a", 1, old, state=ActionState.OPEN), incident(2, MONDAY))
    found = await reports.report(world, "payments", 12)
    assert found.incidents == 1
    assert rows(found, "actions")["Switches"] == (0, 0, 0, 0, 0, 1, 0)  # still open, and old
    assert (await reports.report(world, "payments", 41)).incidents == 2
    with pytest.raises(Refused, match="1 to 520 weeks"):
        await reports.report(world, "payments", 521)


async def test_a_category_and_a_team_that_were_removed_are_still_told(world: World) -> None:
    await write(
        world,
        incident(1, MONDAY, team="billing", service="invoices"),
        item("a", 1, MONDAY, team="billing", category="no-longer-there"),
    )
    found = await reports.report(world, "billing", 4)
    assert found.name == "billing (no longer in the catalog)"
    assert rows(found, "support")["no-longer-there"][0] == 1
    assert rows(found, "actions")["no-longer-there"][0] == 1
    assert rows(found, "services")["incidents of a service that has left the catalog"] == (1, 1.0)
    with pytest.raises(Refused, match="There is no team “nobody”: the catalog has payments"):
        await reports.report(world, "nobody")


async def test_what_came_back_is_told_by_how_the_item_stood_then(world: World) -> None:
    later = MONDAY + timedelta(days=3)
    await write(
        world,
        incident(1, MONDAY - timedelta(weeks=5)), incident(2, MONDAY), incident(3, later),
        item("a", 1, MONDAY - timedelta(weeks=5), state=ActionState.DONE, closed_at=MONDAY + timedelta(days=1), jira="PAY-1"),
        Recurrence(incident_id=2, earlier_id=1, how="service", at=MONDAY, state=RecurrenceState.CONFIRMED, decided_at=MONDAY),
        Recurrence(incident_id=3, earlier_id=1, how="service", at=later, state=RecurrenceState.CONFIRMED, decided_at=later),
        Recurrence(incident_id=3, earlier_id=2, how="text", at=later, state=RecurrenceState.SUGGESTED),
    )  # fmt: skip
    # The first time its item was still open, the second time it was done.
    assert rows(await reports.report(world, "payments", 4), "recurrences")["Switches"] == (2, 1, 1, 0)
    found = await digests.digest(world, Week(2026, 47))
    assert found is not None
    assert {part.title: part.lines for part in found.sections}["Came back"] == (
        "INC-2 is INC-1 again (Payments); PAY-1 “item a” was still open.",
        "INC-3 is INC-1 again (Payments); PAY-1 “item a” was done and should have prevented it.",
    )


async def week(world: World) -> None:
    """Week 47: two teams meet the same, and one did something about it."""
    await write(
        world,
        incident(1, MONDAY),
        incident(2, MONDAY + timedelta(days=6, hours=16), team="search", service="finder", owner="erin"),  # Monday, 02:00
        incident(3, MONDAY + timedelta(days=6, hours=13, minutes=59), team="search", service="finder", owner="erin"),
        page(1, 3, "erin", "on call for Search", MONDAY + timedelta(days=6, hours=13, minutes=59)),
        item("a", 1, MONDAY, due=date(2026, 11, 18)),
        item("b", 3, MONDAY + timedelta(days=1), team="search", title="add a switch", state=ActionState.DONE,
             closed_at=MONDAY + timedelta(days=5), jira="SEA-12"),
        Postmortem(incident_id=3, created_at=MONDAY, updated_at=MONDAY, state=PostmortemState.PUBLISHED,
                   published_at=MONDAY + timedelta(days=6), lesson="A switch that nobody tried is none."),
        Postmortem(incident_id=1, due=date(2026, 11, 20), created_at=MONDAY, updated_at=MONDAY),
    )  # fmt: skip


def lines(found: Digest | None) -> dict[str, tuple[str, ...]]:
    assert found is not None
    return {part.title: part.lines for part in found.sections}


async def test_a_digest_says_what_broke_what_was_learnt_and_what_is_worth_anothers_time(world: World) -> None:
    await week(world)
    found = await digests.digest(world, Week(2026, 47))
    assert found is not None
    assert found.title == "All teams, week 47 (16 Nov to 22 Nov 2026)"
    assert found.headline == (
        "2 incidents (2 of them sev1 or sev2), 2.0 person-hours of support, 1 night interrupted; "
        "over after 1 h 1 min (median of 2)."
    )
    told = lines(found)
    assert told["Postmortems"] == (
        "INC-3 number 3 (Search): A switch that nobody tried is none.",
        "1 postmortem overdue, the oldest INC-1 since 2026-11-20.",
    )
    assert told["Action items"] == ("2 filed: Switches 2.", "1 done: Switches 1.", "1 overdue: Switches 1.")
    assert told["Worth your time"] == (
        "2 teams filed items on “Switches” in four weeks (Payments, Search). Here is what Search did: “add a switch” "
        "(SEA-12). What they learnt: A switch that nobody tried is none.",
    )


async def test_a_team_reads_its_own_week_and_what_others_did(world: World) -> None:
    await week(world)
    mine = lines(await digests.digest(world, Week(2026, 47), "payments"))
    assert mine["Postmortems"] == ("1 postmortem overdue, the oldest INC-1 since 2026-11-20.",)
    assert mine["Worth your time"][0].startswith("2 teams filed items on “Switches”")
    assert "Worth your time" not in lines(await digests.digest(world, Week(2026, 47), "search"))


async def test_a_past_week_tells_what_was_overdue_then(world: World) -> None:
    closed: dict[str, Any] = {"state": ActionState.DONE, "due": date(2026, 11, 18)}
    await write(
        world,
        incident(1, MONDAY),
        item("a", 1, MONDAY, closed_at=at(11, 23, 8), **closed),  # on the Monday after
        item("b", 1, MONDAY, closed_at=at(11, 19), **closed),  # late, but in that week
        item("c", 1, MONDAY, due=date(2026, 11, 22)),
        item("d", 1, MONDAY, due=date(2026, 11, 24)),
        Postmortem(incident_id=1, due=date(2026, 11, 20), created_at=MONDAY, updated_at=MONDAY,
                   state=PostmortemState.PUBLISHED, published_at=at(11, 23, 8)),
    )  # fmt: skip
    found = await digests.digest(world, Week(2026, 47))
    assert found is not None
    assert (found.figures["overdue"], found.figures["postmortems_late"]) == (2, 1)


async def test_a_postmortem_of_what_is_open_again_is_overdue_nowhere(world: World) -> None:
    late: dict[str, Any] = {"due": date(2026, 11, 20), "created_at": MONDAY, "updated_at": MONDAY}
    await write(
        world,
        incident(1, MONDAY, status=Status.INVESTIGATING, resolved_at=None), Postmortem(incident_id=1, **late),
        incident(2, MONDAY), Postmortem(incident_id=2, **late),
    )  # fmt: skip
    found = await digests.digest(world, Week(2026, 47))
    assert found is not None
    assert found.figures["postmortems_late"] == 1
    assert (await reports.report(world, "", 4)).summary[
        -1
    ] == "1 postmortem overdue, the oldest since 2026-11-20."
    # In the report of the weeks after as well: it is still not written.
    world.clock.set(at(12, 28, 12))  # type: ignore[attr-defined]
    assert (await reports.report(world, "", 4)).summary[
        -1
    ] == "1 postmortem overdue, the oldest since 2026-11-20."


async def test_guides_are_reported_by_what_they_gave(world: World) -> None:
    asked: dict[str, Any] = {
        "question": "how?",
        "asked_by": "alice",
        "asked_at": MONDAY,
        "state": GuidanceState.ANSWERED,
        "minutes": 30,
    }
    await write(
        world,
        incident(1, MONDAY), Guidance(incident_id=1, number=1, team="platform", person="olga", answer="so", **asked),
    )  # fmt: skip
    given = await reports.report(world, "platform", 4)
    assert given.name == "Platform"
    assert "1 question in these 4 weeks, 1 answered, 0.5 person-hours" in given.summary[0]
    assert rows(await reports.report(world, "payments", 4), "guides")["Platform"][0] == 1
    assert (await reports.report(world, "search", 4)).part("guides") is None
    assert lines(await digests.digest(world, Week(2026, 47), "platform"))["Thanks"] == (
        "Olga (Platform) advised once, 30 min: so",
    )


async def test_what_is_named_by_its_key_is_linked_where_its_place_is_known(world: World) -> None:
    await write(
        world,
        Installation(team_id="T1", url="https://acme.slack.com/", seen_at=MONDAY),
        incident(9, MONDAY - timedelta(weeks=6)), incident(1, MONDAY, channel_id="C1"), incident(2, MONDAY),
        incident(3, MONDAY, title="like INC-4", channel_id="C3"), incident(4, MONDAY, private=True, channel_id="C4"),
        item("a", 1, MONDAY - timedelta(weeks=2), state=ActionState.DONE, closed_at=MONDAY, jira="PAY-1",
             jira_url="https://jira.acme.dev/browse/PAY-1"),
    )  # fmt: skip
    found = await reports.report(world, "payments", 4)
    assert found.links == {
        "INC-1": "https://acme.slack.com/archives/C1",
        "INC-3": "https://acme.slack.com/archives/C3",
        "PAY-1": "https://jira.acme.dev/browse/PAY-1",
    }
    digest = await digests.digest(world, Week(2026, 47))
    assert digest is not None
    assert set(digest.links) == {"INC-1", "INC-3"}


async def test_a_team_of_which_only_items_are_left_has_a_report(world: World) -> None:
    await write(world, incident(1, MONDAY), item("a", 1, MONDAY, team="billing"))
    assert (await reports.report(world, "billing", 4)).summary == (
        "No incident in these 4 weeks. 1 action item open.",
    )


async def test_what_is_merely_still_open_is_no_news(world: World) -> None:
    await write(world, incident(1, MONDAY), item("a", 1, MONDAY, due=date(2026, 11, 17)))
    assert await digests.digest(world, Week(2026, 47)) is not None
    assert await digests.digest(world, Week(2026, 48)) is None
    with pytest.raises(Refused, match="Week 2027-W03 has not begun: it does on 2027-01-18"):
        await digests.digest(world, Week(2027, 3))


async def test_a_played_year_is_the_same_for_the_same_seed_and_has_a_report(
    url: str, tmp_path: Path, clock: Clock
) -> None:
    size, end = Size(weeks=20, a_week=10), at(11, 23, 9)
    year, count = play(url, size, seed=3, end=end)
    assert 50 < count["incident"] < 400
    again, same = play(f"sqlite:///{tmp_path}/again.db", size, seed=3, end=end)
    assert (same, again.config()) == (count, year.config())
    with pytest.raises(SystemExit, match="is not empty"):
        play(url, size, seed=3, end=end)
    (tmp_path / "year.toml").write_text(year.config())
    live = load({"WRITEBACK_CONFIG": str(tmp_path / "year.toml"), "DATABASE_URL": url}, tmp_path)
    world = World(connect(url), live, lambda: end)
    found = await reports.report(world, "", 20)
    assert {part.id for part in found.parts} >= {
        "teams",
        "owners",
        "nights",
        "support",
        "fixes",
        "recurrences",
        "postmortems",
    }
    one = sum(
        [(await reports.report(world, team.id, 20)).incidents for team in live.config.catalog.teams.values()]
    )
    assert one == found.incidents
    assert await digests.digest(world, Week(2026, 47)) is not None
    await world.db.close()
