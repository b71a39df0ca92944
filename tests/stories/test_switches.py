"""Switches and readiness: pulled by tap and by text, drilled, missing; and the card that shows what a service lacks."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot import cli, store
from bot.core.readiness import as_lines
from bot.flows import readiness, views
from bot.flows.switches import service_named
from bot.flows.views import Seen
from bot.models import Incident, Mitigation, Noticed
from bot.sandbox.rendering import visible_text
from tests.conftest import Clock
from tests.stories.conftest import House, workspace
from tests.stories.looking import everything_said, lines, reload

ONE = 'switches = [{ name = "fraud check off", how = "flag `fraud.enabled` = false", url = "https://flags.acme.dev/fraud" }]'


def with_switches(*names: str) -> Callable[[str], str]:
    rows = ", ".join(f"{{ name = '{name}', how = 'set {n} to off' }}" for n, name in enumerate(names))

    def change(catalog: str) -> str:
        assert ONE in catalog
        return catalog.replace(ONE, f"switches = [{rows}]")

    return change


@asynccontextmanager
async def started(tmp_path: Path, change: Callable[[str], str] = str) -> AsyncIterator[House]:
    """An incident of checkout whose channel is `inc-1-slow`, which Alice has."""
    url = f"sqlite:///{tmp_path}/writeback.db"
    async with workspace(tmp_path, url, Clock(ticks=True), change=change) as house:
        await declared(house)
        yield house


async def declared(house: House) -> None:
    await house.slack.people["carol"].type("/incident start checkout sev2 slow")
    await house.until_quiet()
    await house.slack.people["alice"].type("/incident ack INC-1")
    await house.until_quiet()


def headline(house: House) -> str:
    return visible_text(house.slack.channel_named("inc-1-slow").pins[0])


def told(house: House, who: str = "alice") -> str:
    """The newest words that only they see in the incident's channel."""
    return [seen.text for seen in house.slack.people[who].sees("inc-1-slow") if seen.only_me][-1]


async def kinds(house: House) -> list[str]:
    return [line["kind"] for line in (await house.shown())["timeline"]]


async def test_a_switch_is_pulled_and_stops_it_by_taps(house: House) -> None:
    await declared(house)
    alice = house.slack.people["alice"]
    assert "1 thing you can turn off" in headline(house)
    await alice.press("I pulled it: fraud check off", in_="inc-1-slow")
    await alice.press_again()
    await house.until_quiet()
    assert "Did it help?" in told(house)
    await alice.press("Yes", in_="inc-1-slow")
    await alice.press_again()
    await house.until_quiet()
    assert "Did it stop INC-1?" in told(house)
    await alice.press("That stopped it", in_="inc-1-slow")
    await alice.press_again()
    await house.until_quiet()
    shown = await house.shown()
    assert (shown["status"], shown["mitigation"]) == (
        "mitigated",
        {"kind": "switch", "text": "fraud check off"},
    )
    [use] = shown["switches"]
    assert (use["switch"], use["by"], use["helped"]) == ("fraud check off", "alice", "yes")
    found = await kinds(house)
    assert [found.count(kind) for kind in ("switch_pulled", "switch_judged", "mitigated")] == [1, 1, 1]
    assert "Alice pulled fraud check off: it helped" in headline(house)
    assert shown["jobs"]["failed"] == 0


async def test_the_same_by_text(house: House) -> None:
    await declared(house)
    alice, bob = house.slack.people["alice"], house.slack.people["bob"]
    listed = await alice.type("/incident switch", in_="inc-1-slow")
    assert (
        "1 thing you can turn off in checkout:\n• fraud check off: flag `fraud.enabled` = false"
        in listed.text
    )
    said = await alice.type("/incident switch pulled “Fraud check  OFF”: for all of Europe", in_="inc-1-slow")
    assert said.text.startswith("Recorded: you pulled “fraud check off”. Did it help?")
    # Bob records the same pull a moment later.
    await bob.join("inc-1-slow")
    assert (
        "Alice pulled it at"
        in (await bob.type("/incident switch pulled fraud check off", in_="inc-1-slow")).text
    )
    house.forward(minutes=10)
    assert "you pulled" in (await bob.type("/incident switch pulled fraud check off", in_="inc-1-slow")).text
    await bob.press("No", in_="inc-1-slow")
    await house.until_quiet()
    assert "did not help" in told(house, "bob")
    shown = await house.shown()
    assert [(u["by"], u["helped"], u["text"]) for u in shown["switches"]] == [
        ("alice", "unknown", "for all of Europe"), ("bob", "no", None),
    ]  # fmt: skip
    assert shown["status"] == "investigating"
    assert "Alice pulled the switch “fraud check off”: for all of Europe" in await lines(house)
    refused = (await alice.type("/incident switch pulled the plug", in_="inc-1-slow")).text
    assert "checkout has no switch “the plug”: it has “fraud check off”" in refused
    assert "Say which switch" in (await alice.type("/incident switch pulled", in_="inc-1-slow")).text


async def test_too_early_to_say_is_asked_again_by_the_list(house: House) -> None:
    await declared(house)
    alice = house.slack.people["alice"]
    await alice.type("/incident switch pulled fraud check off", in_="inc-1-slow")
    await alice.press("Too early", in_="inc-1-slow")
    await house.until_quiet()
    listed = await alice.type("/incident switch INC-1", in_="inc-1-slow")
    assert "fraud check off, not known whether it helped" in listed.text
    assert listed.buttons[:2] == ("It helped", "It did not help")
    await alice.press("It helped", in_="inc-1-slow")
    await house.until_quiet()
    assert [use["helped"] for use in (await house.shown())["switches"]] == ["yes"]


async def test_no_switch_for_this_makes_an_item_of_the_backlog_with_two_taps(house: House) -> None:
    await declared(house)
    alice = house.slack.people["alice"]
    await alice.press("No switch for this", in_="inc-1-slow")
    await alice.press_again()
    await house.until_quiet()
    [item] = (await house.shown())["actions"]
    assert (item["title"], item["category"], item["state"]) == (
        "Switch to turn off what fails in checkout: slow", "switches", "candidate",
    )  # fmt: skip
    await alice.press("Make it an action item", in_="inc-1-slow")
    await house.until_quiet()
    [item] = (await house.shown())["actions"]
    assert item["state"] == "open"
    assert "operability-switches" in house.jira.issues[item["jira"]].labels
    said = await alice.type("/incident switch none the <card> provider", in_="inc-1-slow")
    assert "“Switch to turn off the <card> provider in checkout”" in said.text
    again = await alice.type("/incident switch none the <card>  Provider", in_="inc-1-slow")
    assert "waits for your tap" in again.text
    assert len((await house.shown())["actions"]) == 2


async def test_whoever_had_to_roll_back_is_asked_at_once_whether_a_switch_was_missing(tmp_path: Path) -> None:
    async with started(tmp_path) as house:
        alice = house.slack.people["alice"]
        said = await alice.type("/incident mitigate INC-1 rollback to v41", in_="general")
        assert said.text.startswith("INC-1 is mitigated (rollback). ")
        assert said.buttons == ("No switch for this",)
        await alice.press("No switch for this", in_="general")
        await house.until_quiet()
        assert [item["category"] for item in (await house.shown())["actions"]] == ["switches"]
        assert (await alice.type("/incident mitigate INC-1 self it went away")).buttons == ()
        await alice.type("/incident switch pulled INC-1 fraud check off")
        assert (await alice.type("/incident mitigate INC-1 restart all pods")).buttons == ()


async def test_without_a_switch_the_headline_says_so_and_offers_to_ask_for_one(tmp_path: Path) -> None:
    async with started(tmp_path, lambda catalog: catalog.replace(ONE, "")) as house:
        assert "No switch is known for checkout" in headline(house)
        assert "[No switch for this]" in headline(house)
        assert "I pulled it" not in headline(house)
        alice = house.slack.people["alice"]
        # What was turned off all the same is recorded under the words it was told in.
        await alice.type("/incident switch pulled the cron of night reports", in_="inc-1-slow")
        [use] = (await house.shown())["switches"]
        assert use["switch"] == "the cron of night reports"


async def test_of_thirty_switches_three_are_offered_and_each_is_one_command_away(tmp_path: Path) -> None:
    names = [f"part {n} " + "of a long name " * 20 for n in range(30)]
    async with started(tmp_path, with_switches(*names)) as house:
        alice = house.slack.people["alice"]
        assert "30 things you can turn off" in headline(house)
        assert "… and 27 more: `/incident switch INC-1`" in headline(house)
        assert headline(house).count("[I pulled it") == 3
        listed = await alice.type("/incident switch", in_="inc-1-slow")
        assert sum(label.startswith("I pulled it") for label in listed.buttons) == 30
        await alice.press(listed.buttons[29], in_="inc-1-slow")
        await house.until_quiet()
        [use] = (await house.shown())["switches"]
        assert use["switch"] == names[29].strip()
        only = await alice.type(f"/incident switch {names[7]}", in_="inc-1-slow")
        assert len([label for label in only.buttons if label.startswith("I pulled")]) == 1


@pytest.mark.parametrize("name", ["<!channel> *off* & `on`", "x" * 2500, "🔥 ÄÖ — ſwitch", "off", "a|b>c"])
async def test_names_of_any_kind_are_shown_pulled_and_ping_nobody(tmp_path: Path, name: str) -> None:
    async with started(tmp_path, with_switches(name)) as house:
        alice = house.slack.people["alice"]
        await alice.press(
            next(label for label in _buttons(house) if label.startswith("I pulled it")), in_="inc-1-slow"
        )
        await house.until_quiet()
        house.forward(minutes=5)
        await alice.type(f"/incident switch pulled {name}", in_="inc-1-slow")
        await alice.type("/incident ready checkout", in_="inc-1-slow")
        await alice.type(f"/incident drill checkout {name} went well", in_="inc-1-slow")
        await house.until_quiet()
        shown = await house.shown()
        assert [use["switch"] for use in shown["switches"]] == [name, name]
        assert shown["jobs"]["failed"] == 0
        for message in everything_said(house.slack):
            pings = [text for text in _mrkdwn(message.blocks) if "<!channel>" in text]
            assert "<!channel>" not in message.text
            assert pings == []


def _mrkdwn(part: Any) -> Iterator[str]:
    """All texts in which Slack would make a ping of `<!channel>`; plain text never pings."""
    if isinstance(part, dict):
        if part.get("type") == "mrkdwn":
            yield part["text"]
        yield from (text for value in part.values() for text in _mrkdwn(value))
    elif isinstance(part, list):
        yield from (text for value in part for text in _mrkdwn(value))


def _buttons(house: House) -> tuple[str, ...]:
    alice = house.slack.people["alice"]
    return next(seen.buttons for seen in alice.sees("inc-1-slow") if any("pulled" in b for b in seen.buttons))


async def test_a_service_that_left_the_catalog_still_has_what_was_recorded(tmp_path: Path) -> None:
    async with started(tmp_path) as house:
        alice = house.slack.people["alice"]
        button = next(label for label in _buttons(house) if label.startswith("I pulled it"))
        text = house.config.read_text()
        house.config.write_text(text.replace('id = "checkout"', 'id = "till"'))
        reload(house)
        await alice.press(button, in_="inc-1-slow")
        await house.until_quiet()
        assert [use["switch"] for use in (await house.shown())["switches"]] == ["fraud check off"]
        listed = await alice.type("/incident switch", in_="inc-1-slow")
        assert "checkout is not in the catalog any more" in listed.text
        assert "There is no service “checkout”" in (await alice.type("/incident ready checkout")).text
        assert "no such" not in (await alice.type("/incident show INC-1")).text


# ---- drills and the card ------------------------------------------------------------------------


async def test_a_drill_is_recorded_and_grows_old(house: House) -> None:
    alice = house.slack.people["alice"]
    ready = (await alice.type("/incident ready checkout")).text
    assert "fraud check off (never drilled)" in ready
    assert (
        "“fraud check off” was never drilled. `/incident drill checkout fraud check off` records a drill"
        in ready
    )
    said = await alice.type("/incident drill basket fraud check off in staging first", in_="general")
    assert said.text.startswith("Drill of “fraud check off” in checkout recorded. How did it go?")
    await alice.press("It worked", in_="general")
    await house.until_quiet()
    ready = (await alice.type("/incident ready checkout")).text
    assert "last drilled 2026-11-24, it worked" in ready
    assert "never drilled" not in ready
    house.forward(days=91)
    ready = (await alice.type("/incident ready checkout")).text
    assert "“fraud check off” was last known to work 91 days ago" in ready
    await alice.type("/incident drill checkout fraud check off", in_="general")
    await alice.press("It did not work", in_="general")
    await house.until_quiet()
    assert "did not do its work in its last drill" in (await alice.type("/incident ready checkout")).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/incident drill", "Say which service and which switch"),
        ("/incident drill checkout", "Say which service and which switch"),
        ("/incident drill chekout fraud check off", "Did you mean checkout?"),
        ("/incident drill checkout the plug", "it has “fraud check off”"),
        ("/incident drill finder anything", "finder has no switch to drill"),
        ("/incident ready", "Say which service"),
        ("/incident ready nothing like it", "There is no service “nothing like it”"),
    ],
)
async def test_what_can_not_be_drilled_or_shown_is_said(tmp_path: Path, typed: str, said: str) -> None:
    async with workspace(tmp_path, f"sqlite:///{tmp_path}/writeback.db", Clock(ticks=True)) as house:
        assert said in (await house.slack.people["alice"].type(typed)).text


async def test_the_card_shows_what_the_service_s_own_incidents_have_shown(tmp_path: Path) -> None:
    async with started(tmp_path) as house:
        alice = house.slack.people["alice"]
        log = await alice.say("timeout after 30000 ms, no idea of what", "inc-1-slow")
        await alice.react("hole", log)
        await house.slack.delivered()
        await alice.type("/incident switch none the card provider", in_="inc-1-slow")
        await alice.type("/incident action INC-1 monitoring alert on slow payments")
        await alice.type("/incident mitigate INC-1 rollback to v41")
        await house.until_quiet()
        await past(house, 1, noticed=Noticed.CUSTOMER)
        await alice.type("/incident start checkout and again")
        await past(house, 2, noticed=Noticed.MONITOR, mitigation_kind=Mitigation.SELF)
        # Neither a test nor a false alarm nor a private incident counts.
        for number in (3, 4, 5):
            await alice.type(f"/incident start checkout hush {number}")
        await past(house, 3, test=True, noticed=Noticed.CUSTOMER)
        await past(house, 4, private=True, noticed=Noticed.CUSTOMER)
        await alice.type("/incident switch pulled INC-4 fraud check off hush")
        await alice.type("/incident cancel INC-5 nothing was wrong")
        ready = (await alice.type("/incident ready basket", in_="general")).text
        for line in (
            "*Owner:* Payments", "*On call:* Alice", "*Runbook:* Runbook", "*Dashboard:* Checkout",
            "1 of the last 2 whose remedy is known needed a rollback: no switch was pulled (INC-1)",
            "1 of the last 2 whose finder is known were noticed by a customer, not by an alert (INC-1)",
            "1 excerpt was marked as missing in logs or metrics (INC-1)",
            "a switch was wanted in 1 incident and there was none (INC-1)",
            "1 action item still open (INC-1)", "nothing says where its logs are", "no alert is named",
            "nothing is known that can be changed at run time", "“fraud check off” was never drilled",
            "its last 2 public incidents",
        ):  # fmt: skip
            assert line in ready, line
        for word in ("hush", "INC-3", "INC-4", "INC-5", "no runbook"):
            assert word not in ready
        world = house.bot.world
        card = await readiness.of(world, service_named(world, "checkout"))
        text = "\n".join(as_lines(card))
        assert "Missing (its last 2 public incidents):" in text
        assert "hush" not in text
        # In the incident's own channel the service need not be said.
        assert "Readiness of checkout" in (await alice.type("/incident ready", in_="inc-1-slow")).text


async def past(house: House, number: int, **columns: object) -> None:
    """What other commands record of an incident."""
    async with house.bot.world.db.transaction() as session:
        incident = await store.locked(session, number)
        assert isinstance(incident, Incident)
        for column, value in columns.items():
            setattr(incident, column, value)
        session.add(incident)


async def test_the_record_of_an_incident_has_its_switches_and_guides(house: House) -> None:
    await declared(house)
    shown = await house.shown()
    assert (shown["guides"], shown["switches"]) == ([], [])
    assert "slow" in "\n".join(cli.as_text(await _seen(house)))


async def _seen(house: House) -> Seen:
    seen = await views.by_key(house.bot.world, "INC-1")
    assert seen is not None
    return seen
