"""Categories that people chose: they win for the same words, are shown, taken back and exported."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import cli, store
from bot.__main__ import Assembly
from bot.core import Refused
from bot.flows import views
from bot.sandbox.rendering import visible_text
from tests.conftest import Clock
from tests.stories.conftest import House, workspace

PLACE = "inc-1-card-payments-fail"
TEXT = "tame the batch thing that nobody understands"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with workspace(tmp_path, f"sqlite:///{tmp_path}/writeback.db", Clock(ticks=True)) as found:
        await found.slack.people["carol"].type("/incident start checkout card payments fail", in_="general")
        await found.until_quiet()
        yield found


async def test_a_tap_is_remembered_for_nearly_the_same_words_and_taken_back_with_one_tap(
    house: House,
) -> None:
    carol = house.slack.people["carol"]
    await carol.type(f"/incident action {TEXT}", in_=PLACE)
    await carol.press("Switches", in_=PLACE)
    again = await carol.type("/incident action Tame the batch thing, that nobody understands!", in_=PLACE)
    assert "under Switches (because: a person chose it for this text before)" in again.text
    listed = await carol.type("/incident categories", in_="general")
    assert f"1. Switches: “{TEXT}” (carol, 2026-11-24)" in listed.text.replace("Carol", "carol")
    await carol.press("Undo 1", in_="general")
    await house.until_quiet()
    assert "Nobody has chosen" in (await carol.type("/incident categories", in_="general")).text
    unsure = await carol.type(f"/incident action {TEXT}", in_=PLACE)
    assert "Which category?" in unsure.text


async def test_a_slipped_thumb_is_put_right_with_another_tap(house: House) -> None:
    carol = house.slack.people["carol"]
    asked = await carol.type(f"/incident action {TEXT}", in_=PLACE)
    await house.until_quiet()
    assert "after 10 minutes without a tap under " in asked.text
    assert house.jira.issues == {}
    channel = house.slack.channel_named(PLACE)
    assert visible_text(channel.messages[-1]).endswith(f"carol added an action item: {TEXT}"), "it is a guess"
    await carol.press("Switches", in_=PLACE)
    await house.until_quiet()
    assert house.jira.issues["PAY-1"].labels[-1] == "operability-switches"
    await carol.press("Configuration", in_=PLACE)
    await house.until_quiet()
    assert [s.text for s in carol.sees(PLACE) if s.only_me][-1].startswith(
        f"“{TEXT}” is under Configuration."
    )
    assert house.jira.issues["PAY-1"].labels[-1] == "operability-config"
    assert list(house.jira.issues) == ["PAY-1"]
    assert "(config, " in visible_text(channel.pins[0])


async def test_anybody_puts_an_item_under_another_category_whatever_has_become_of_it(house: House) -> None:
    alice = house.slack.people["alice"]
    await alice.type("/incident action switches add a kill switch", in_=PLACE)
    await house.until_quiet()
    await alice.type("/incident actions", in_=PLACE)
    await alice.select("Category…", "Dealing with failure", in_=PLACE)
    await house.until_quiet()
    assert house.jira.issues["PAY-1"].labels[-1] == "operability-failure"
    await alice.type("/incident action done 1", in_=PLACE)
    said = await alice.type("/incident action category 1 logging-noise", in_=PLACE)
    assert "is under Logging" in said.text
    await house.until_quiet()
    assert house.jira.issues["PAY-1"].labels[-2:] == ["operability-logging", "operability-logging-noise"]
    [item] = (await house.shown())["actions"]
    assert (item["category"], item["state"]) == ("logging", "done")
    assert "one of logging, failure" in (await alice.type("/incident action category 1", in_=PLACE)).text
    wrong = await alice.type("/incident action category 1 weather", in_=PLACE)
    assert "There is no category “weather”" in wrong.text
    assert (await house.shown())["jobs"]["failed"] == 0


async def test_a_category_typed_against_the_suggestion_is_remembered_and_one_that_agrees_is_not(
    house: House,
) -> None:
    carol = house.slack.people["carol"]
    await carol.type("/incident action switches add a kill switch for the fraud check", in_=PLACE)
    assert "Nobody has chosen" in (await carol.type("/incident categories", in_=PLACE)).text
    await carol.type("/incident action config add a kill switch for the fraud check", in_=PLACE)
    again = await carol.type("/incident action add a kill switch for the fraud check", in_=PLACE)
    assert "under Configuration" in again.text
    await carol.type("/incident action switches add a kill switch for the fraud check", in_=PLACE)
    listed = await carol.type("/incident categories", in_=PLACE)
    assert "1. Switches" in listed.text, "the last word counts"
    assert "2." not in listed.text


async def test_what_is_chosen_in_a_private_incident_is_not_remembered(house: House) -> None:
    async with house.bot.world.db.transaction() as session:
        incident = await store.locked(session, 1)
        assert incident is not None
        incident.private = True
        session.add(incident)
    carol = house.slack.people["carol"]
    await carol.type(f"/incident action failure {TEXT}", in_=PLACE)
    assert "Nobody has chosen" in (await carol.type("/incident categories", in_="general")).text


async def test_choices_are_exported_consulted_and_forgotten_in_the_terminal(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await house.slack.people["carol"].type(f"/incident action failure {TEXT}", in_=PLACE)
    monkeypatch.setenv("WRITEBACK_CONFIG", str(house.config))
    monkeypatch.setenv("DATABASE_URL", house.bot.world.db.url)

    async def run(*words: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["writeback", *words])
        status = await asyncio.to_thread(cli.main, Assembly())
        return status, capsys.readouterr().out

    status, out = await run("choices", "--json")
    [choice] = json.loads(out)
    assert (status, choice["category"], choice["text"]) == (0, "failure", TEXT)
    found = json.loads((await run("classify", "--json", TEXT))[1])
    assert (found["category"], found["sure"]) == ("failure", True)
    with pytest.raises(Refused, match="There is no choice nonsense"):
        await run("choices", "forget", "nonsense")
    assert (await run("choices", "lose"))[0] == 2
    assert (await run("choices", "forget", choice["id"]))[0] == 0
    assert json.loads((await run("choices", "--json"))[1]) == []


async def test_a_category_that_was_removed_from_the_configuration_is_shown_by_its_id(tmp_path: Path) -> None:
    extra = '\n[[category]]\nid = "data"\nlabel = "Data quality"\n'
    url = f"sqlite:///{tmp_path}/writeback.db"
    async with workspace(tmp_path, url, Clock(ticks=True), change=lambda text: text + extra) as house:
        carol = house.slack.people["carol"]
        await carol.type("/incident start checkout card payments fail", in_="general")
        await house.until_quiet()
        await carol.type(f"/incident action data {TEXT}", in_=PLACE)
        await house.until_quiet()
        house.config.write_text(house.config.read_text().replace(extra, ""))
        house.bot.world.live.reload()
        assert "data" not in {c.id for c in house.bot.world.config.categories}
        assert f"{TEXT} (data," in (await carol.type("/incident actions", in_=PLACE)).text
        assert "1. data:" in (await carol.type("/incident categories", in_=PLACE)).text
        again = await carol.type(f"/incident action {TEXT}", in_=PLACE)
        assert "Which category?" in again.text
        for words in ("done 1", "reopen 1"):
            assert "PAY-1" in (await carol.type(f"/incident action {words}", in_=PLACE)).text
        await house.until_quiet()
        assert "operability-data" in house.jira.issues["PAY-1"].labels
        seen = await views.by_key(house.bot.world, "INC-1")
        assert seen is not None
        assert TEXT in (await views.postmortem(house.bot.world, seen)).markdown()
