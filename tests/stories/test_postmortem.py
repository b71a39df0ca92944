"""A postmortem that is nearly written when the incident ends: drafted, written by several, read, published, kept."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot.core.jobs import RemindPostmortems
from bot.core.postmortems import Section, mark
from bot.flows import Asking, postmortems
from bot.flows.postmortems import Text
from bot.models import (
    Action,
    Entry,
    Incident,
    Postmortem,
    PostmortemState,
    PostmortemVersion,
)
from bot.sandbox.records import Canvas
from bot.sandbox.rendering import visible_text
from tests.conftest import Clock
from tests.stories.conftest import House, workspace

CHANNEL = "inc-1-card-payments-fail"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with workspace(tmp_path, f"sqlite:///{tmp_path}/writeback.db", Clock(ticks=True)) as found:
        yield found


async def resolved(house: House, *, severity: str = "sev2") -> None:
    carol, alice = house.slack.people["carol"], house.slack.people["alice"]
    await carol.type(f"/incident start checkout {severity} card payments fail")
    await house.until_quiet()
    await alice.type("/incident ack INC-1")
    for words in (
        "mitigate INC-1 rollback to 1.41",
        "took INC-1 redeploy",
        "noticed INC-1 customer",
        "resolve INC-1",
    ):
        await alice.type(f"/incident {words}")
    await house.until_quiet()


async def row(house: House) -> Postmortem | None:
    async with house.bot.world.db.reading() as session:
        return await session.get(Postmortem, 1)


async def there(house: House) -> Postmortem:
    found = await row(house)
    assert found is not None
    return found


async def form(house: House, who: str = "alice") -> None:
    """Open the form behind *Write*."""
    person = house.slack.people[who]
    await person.type("/incident postmortem INC-1")
    await person.press("Write", in_="general")


async def written(house: House) -> None:
    await form(house)
    await house.slack.people["alice"].fill_and_submit({"Lesson": "Try a rollback before a fix"})
    await house.until_quiet()


def in_team(house: House) -> list[str]:
    return [
        visible_text(m)
        for m in house.slack.channel_named("team-payments").messages
        if "Postmortem" in visible_text(m)
    ]


# ---- the draft -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("severity", "due"), [("sev1", "2026-11-29"), ("sev2", "2026-12-04"), ("sev3", None)]
)
async def test_a_draft_is_made_for_the_severities_that_have_one(
    house: House, severity: str, due: str | None
) -> None:
    await resolved(house, severity=severity)
    found = await row(house)
    assert (str(found.due) if found else None) == due
    if found:
        assert (found.state, found.author) == (PostmortemState.DRAFT, "alice")
        assert f"due on {due}" in (await house.slack.people["alice"].type("/incident postmortem INC-1")).text


async def test_whoever_asks_for_one_has_it_whatever_the_severity(house: House) -> None:
    await resolved(house, severity="sev4")
    assert await row(house) is None
    await written(house)
    assert (await there(house)).due is None


async def test_the_facts_speak_until_somebody_does(house: House) -> None:
    await resolved(house)
    shown = (await house.slack.people["alice"].type("/incident postmortem INC-1")).text
    for words in (
        "Card payments fail (checkout of Payments, sev2)",
        "A customer noticed first.",
        "1 page to 1 person: 1 acknowledged",
        "The first person who was paged took it.",
        "It took a redeploy",
        "Not at runtime: it took a redeploy",
        "checkout has fraud check off; none of it is what stopped this",
    ):
        assert words in shown, words


# ---- writing ---------------------------------------------------------------------------------


async def test_a_form_comes_filled_with_facts_and_keeps_what_is_written(house: House) -> None:
    await resolved(house)
    alice = house.slack.people["alice"]
    await form(house)
    assert alice.modal is not None
    inputs = {b["block_id"]: b["element"].get("initial_value") or "" for b in alice.modal.blocks}
    assert inputs["summary"].startswith("Card payments fail (checkout of Payments, sev2)")
    assert inputs["lesson"] == ""
    words = "Payments failed for 9 min.\n- <b>EU</b> cards & all\n- *others* too"
    await alice.fill_and_submit({"Impact": words, "Lesson": "Try a rollback\nbefore a fix"})
    await house.until_quiet()
    found = await there(house)
    assert found.sections["impact"] == words
    assert found.lesson == "Try a rollback before a fix"
    # What the facts say and nobody touched goes on speaking for itself; the summary was read and approved.
    assert set(found.sections) == {"impact", "summary"}
    await form(house)
    assert alice.modal is not None
    again = {b["block_id"]: b["element"].get("initial_value") for b in alice.modal.blocks}
    assert again["impact"] == words


async def test_two_who_write_the_same_section_are_offered_both_texts(house: House) -> None:
    await resolved(house)
    alice, bob = house.slack.people["alice"], house.slack.people["bob"]
    await form(house, "alice")
    await form(house, "bob")
    await bob.fill_and_submit({"Impact": "Bob: nine minutes", "Lesson": "Bob's lesson"})
    shown = await alice.fill_and_submit(
        {"Impact": "Alice: ten minutes", "Contributing factors": "a long deploy"}
    )
    found = await there(house)
    assert found.sections["impact"] == "Bob: nine minutes"
    # What nobody else touched is stored; the clash is shown with both texts, hers ready to be changed.
    assert found.sections["factors"] == "a long deploy"
    assert shown.view is not None
    assert shown.view.title == "Two texts"
    assert "Bob: nine minutes" in str(shown.view.blocks)
    fields = {b["block_id"]: b["element"]["initial_value"] for b in shown.view.blocks if b["type"] == "input"}
    assert fields["impact"] == "Alice: ten minutes"
    await alice.fill_and_submit({"Impact": "Nine to ten minutes"})
    assert (await there(house)).sections["impact"] == "Nine to ten minutes"


async def test_a_form_sent_twice_is_one_change(house: House) -> None:
    await resolved(house)
    await form(house)
    alice = house.slack.people["alice"]
    await alice.fill_and_submit({"Lesson": "once"})
    await alice.submit_again()
    lines = [line for line in (await house.shown())["timeline"] if line["kind"] == "postmortem_written"]
    assert len(lines) == 1


async def test_names_in_the_factors_are_answered_with_advice(house: House) -> None:
    await resolved(house)
    alice = house.slack.people["alice"]
    await form(house)
    shown = await alice.fill_and_submit({"Contributing factors": "Bob deployed on a Friday"})
    assert shown.view is not None
    assert "name Bob: say the role instead" in str(shown.view.blocks)
    assert (await there(house)).sections["factors"] == "Bob deployed on a Friday"


async def test_nothing_goes_out_that_blames_somebody_by_name_unless_it_is_no_name(house: House) -> None:
    await resolved(house)
    alice = house.slack.people["alice"]
    for words in ("summary Cards failed.", "lesson Limit reports.", "factors Bob deployed on a Friday"):
        await alice.type(f"/incident postmortem INC-1 write {words}")
    refused = (await alice.type("/incident postmortem INC-1 publish")).text
    assert "The contributing factors name Bob: say the role instead" in refused
    assert (await there(house)).version == 0
    assert "is published." in (await alice.type("/incident postmortem INC-1 publish anyway")).text


async def test_a_version_that_was_published_can_be_read_again(house: House) -> None:
    await resolved(house)
    alice = house.slack.people["alice"]
    assert "nothing of it is published yet" in (await alice.type("/incident postmortem INC-1 version 1")).text
    for words in ("write summary Cards failed.", "write lesson Limit reports.", "publish"):
        await alice.type(f"/incident postmortem INC-1 {words}")
    await alice.type("/incident postmortem INC-1 write lesson Limit everything.")
    old = (await alice.type("/incident postmortem INC-1 version 1")).text
    assert "as version 1, published 2026-11-24" in old
    assert "Limit reports." in old
    assert "Limit everything." not in old
    assert "versions 1 to 2 are published" in (await alice.type("/incident postmortem INC-1 version 3")).text
    assert "Say which version" in (await alice.type("/incident postmortem INC-1 version one")).text
    now = (await alice.type("/incident postmortem INC-1")).text
    assert "`/incident postmortem INC-1 version n`" in now


async def test_headings_stand_out_and_the_last_update_is_no_part_of_what_is_over(house: House) -> None:
    carol = house.slack.people["carol"]
    await carol.type("/incident start checkout sev1 a *bold* title")
    await carol.type("/incident update INC-1 we are looking at it")
    shown = (await carol.type("/incident postmortem INC-1")).text
    for words in ("*INC-1: a ∗bold∗ title*", "*Detection*", "*Last update*", "*Logging:* Could you"):
        assert words in shown
    await carol.type("/incident resolve INC-1")
    assert "*Last update*" not in (await carol.type("/incident postmortem INC-1")).text


async def test_words_do_what_the_form_does(house: House) -> None:
    await resolved(house)
    alice = house.slack.people["alice"]
    answer = await alice.type("/incident postmortem INC-1 write lesson Try a rollback first")
    assert "Written: Lesson." in answer.text
    assert (
        "is no section: write one of summary"
        in (await alice.type("/incident postmortem INC-1 write x y")).text
    )
    assert (
        "at most 3000 fit" in (await alice.type(f"/incident postmortem INC-1 write impact {'x' * 3001}")).text
    )
    assert "is not understood" in (await alice.type("/incident postmortem INC-1 frobnicate")).text
    assert (await there(house)).lesson == "Try a rollback first"


async def test_only_those_who_worked_on_it_write_it(house: House) -> None:
    await resolved(house)
    erin = house.slack.people["erin"]
    shown = await erin.type("/incident postmortem INC-1")
    assert "Write" not in shown.buttons
    assert (
        "You may not write the postmortem"
        in (await erin.type("/incident postmortem INC-1 write lesson x")).text
    )
    assert "You may not" in (await erin.type("/incident postmortem INC-1 publish")).text


# ---- review ----------------------------------------------------------------------------------


async def test_readers_are_asked_and_what_they_say_reaches_the_author(house: House) -> None:
    await resolved(house)
    alice, bob, dana = (house.slack.people[name] for name in ("alice", "bob", "dana"))
    await alice.type("/incident postmortem INC-1")
    await alice.press("Ask for a review", in_="general")
    shown = await alice.fill_and_submit({"Who is to read it?": ["bob", "dana"]})
    assert "Summary and Lesson are not written" in str(shown.errors)
    await alice.close()
    await written(house)
    await alice.type("/incident postmortem INC-1")
    await alice.press("Ask for a review", in_="general")
    await alice.fill_and_submit({"Who is to read it?": ["bob", "dana"]})
    await house.until_quiet()
    assert (await there(house)).state is PostmortemState.REVIEW
    assert "Try a rollback before a fix" in bob.dms()[-1].text
    await bob.press("Looks good", in_=bob.dm)
    await bob.press_again()
    await dana.press("Comment…", in_=dana.dm)
    await dana.fill_and_submit({"What should be different?": "Say how many <customers>"})
    await house.until_quiet()
    assert "Thank you" in bob.dms()[-1].text
    told = [dm.text for dm in alice.dms()]
    assert any("Bob finds the postmortem good" in text for text in told)
    assert any("Dana says of the postmortem: Say how many <customers>" in text for text in told)
    assert sum("finds the postmortem good" in text for text in told) == 1
    state = (await alice.type("/incident postmortem INC-1")).text
    assert "In review" in state
    assert "Say how many <customers>" in state


# ---- publication -----------------------------------------------------------------------------


async def test_it_goes_out_once_with_lesson_and_items(house: House) -> None:
    await resolved(house)
    alice, bob = house.slack.people["alice"], house.slack.people["bob"]
    await alice.type("/incident action INC-1 switches add a kill switch for the card provider @bob")
    refused = (await alice.type("/incident postmortem INC-1 publish")).text
    assert "Summary and Lesson are not written" in refused
    await written(house)
    assert (
        "Only its author or a lead publishes" in (await bob.type("/incident postmortem INC-1 publish")).text
    )
    await alice.type("/incident postmortem INC-1")
    await alice.press("Publish", in_="general")
    await alice.press_again()
    await house.until_quiet()
    [message] = in_team(house)
    assert "Try a rollback before a fix" in message
    assert "PAY-1: add a kill switch for the card provider, Bob" in message
    found = await there(house)
    assert (found.state, found.version, found.published_by) == (PostmortemState.PUBLISHED, 1, "alice")
    assert "is published already (version 1" in (await alice.type("/incident postmortem INC-1 publish")).text


async def test_what_is_written_afterwards_is_a_new_version_that_says_what_changed(house: House) -> None:
    await resolved(house)
    await written(house)
    alice = house.slack.people["alice"]
    await alice.type("/incident postmortem INC-1 publish")
    await house.until_quiet()
    await alice.type("/incident postmortem INC-1 write impact Nine minutes without cards")
    await house.until_quiet()
    assert "version 2: Impact changed (by Alice)" in in_team(house)[-1]
    async with house.bot.world.db.reading() as session:
        versions = (await session.exec(select(PostmortemVersion).order_by("version"))).all()
    assert [v.version for v in versions] == [1, 2]
    assert "Nine minutes" not in versions[0].markdown
    assert "Nine minutes" in versions[1].markdown
    # Taking the lesson away publishes nothing that lacks it.
    await alice.type("/incident postmortem INC-1 write lesson")
    assert (await there(house)).version == 2


async def test_a_private_one_is_published_in_its_own_channel_alone(house: House) -> None:
    await resolved(house)
    async with house.bot.world.db.transaction() as session:
        incident = await session.get(Incident, 1)
        assert incident is not None
        incident.private = True
        session.add(incident)
    await written(house)
    await house.slack.people["alice"].type("/incident postmortem INC-1 publish")
    await house.until_quiet()
    assert in_team(house) == []
    own = [visible_text(m) for m in house.slack.channel_named(CHANNEL).messages]
    assert any("Postmortem of INC-1" in text for text in own)
    erin = house.slack.people["erin"]
    assert "There is no incident INC-1" in (await erin.type("/incident postmortem INC-1")).text
    alice = house.slack.people["alice"]
    assert "Erin may not see INC-1" in (await alice.type("/incident postmortem INC-1 review @erin")).text


# ---- when it is due --------------------------------------------------------------------------


async def at(house: House, moment: datetime) -> None:
    house.clock.set(moment)
    await postmortems.remind(house.bot.world, RemindPostmortems(moment.isoformat()))
    await house.until_quiet()


async def test_the_author_is_told_by_day_and_then_the_lead(house: House) -> None:
    await resolved(house)

    def told(person: str) -> list[str]:
        dms = house.slack.people[person].dms()
        return [
            dm.text
            for dm in dms
            if ("The postmortem of INC-1" in dm.text and "due on" in dm.text) or "was due" in dm.text
        ]

    await at(house, datetime(2026, 12, 2, 12, tzinfo=UTC))
    assert told("alice") == []
    await at(house, datetime(2026, 12, 3, 4, tzinfo=UTC))
    assert told("alice") == []
    await at(house, datetime(2026, 12, 3, 10, tzinfo=UTC))
    await at(house, datetime(2026, 12, 3, 11, tzinfo=UTC))
    assert len(told("alice")) == 1
    await at(house, datetime(2026, 12, 5, 12, tzinfo=UTC))  # a Saturday
    assert len(told("alice")) == 1
    await at(house, datetime(2026, 12, 7, 12, tzinfo=UTC))
    assert len(told("alice")) == 1, "on Monday the list of what waits for her says it"
    [lead] = told("dana")
    assert "Alice is its author" in lead
    await at(house, datetime(2027, 2, 1, 12, tzinfo=UTC))
    assert (len(told("alice")), len(told("dana"))) == (1, 1)


async def test_what_is_overdue_since_monday_is_said_though_the_weekly_list_had_it(house: House) -> None:
    await resolved(house)
    async with house.bot.world.db.transaction() as session:
        row = await session.get(Postmortem, 1)
        assert row is not None
        row.due = datetime(2026, 11, 30, tzinfo=UTC).date()
        session.add(row)
    for day in (30, 1):
        await at(house, datetime(2026, 11 if day == 30 else 12, day, 12, tzinfo=UTC))
    said = [dm.text for dm in house.slack.people["alice"].dms() if "The postmortem of INC-1" in dm.text]
    assert ["was due on" in text for text in said] == [True]


async def test_nobody_is_reminded_of_what_is_published(house: House) -> None:
    await resolved(house)
    await written(house)
    await house.slack.people["alice"].type("/incident postmortem INC-1 publish")
    await house.until_quiet()
    await at(house, datetime(2026, 12, 7, 12, tzinfo=UTC))
    assert not any("was due" in dm.text for dm in house.slack.people["alice"].dms())


# ---- the canvas ------------------------------------------------------------------------------


def canvas(house: House) -> str:
    [found] = house.slack.workspace.canvases.values()
    return found.markdown


def write_there(house: House, label: str, words: str) -> None:
    """Somebody writes below a heading of the canvas."""
    [found] = house.slack.workspace.canvases.values()
    head, heading, rest = found.markdown.partition(f"## {label}\n")
    _, mark, after = rest.partition("\n## ")
    found.markdown = f"{head}{heading}{words}\n{mark}{after}"


async def test_people_may_write_in_the_channels_canvas(house: House) -> None:
    await resolved(house)
    alice = house.slack.people["alice"]
    assert "## Contributing factors" in canvas(house)
    write_there(house, "Impact", "Nine minutes \\*without\\* cards")
    await alice.type("/incident postmortem INC-1")
    await alice.press("Take over from the canvas", in_="general")
    await house.until_quiet()
    assert (await there(house)).sections == {"impact": "Nine minutes *without* cards"}
    assert "Taken from the canvas of INC-1: Impact" in alice.dms()[-1].text
    # What a form says is shown there, and never over somebody who is writing.
    await alice.type("/incident postmortem INC-1 write lesson Try a rollback first")
    await house.until_quiet()
    assert "Try a rollback first" in canvas(house)
    write_there(house, "Summary", "I am just writ")
    await alice.type("/incident postmortem INC-1 write lesson Roll back")
    await house.until_quiet()
    assert "I am just writ" in canvas(house)
    assert "Roll back" not in canvas(house)


async def test_a_form_and_the_canvas_that_say_different_things_lose_neither(house: House) -> None:
    await resolved(house)
    alice = house.slack.people["alice"]
    write_there(house, "Impact", "ten minutes")
    await alice.type("/incident postmortem INC-1 write impact nine minutes")
    await alice.type("/incident postmortem INC-1 canvas")
    await house.until_quiet()
    assert (await there(house)).sections["impact"] == "nine minutes"
    assert "yours are still in the canvas" in alice.dms()[-1].text
    assert "ten minutes" in canvas(house)


@pytest.mark.parametrize(
    "word", ["canvas_disabled_user_team", "missing_scope", "team_tier_cannot_create_channel_canvases"]
)
async def test_without_canvases_there_is_the_form_and_nobody_hears_of_it(tmp_path: Path, word: str) -> None:
    async with workspace(tmp_path, f"sqlite:///{tmp_path}/writeback.db", Clock(ticks=True)) as house:
        house.slack.workspace.canvas_refusal = word
        await resolved(house)
        assert house.slack.workspace.canvases == {}
        assert (await house.shown())["jobs"]["failed"] == 0
        assert not any(line["kind"] == "could_not" for line in (await house.shown())["timeline"])
        shown = await house.slack.people["alice"].type("/incident postmortem INC-1")
        assert "Write" in shown.buttons
        assert "Take over from the canvas" not in shown.buttons
        await written(house)
        assert (await there(house)).lesson


async def test_a_canvas_that_people_made_is_left_alone(house: House) -> None:
    carol = house.slack.people["carol"]
    await carol.type("/incident start checkout sev2 card payments fail")
    await house.until_quiet()
    channel = house.slack.channel_named(CHANNEL)
    theirs = Canvas("F0THEIRS", channel.id, "Notes", "# Notes\nours")
    house.slack.workspace.canvases[theirs.id] = theirs
    channel.properties["canvas"] = {"file_id": theirs.id}
    await house.slack.people["alice"].type("/incident ack INC-1")
    await house.slack.people["alice"].type("/incident resolve INC-1")
    await house.until_quiet()
    assert theirs.markdown == "# Notes\nours"
    assert "canvas" not in (await there(house)).places


async def test_a_canvas_whose_making_was_not_answered_is_found_again(house: House) -> None:
    house.slack.fail("conversations.canvases.create", "500 after the effect")
    await resolved(house)
    house.forward(minutes=5)
    await house.until_quiet()
    assert len(house.slack.workspace.canvases) == 1
    assert (await there(house)).places["canvas"] in house.slack.workspace.canvases


# ---- much, and nothing -------------------------------------------------------------------------


async def test_ten_thousand_lines_and_three_hundred_items_stay_readable(house: House) -> None:
    await resolved(house)
    now = house.clock()
    async with house.bot.world.db.transaction() as session:
        for n in range(10_000):
            moment, note = now + timedelta(seconds=n), {"note": f"line {n} <!here>"}
            session.add(
                Entry(incident_id=1, at=moment, recorded_at=moment, kind="noted", by="alice", data=note)
            )
        for n in range(300):
            session.add(
                Action(
                    id=f"item{n}",
                    incident_id=1,
                    title=f"item {n} <script>",
                    team="payments",
                    category="gone" if n % 2 else "switches",
                    created_by="alice",
                    created_at=now,
                )
            )
    alice = house.slack.people["alice"]
    shown = await alice.type("/incident postmortem INC-1")
    assert shown.error is None
    assert "more lines: writeback export INC-1 has all of it" in shown.text.replace("`", "")
    assert len(shown.text) < 20_000
    await written(house)
    await alice.type("/incident postmortem INC-1 publish")
    await house.until_quiet()
    assert "and 295 more: /incident actions INC-1" in in_team(house)[-1].replace("`", "")
    async with house.bot.world.db.reading() as session:
        [version] = (await session.exec(select(PostmortemVersion))).all()
    assert version.markdown.count("\\<!here\\>") == 0
    assert version.markdown.count("line 9999 ") == 1
    assert version.markdown.count("item 299 ") == 1
    # A category that the configuration has lost is shown by its id.
    assert "### gone" in version.markdown


async def test_an_incident_without_a_timeline_has_a_document_all_the_same(house: House) -> None:
    await resolved(house)
    async with house.bot.world.db.transaction() as session:
        for entry in (await session.exec(select(Entry))).all():
            await session.delete(entry)
    shown = await house.slack.people["alice"].type("/incident postmortem INC-1")
    assert "Nothing was recorded." in shown.text


# ---- both databases ----------------------------------------------------------------------------


async def test_two_who_publish_at_once_publish_once(url: str, tmp_path: Path) -> None:
    async with workspace(tmp_path, url, Clock(ticks=True)) as house:
        await resolved(house)
        await written(house)
        alice, dana = house.slack.people["alice"], house.slack.people["dana"]
        world = house.bot.world
        await asyncio.gather(
            *(
                postmortems.publish(world, Asking(id=f"both:{p.name}", by=p.id, incident="INC-1"))
                for p in (alice, dana)
            )
        )
        await house.until_quiet()
        assert len(in_team(house)) == 1
        assert (await there(house)).version == 1


async def test_two_who_save_at_once_lose_nothing(url: str, tmp_path: Path) -> None:
    async with workspace(tmp_path, url, Clock(ticks=True)) as house:
        await resolved(house)
        world = house.bot.world
        empty = mark("")
        replies = await asyncio.gather(
            *(
                postmortems.write(
                    world,
                    Asking(id=f"save:{name}", by=house.slack.people[name].id, incident="INC-1"),
                    {Section.IMPACT: Text(f"{name} wrote", empty)},
                )
                for name in ("alice", "bob")
            )
        )
        assert sorted(reply.extra.get("conflict", "") for reply in replies) == ["", "impact"]
        assert (await there(house)).sections["impact"] in {"alice wrote", "bob wrote"}


@pytest.mark.parametrize("private", [False, True])
async def test_what_people_confirmed_stands_in_the_document_unless_it_is_private(
    url: str, tmp_path: Path, private: bool
) -> None:
    async with workspace(tmp_path, url, Clock(ticks=True)) as house:
        await resolved(house)
        carol, alice = house.slack.people["carol"], house.slack.people["alice"]
        await carol.type("/incident start checkout sev1 cards fail again")
        await house.until_quiet()
        await alice.type("/incident ack INC-2")
        await alice.type("/incident cause INC-1 the pool was exhausted")
        await alice.type("/incident resolve INC-2 the pool was exhausted again")
        await alice.type("/incident action INC-1 switches a switch for the slow report")
        await house.until_quiet()
        await alice.type("/incident same INC-2 INC-1")
        await house.until_quiet()
        earlier = (await alice.type("/incident postmortem INC-1")).text
        assert "It came back in INC-2." in earlier
        async with house.bot.world.db.transaction() as session:
            first = await session.get(Incident, 1)
            assert first is not None
            first.private = private
            session.add(first)
        shown = (await alice.type("/incident postmortem INC-2")).text
        assert ("2026-11-24: the pool was exhausted" in shown) is not private
        assert ("PAY-1 (switches) is still open." in shown) is not private
        assert "It was resolved with the words: the pool was exhausted again." in shown
        # One is due on that day; the other's author had it in Monday's list.
        await at(house, datetime(2026, 12, 4, 12, tzinfo=UTC))
        told = [dm.text for dm in alice.dms() if dm.text.startswith("The postmortem of")]
        assert sorted(text.split()[3] for text in told) == ["INC-1"]
