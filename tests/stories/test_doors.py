"""The doors beside typing: forms, shortcuts, App Home and mentions. Whatever was typed is kept."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func
from sqlmodel import select

from bot import store
from bot.core import typeahead
from bot.core.categories import Category
from bot.flows import home
from bot.flows.timelines import Evidence, File, Marked
from bot.models import Action, Catalog, Incident, Job, Service, Severity, Team
from bot.sandbox.blockkit import problems, repeated_action_ids, view_problems
from bot.sandbox.person import Person
from bot.sandbox.records import View
from bot.sandbox.rendering import pings, visible_text
from bot.slack import forms
from bot.slack.commands import PARTS
from bot.slack.manifest import manifest
from bot.slack.mentions import asked_about
from tests.conftest import Clock
from tests.stories.conftest import House, workspace
from tests.stories.looking import everything_said, incident_channels, lines, of_us, reload, settled


@pytest.fixture(autouse=True)
async def judged(request: pytest.FixtureRequest) -> AsyncIterator[None]:
    """Whatever a story has drawn keeps Slack's limits, has no action id twice and pings nobody."""
    yield
    house = request.node.funcargs.get("house") or request.node.funcargs.get("over_http")
    if isinstance(house, House):
        for message in everything_said(house.slack):
            assert problems(message.blocks) == [], visible_text(message)
            assert repeated_action_ids(message.blocks) == [], visible_text(message)
            # Whoever resolved it is asked by name what it took; nobody else is pinged.
            assert not pings(message) or " is over. Wh" in message.text, message.text
        for view in house.slack.workspace.views.values():
            assert view_problems(view.given) == [], view.title
            assert repeated_action_ids(view.blocks) == [], view.title


@pytest.fixture
async def over_http(tmp_path: Path) -> AsyncIterator[House]:
    async with workspace(tmp_path, f"sqlite:///{tmp_path}/writeback.db", Clock(ticks=True)) as found:
        yield found


def seen(view: View | None) -> str:
    assert view is not None
    return visible_text({"blocks": view.blocks})


def typed(person: Person, label: str) -> object:
    """What stands in a field of the open modal."""
    assert person.modal is not None
    block = next(b for b in person.modal.blocks if (b.get("label") or {}).get("text") == label)
    given = person._state_of(person.modal)[block["block_id"]]
    return next(value for state in given.values() for key, value in state.items() if key != "type")


async def started(house: House, words: str = "checkout sev2 card payments fail") -> str:
    """An incident that Alice has, and the name of its channel."""
    await house.slack.people["carol"].type(f"/incident start {words}")
    await house.slack.people["alice"].type("/incident ack INC-1")
    await settled(house)
    return str((await house.shown())["channel"]["name"])


# ---- starting --------------------------------------------------------------------------------


async def test_a_whole_incident_by_taps_only(house: House) -> None:
    slack = house.slack
    carol, alice = slack.people["carol"], slack.people["alice"]
    complaint = await carol.say("basket is empty for everyone since noon", "general")

    await carol.message_shortcut("start_from_message", complaint)
    form = seen(carol.modal)
    assert "*Payments* owns it" in form or "Payments owns it" in form
    assert "Alice" in form
    await carol.select("How bad is it?", "sev1")
    await carol.select("Who noticed?", "A customer")
    after = await carol.fill_and_submit()
    assert after.error is None
    assert "INC-1 started. Paging Alice" in seen(carol.modal)

    await slack.until(lambda: alice.dms())
    await alice.press("Acknowledge", in_=alice.dm)
    await settled(house)
    channel = (await house.shown())["channel"]["name"]
    await alice.press("Take the lead", in_=channel)
    for entry, choices in (
        ("Severity", {"How bad is it?": "sev2"}),
        ("Roles", {"Which role?": "comms", "Who takes it?": "carol"}),
        ("Status", {"Where are you?": "identified"}),
    ):
        await alice.press("More…", in_=channel)
        await alice.press(entry)
        done = await alice.fill_and_submit(choices)
        assert (done.error, done.errors) == (None, {}), entry
        assert alice.modal is None
    await settled(house)
    await alice.press("Mitigated", in_=channel)
    await alice.fill_and_submit({"What stopped the bleeding?": "A switch was turned"})
    await settled(house)
    await alice.press("Resolve", in_=channel)
    await settled(house)

    shown = await house.shown()
    assert (shown["status"], shown["severity"]) == ("resolved", "sev2")
    assert shown["title"] == "basket is empty for everyone since noon"
    assert shown["mitigation"] == {"kind": "switch", "text": ""}
    assert shown["roles"]["lead"] == "alice"
    assert shown["roles"]["comms"] == carol.id
    first = next(line for line in shown["timeline"] if line["kind"] == "message_marked")
    assert first["text"] == "carol: basket is empty for everyone since noon"
    assert "noticed by a customer" in await lines(house)
    assert any("basket is empty" in visible_text(m) for m in of_us(slack, channel)[1:])


async def test_the_form_shows_the_owner_before_it_is_sent_and_keeps_what_was_typed(house: House) -> None:
    carol = house.slack.people["carol"]
    await carol.type("/incident start")
    assert "Without a service the owner is looked for in your words" in seen(carol.modal)
    await carol.fill({"What is broken?": "card <payments> & more fail", "What do you see?": "line 1\nline 2"})
    await carol.fill({"Who may know?": ["Private: only people named in it know of it"]})
    await carol.fill({"Service or team": "finder"})
    assert "Search owns it. On call: Erin" in seen(carol.modal).replace("*", "")
    await carol.fill({"Service or team": "checkout"})
    assert "Payments owns it. On call: Alice" in seen(carol.modal).replace("*", "")
    assert typed(carol, "What is broken?") == "card <payments> & more fail"
    assert typed(carol, "What do you see?") == "line 1\nline 2"
    await carol.fill_and_submit()
    await settled(house)
    async with house.bot.world.db.reading() as session:
        incident = await store.incident(session, 1)
    assert incident is not None
    assert (incident.title, incident.service, incident.private) == (
        "card <payments> & more fail",
        "checkout",
        True,
    )
    assert "carol: line 1\nline 2" in await lines(house)


async def test_start_with_a_service_and_no_words_opens_the_form_with_it(house: House) -> None:
    carol = house.slack.people["carol"]
    await carol.type("/incident start basket sev1")
    assert "On call: Alice" in seen(carol.modal).replace("*", "")
    await carol.fill_and_submit({"What is broken?": "empty for all"})
    await settled(house)
    shown = await house.shown()
    assert (shown["service"], shown["severity"], shown["title"]) == ("checkout", "sev1", "empty for all")


async def test_the_same_words_ask_whether_to_join_and_the_words_become_a_note(house: House) -> None:
    slack = house.slack
    carol, bob = slack.people["carol"], slack.people["bob"]
    await carol.type("/incident start checkout card payments fail")
    await bob.shortcut("start_incident")
    await bob.fill({"What is broken?": "card payments fail", "Service or team": "checkout"})
    await bob.fill_and_submit({"What do you see?": "all of Spain gets a 502"})
    assert "INC-1 “card payments fail” was started just now" in seen(bob.modal)
    assert typed(bob, "What do you see?") == "all of Spain gets a 502"
    await bob.press("Join INC-1")
    assert "You are being invited to INC-1" in seen(bob.modal)
    assert typed(bob, "What happened?") == "all of Spain gets a 502"
    await bob.fill_and_submit()
    assert bob.modal is None
    await settled(house)
    assert "Bob: all of Spain gets a 502" in await lines(house)
    assert len(incident_channels(slack)) == 1
    assert bob.id in slack.channel_named((await house.shown())["channel"]["name"]).members


async def test_the_same_words_can_be_started_anyway(house: House) -> None:
    slack = house.slack
    carol, bob = slack.people["carol"], slack.people["bob"]
    await carol.type("/incident start checkout card payments fail")
    await bob.shortcut("start_incident")
    await bob.fill({"What is broken?": "card payments fail", "Service or team": "checkout"})
    await bob.fill_and_submit()
    assert bob.modal is not None
    assert bob.modal.given["submit"]["text"] == "Start anyway"
    await bob.fill_and_submit()
    assert "INC-2 started" in seen(bob.modal)


async def test_an_impatient_double_submit_starts_one(house: House) -> None:
    carol = house.slack.people["carol"]
    await carol.shortcut("start_incident")
    await carol.fill({"What is broken?": "card payments fail", "Service or team": "checkout"})
    await asyncio.gather(carol.fill_and_submit(), carol.fill_and_submit())
    again = await carol.submit_again()
    assert "INC-1 started" in seen(again.view)
    await settled(house)
    assert len(incident_channels(house.slack)) == 1


async def test_a_message_of_a_place_that_the_bot_cannot_read_is_the_first_evidence(house: House) -> None:
    slack = house.slack
    carol = slack.people["carol"]
    den = slack.channel("den", members=[carol], private=True)
    words = "Checkout throws\n" + "\n".join(f'at pay.Checkout.line{n}("x")' for n in range(300))
    said = await carol.say(words[:3900], den)
    house.forward(minutes=7)
    await carol.message_shortcut("start_from_message", said)
    await carol.fill_and_submit()
    await settled(house)
    line = next(line for line in (await house.shown())["timeline"] if line["kind"] == "message_marked")
    assert line["text"].startswith("carol: Checkout throws\nat pay")
    assert line["by"] == carol.id
    async with house.bot.world.db.reading() as session:
        [entry] = [e for e in await store.entries(session, 1) if e.kind == "message_marked"]
    assert entry.data["link"].endswith(f"/archives/{den.id}/p{said.ts.replace('.', '')}")
    assert entry.data["channel"] == den.id
    assert (await house.shown())["title"] == "Checkout throws"


@pytest.mark.parametrize("how", ["expired_trigger_id", "service_unavailable"])
async def test_a_form_that_does_not_open_is_answered_with_what_to_type(over_http: House, how: str) -> None:
    slack = over_http.slack
    carol = slack.people["carol"]
    slack.fail("views.open", how, times=None)
    for words in ("start", "start checkout", "start checkout sev1", "start checkout ...---..."):
        answer = await carol.type(f"/incident {words}")
        assert "Say what is broken: `/incident start" in answer.text
    await carol.shortcut("start_incident")
    await settled(over_http)
    assert "type `/incident start" in carol.dms()[-1].text
    said = await carol.say("checkout is down", "general")
    await carol.message_shortcut("start_from_message", said)
    await settled(over_http)
    assert "type `/incident start" in carol.sees("general")[-1].text


async def test_a_form_of_an_incident_that_one_may_not_see_is_not_opened(over_http: House) -> None:
    slack = over_http.slack
    await started(over_http)
    carol, bob = slack.people["carol"], slack.people["bob"]
    await bob.type("/incident show INC-1", in_="general")
    async with over_http.bot.world.db.transaction() as session:
        incident = await store.locked(session, 1)
        assert incident is not None
        incident.private, incident.title = True, "the secret breach"
        session.add(incident)
    for label in ("More…", "Post update", "Mitigated"):
        await bob.press(label, in_="general")
        await settled(over_http)
        assert bob.modal is None
        assert "There is no incident INC-1" in bob.sees("general")[-1].text
    await carol.type("/incident show INC-1", in_="general")
    await carol.press("More…", in_="general")
    assert "the secret breach" in seen(carol.modal)


async def test_a_private_incident_is_no_twin_of_what_an_outsider_starts(over_http: House) -> None:
    carol, bob = over_http.slack.people["carol"], over_http.slack.people["bob"]
    await carol.shortcut("start_incident")
    await carol.fill({"What is broken?": "keys leaked", "Service or team": "finder"})
    await carol.fill_and_submit({"Who may know?": ["Private: only people named in it know of it"]})
    answer = await bob.type("/incident start finder keys leaked")
    assert "INC-2 started" in answer.text
    assert "INC-1" not in answer.text


# ---- the service, found while typing ------------------------------------------------------------


def a_catalog(services: int) -> Catalog:
    team = Team("payments", "Payments")
    made = [
        Service(f"service-{n:04}", "payments", aliases=(f"alias{n}",), paths=(f"src/s{n}/**",))
        for n in range(services)
    ]
    return Catalog(teams={"payments": team}, services={s.id: s for s in made}, fallback_team="payments")


@pytest.mark.parametrize("services", [0, 1, 100, 3000])
def test_any_number_of_services_fits_a_menu(services: int) -> None:
    catalog = a_catalog(services)
    typeahead.offers("", catalog)
    for words in ("", "service-00", "alias7", "src/s0/pay.py", "nonsense", "lonleyword"):
        offered = typeahead.offers(words, catalog)
        assert len(offered) <= min(100, services + 1)
        forms.options(offered)
    if services:
        assert typeahead.offers("alias0", catalog)[0].id == "service-0000"
        assert typeahead.offers("src/s0/pay.py", catalog)[0].id == "service-0000"
        assert typeahead.offers("  SERVICE-0000 ", catalog)[0].id == "service-0000"


async def test_a_service_is_found_by_alias_path_and_team_while_typing(house: House) -> None:
    carol = house.slack.people["carol"]
    await carol.shortcut("start_incident")
    label = "Service or team"
    everything = await carol.suggestions(label, "")
    assert everything == ["checkout (Payments)", "finder (Search)", "Payments (team)", "Search (team)"]
    assert await carol.suggestions(label, "bask") == ["checkout (Payments)"]
    assert await carol.suggestions(label, "services/checkout/pay.py") == ["checkout (Payments)"]
    assert await carol.suggestions(label, "sear") == ["Search (team)", "finder (Search)"]
    assert await carol.suggestions(label, "chekout") == ["checkout (Payments)"]
    assert await carol.suggestions(label, "<!channel> & nonsense") == []


async def test_names_of_any_length_fit_slack(tmp_path: Path) -> None:
    def long(catalog: str) -> str:
        return catalog.replace('name = "Payments"', f'name = "{"Payments of the North " * 20}"')

    clock = Clock(ticks=True)
    async with workspace(tmp_path, f"sqlite:///{tmp_path}/writeback.db", clock, change=long) as house:
        carol = house.slack.people["carol"]
        await carol.type("/oncall payments")
        await carol.press("Page them", in_="general")
        assert carol.modal is not None
        assert len(carol.modal.title) <= 24
        await carol.fill_and_submit({"What is wrong?": "cards fail"})
        assert "INC-1 started" in seen(carol.modal)
        await carol.close()
        await carol.type("/incident start checkout")
        assert (await carol.suggestions("Service or team", "check"))[0].startswith(
            "checkout (Payments of the"
        )
        await carol.tell_bot("checkout is on fire")
        await settled(house)
        await house.slack.people["alice"].open_home()
        await settled(house)
        for view in house.slack.workspace.views.values():
            assert view_problems(view.given) == []
        for message in everything_said(house.slack):
            assert problems(message.blocks) == []


async def test_a_title_of_any_length_is_kept(house: House) -> None:
    carol = house.slack.people["carol"]
    await carol.shortcut("start_incident")
    far_over = await carol.fill_and_submit({"What is broken?": "x" * 5000, "Service or team": "checkout"})
    assert far_over.errors == {"What is broken?": "Enter at most 3000 characters."}
    words = " ".join(["words"] * 600)[:3000]
    await carol.fill_and_submit({"What is broken?": words})
    await settled(house)
    shown = await house.shown()
    assert len(shown["title"]) <= 200
    assert words.strip() in await lines(house)


def test_forms_of_any_words_keep_slack_s_limits_and_their_own() -> None:
    long = "x" * 9000
    meanings = dict.fromkeys(Severity, long)
    said = Marked(
        "U" * 80, "\\\n" * 4500, datetime(2026, 1, 5, tzinfo=UTC), (File(long, long, 5, long),) * 50
    )
    given = forms.Given(
        long, typeahead.Offer("i" * 64, long), details=long, evidence=Evidence("C1", "1.2", said)
    )
    incident = Incident(
        id=123456789, request_id="r", title=long, team="t", severity=Severity.SEV2, declared_by="U1",
        declared_at=said.at,
    )  # fmt: skip
    categories = [Category(f"c{n}", long, "means") for n in range(300)]
    drawn = [
        forms.start(given, meanings, owner=long),
        forms.start(forms.Given(), meanings),
        forms.told(long * 10),
        forms.more(incident),
        forms.severity(incident, meanings),
        forms.action(incident, categories),
        forms.edit(incident, given.service),
        forms.note(incident, text=long, said=long),
        forms.page_team(Team("t", long)),
    ]
    for view in drawn:
        assert view_problems(view) == [], view["title"]
        assert repeated_action_ids(view["blocks"]) == []
    kept = forms.given_in(forms.Filled(drawn[0])).evidence
    assert kept is not None
    assert (kept.channel, kept.ts, kept.said.at) == ("C1", "1.2", said.at)
    assert said.text.startswith(kept.said.text[:-1])
    assert len(kept.said.text) > 500


@pytest.mark.parametrize(
    ("words", "whom"),
    [
        ("who is on call for checkout?", "checkout"),
        ("Who's on-call", ""),
        ("whos oncall now", ""),
        ("who is on call checkout please", "checkout please"),
        ("on call payments", "payments"),
        ("oncall", ""),
        ("who owns services/checkout/pay.py ?", "services/checkout/pay.py"),
        ("oncall-tool is down", None),
        ("who is on call does not answer and checkout is down since noon", None),
        ("on call people can't log in", None),
        ("who knows why checkout is slow?", None),
    ],
)
def test_a_question_is_told_from_a_report(words: str, whom: str | None) -> None:
    assert asked_about(words) == whom


async def test_a_service_that_left_the_catalog_meanwhile_is_said_in_the_form(over_http: House) -> None:
    carol = over_http.slack.people["carol"]
    await carol.shortcut("start_incident")
    await carol.fill({"What is broken?": "nothing is found", "Service or team": "finder"})
    over_http.config.write_text(over_http.config.read_text().replace('id = "finder"', 'id = "seeker"'))
    reload(over_http)
    refused = await carol.fill_and_submit({"What do you see?": "zero hits"})
    assert "no service or team “finder” in the catalog any more" in refused.errors["What is broken?"]
    assert typed(carol, "What do you see?") == "zero hits"
    await carol.fill({"Service or team": "seeker"})
    await carol.fill_and_submit()
    assert "INC-1 started. Paging Erin" in seen(carol.modal)


# ---- errors in place ---------------------------------------------------------------------------


WRONG = {
    "Post update": ({"What is known, what happens next?": "   "}, "The update is empty"),
    "Severity": ({"How bad is it?": "sev2"}, "INC-1 is sev2 already"),
    "Status": ({"Where are you?": "investigating"}, "INC-1 is investigating already"),
    "Note": ({"What happened?": "25:99 it fell over"}, "25:99 is not a time"),
    "Action item": (
        {"What should be different next time?": "a switch", "Due": "2020-01-01"},
        "is in the past",
    ),
    "Title or service": ({"Title": "card payments fail"}, "Nothing is different yet"),
    "I can't take it": ({"Why not? The next person reads it.": "no laptop"}, "You were not paged"),
}


@pytest.mark.parametrize("label", list(WRONG))
async def test_what_is_wrong_stands_beside_the_field_and_nothing_typed_is_lost(
    house: House, label: str
) -> None:
    channel = await started(house)
    carol = house.slack.people["carol"]
    given, sentence = WRONG[label]
    if label != "Post update":
        await carol.press("More…", in_=channel)
    await carol.press(label, in_=None if label != "Post update" else channel)
    refused = await carol.fill_and_submit(given)
    assert refused.error is None
    assert any(sentence in said for said in refused.errors.values()), refused
    for field, value in given.items():
        kept = typed(carol, field)
        assert kept == value or (isinstance(kept, dict) and kept["value"] == value)


@pytest.mark.parametrize(
    ("label", "given", "line"),
    [
        ("Resolve with words", {"How did it end?": "rolled back"}, "Alice resolved it: rolled back"),
        ("Note", {"What happened?": "00:00 the disk filled"}, "Alice: the disk filled"),
        (
            "I can't take it",
            {"Why not? The next person reads it.": "no laptop"},
            "Alice can't take it (form in Slack): no laptop",
        ),
        (
            "Title or service",
            {"Title": "cards fail", "Service or team": "finder"},
            "Alice moved it to finder, owned by Search",
        ),
        ("Roles", {"Which role?": "scribe", "Who takes it?": "bob"}, "Alice made Bob scribe"),
        ("Severity", {"How bad is it?": "sev1"}, "Alice changed the severity from sev2 to sev1"),
        (
            "Status",
            {"Where are you?": "identified", "What should everybody know?": "a disk"},
            "to identified: a disk",
        ),
        (
            "Mitigated",
            {"What stopped the bleeding?": "restart", "In a few words": "twice"},
            "Alice mitigated it (restart): twice",
        ),
    ],
)
async def test_every_form_does_what_its_words_do(
    over_http: House, label: str, given: dict[str, str], line: str
) -> None:
    channel = await started(over_http)
    alice = over_http.slack.people["alice"]
    await alice.press("More…", in_=channel)
    await alice.press(label)
    done = await alice.fill_and_submit(given)
    assert (done.error, done.errors) == (None, {})
    again = await alice.submit_again()
    assert (again.error, again.errors) == (None, {})
    await settled(over_http)
    told = await lines(over_http)
    assert told.count(line) == 1
    if label == "Title or service":
        assert (await over_http.shown())["title"] == "cards fail"


async def test_an_action_item_by_taps_is_suggested_a_category_or_takes_the_chosen_one(house: House) -> None:
    channel = await started(house)
    alice = house.slack.people["alice"]
    await alice.press("Action item", in_=channel)
    await alice.fill({"What should be different next time?": "logging is broken: add a kill switch"})
    await alice.fill_and_submit({"Owner": "dana", "Due": "2027-01-31"})
    assert "Which category" in seen(alice.modal) or "Another category" in seen(alice.modal)
    await alice.press("Logging")
    assert "is under Logging" in seen(alice.modal)
    await alice.close()
    await alice.press("Action item", in_=channel)
    given = {"What should be different next time?": "alert on 502", "Category": "monitoring"}
    await alice.fill_and_submit(given)
    await settled(house)
    found = {a["title"]: a for a in (await house.shown())["actions"]}
    first = found["logging is broken: add a kill switch"]
    assert (first["category"], first["owner"], first["due"]) == ("logging", "dana", "2027-01-31")
    assert found["alert on 502"]["category"] == "monitoring"
    assert all(item["jira"] for item in found.values())


async def test_when_it_is_over_the_menu_offers_what_is_left_to_do(over_http: House) -> None:
    channel = await started(over_http)
    alice = over_http.slack.people["alice"]
    await alice.type("/incident resolve INC-1")
    await settled(over_http)
    await alice.press("More…", in_=channel)
    assert "[Severity]" not in seen(alice.modal)
    await alice.press("Reopen")
    assert "INC-1 is open again" in seen(alice.modal)


# ---- App Home --------------------------------------------------------------------------------


async def home_of(house: House, name: str) -> str:
    person = house.slack.people[name]
    await person.open_home()
    await settled(house)
    return seen(person.home)


async def test_home_of_somebody_with_nothing(house: House) -> None:
    assert "Nothing waits for you, and you are in no team" in await home_of(house, "carol")
    carol = house.slack.people["carol"]
    await carol.press("Start an incident", on=carol.home)
    await carol.fill_and_submit({"What is broken?": "checkout is down"})
    assert "INC-1 started. Paging Alice" in seen(carol.modal)


async def test_home_shows_what_waits_and_a_tap_there_answers_it(house: House) -> None:
    slack = house.slack
    alice = slack.people["alice"]
    await slack.people["carol"].type("/incident start checkout sev2 card payments fail")
    await settled(house)
    words = await home_of(house, "alice")
    assert "You are paged" in words
    assert "INC-1 card payments fail" in words
    assert "Payments: Alice until" in words.replace("*", "")
    await alice.press("Acknowledge", on=alice.home)
    await settled(house)
    words = seen(alice.home)
    assert "You are paged" not in words
    assert "You have" in words
    assert (await house.shown())["pages"][0]["state"] == "acknowledged"
    await alice.press("More…", on=alice.home)
    await alice.press("Note")
    await alice.fill_and_submit({"What happened?": "from the phone"})
    assert "Alice: from the phone" in await lines(house)
    assert "Open in your teams" in await home_of(house, "dana")
    await alice.press("More…", on=alice.home)
    await alice.press("Resolve with words")
    await alice.fill_and_submit({"How did it end?": "rolled back"})
    await settled(house)
    assert "INC-1" not in seen(alice.home)


async def test_a_refusal_at_home_is_read_at_home(house: House) -> None:
    slack = house.slack
    alice, dana = slack.people["alice"], slack.people["dana"]
    await slack.people["carol"].type("/incident start checkout sev2 card payments fail")
    await settled(house)
    await home_of(house, "alice")
    await dana.type("/incident ack INC-1")
    await alice.press("Acknowledge", on=alice.home)
    assert "Dana has INC-1 already" in seen(alice.modal)


async def test_home_with_three_hundred_action_items_and_many_incidents(over_http: House) -> None:
    house, now = over_http, over_http.clock()
    async with house.bot.world.db.transaction() as session:
        for n in range(60):
            session.add(
                Incident(
                    request_id=f"r{n}", title=f"broken {n} " + "x" * 180, team="payments", service="checkout",
                    severity=Severity.SEV2, declared_by="dana", declared_at=now, owner="bob" if n % 2 else "",
                )
            )  # fmt: skip
        await session.flush()
        for n in range(300):
            session.add(
                Action(
                    id=f"a{n}", incident_id=1 + n % 60, title=f"item {n} " + "y" * 400, team="payments", owner="bob",
                    created_by="dana", created_at=now, jira=f"PAY-{n}", jira_url=f"https://jira.acme.dev/browse/PAY-{n}",
                    due=now.date() + timedelta(days=n - 100),
                )
            )  # fmt: skip
    words = await home_of(house, "bob")
    assert "and 98 more: `/incident mine`" in words, "of 108 that are due"
    assert "and 184 more: `/incident mine`" in words, "of 192 that are not"
    assert "and 22 more" in words
    view = house.slack.people["bob"].home
    assert view is not None
    assert len(view.blocks) <= 100
    assert view_problems(view.given) == []
    assert repeated_action_ids(view.blocks) == []


async def test_home_offers_what_monday_s_message_does_and_agrees_with_every_other_list(
    over_http: House,
) -> None:
    house, alice = over_http, over_http.slack.people["alice"]
    await started(house)
    await alice.type("/incident resolve INC-1 rolled back")
    async with house.bot.world.db.transaction() as session:
        for n, days in enumerate([-3, 0, 2, 40]):
            session.add(
                Action(
                    id=f"aaaa000{n}", incident_id=1, title=f"thing {n}", team="payments", owner="alice",
                    category="switches", created_by="carol", created_at=house.clock(),
                    due=house.clock().date() + timedelta(days=days),
                )
            )  # fmt: skip
    words = await home_of(house, "alice")
    due, later = words.split("Yours, later")
    assert [f"thing {n}" in due for n in range(4)] == [True, True, True, False]
    assert "thing 3" in later
    await alice.press("Done", on=alice.home)
    await alice.press_again()
    await settled(house)
    assert ":white_check_mark: “thing 0” (switches): done, says Alice" in seen(alice.home)
    assert "3 of 4 open" in (await alice.type("/incident actions INC-1")).text
    assert "thing 0" not in (await alice.type("/incident mine")).text
    assert "1 action item done, 3 open" in (await alice.type("/incident report payments")).text
    await alice.press("Reopen", on=alice.home)
    await settled(house)
    assert "says Alice" not in seen(alice.home)
    assert [a["state"] for a in (await house.shown())["actions"]] == ["open"] * 4
    await alice.select("Later…", "2 weeks", on=alice.home)
    await settled(house)
    assert "“thing 0”: left until" in seen(alice.home).split("Yours, later")[1]
    await alice.press("Not later after all", on=alice.home)
    await settled(house)
    assert "thing 0" in seen(alice.home).split("Yours, later")[0]
    await alice.press("Won't do…", on=alice.home)
    await alice.fill_and_submit({"Why won't it be done?": "the report is gone"})
    await settled(house)
    assert "“thing 0”: won't be done: the report is gone" in seen(alice.home)
    await alice.select("Later, until…", house.clock().date(), on=alice.home)
    assert "is not ahead" in seen(alice.modal)
    assert (await house.shown())["jobs"]["failed"] == 0


async def test_a_message_becomes_an_action_item_with_itself_as_evidence(over_http: House) -> None:
    house, slack = over_http, over_http.slack
    channel = await started(house)
    alice = slack.people["alice"]
    message = await alice.say("NullPointerException password=hunter2\nat Fraud.check", in_=channel)
    await alice.message_shortcut("action_from_message", message)
    assert "Of which incident" not in seen(alice.modal)
    assert "hunter2" not in seen(alice.modal)
    await alice.fill_and_submit({"What should be different next time?": "log the request id"})
    await alice.submit_again()
    assert "under Logging (because: log the)" in seen(alice.modal)
    await settled(house)
    [item] = (await house.shown())["actions"]
    assert (item["title"], item["category"]) == ("log the request id", "logging")
    issue = house.jira.issues[item["jira"]].description
    assert "hunter2" not in issue
    assert "NullPointerException password=•••" in issue
    assert "at Fraud.check" in issue


async def test_a_message_of_elsewhere_asks_for_its_incident_and_offers_none_that_one_may_not_see(
    over_http: House,
) -> None:
    house, slack = over_http, over_http.slack
    erin = slack.people["erin"]
    message = await erin.say("we want an alert for <queue> length", in_="general")
    await erin.message_shortcut("action_from_message", message)
    await settled(house)
    assert "no incident yet" in "\n".join(each.text for each in erin.sees("general") if each.only_me)
    await started(house)
    await slack.people["carol"].type("/incident start --private checkout a secret thing")
    await settled(house)
    await erin.message_shortcut("action_from_message", message)
    assert "secret" not in str(erin.modal.blocks if erin.modal else "")
    await erin.fill_and_submit({"Of which incident?": "INC-1 card payments fail", "Owner": "bob"})
    await settled(house)
    [item] = (await house.shown())["actions"]
    assert (item["title"], item["owner"]) == ("we want an alert for <queue> length", "bob")
    assert item["jira"] == "PAY-1"


async def test_the_postmortem_has_a_door_to_action_items(over_http: House) -> None:
    await started(over_http)
    alice = over_http.slack.people["alice"]
    await alice.type("/incident resolve INC-1")
    await alice.type("/incident postmortem INC-1", in_="general")
    await alice.press("Add an action item", in_="general")
    await alice.fill_and_submit({"What should be different next time?": "alert on 502s of the card provider"})
    await settled(over_http)
    assert [a["category"] for a in (await over_http.shown())["actions"]] == ["monitoring"]


async def test_a_private_incident_is_on_no_home_but_of_those_named(over_http: House) -> None:
    house = over_http
    await started(house, "checkout sev2 the secret breach")
    alice = house.slack.people["alice"]
    await alice.type("/incident action INC-1 logging the secret item @bob")
    await settled(house)
    async with house.bot.world.db.transaction() as session:
        incident = await store.locked(session, 1)
        assert incident is not None
        incident.private = True
        session.add(incident)
    for outsider in ("bob", "carol", "erin"):
        expected = outsider == "carol"  # she declared it
        assert "secret breach" not in await home_of(house, outsider) or expected
        assert "secret item" not in await home_of(house, outsider)
    assert "the secret breach" in await home_of(house, "alice")
    assert "the secret breach" in await home_of(house, "dana")


async def test_home_opened_often_is_drawn_as_often_as_needed(over_http: House) -> None:
    slack, carol = over_http.slack, over_http.slack.people["carol"]
    await asyncio.gather(*(carol.open_home() for _ in range(20)))
    await settled(over_http)
    assert 1 <= len(slack.calls_of("views.publish")) <= 20
    assert "Start an incident" in seen(carol.home)


async def test_one_home_is_asked_for_while_one_waits_on_either_database(tmp_path: Path, url: str) -> None:
    async with workspace(tmp_path, url, Clock(ticks=True)) as house:
        slack, world = house.slack, house.bot.world
        carol, alice = slack.people["carol"], slack.people["alice"]
        slack.fail("views.publish", "ratelimited", times=1)
        for _ in range(5):
            await home.wanted(world, carol.id)
        await slack.until(lambda: slack.calls_of("views.publish"))
        await carol.shortcut("start_incident")
        await carol.fill({"What is broken?": "card payments fail", "Service or team": "checkout"})
        await carol.fill_and_submit()
        async with world.db.transaction() as session:
            session.add(
                Job(
                    kind="PublishHome",
                    payload={"slack_id": "U1"},
                    lane="home:U1",
                    run_at=world.clock() + timedelta(hours=1),
                    created_at=world.clock(),
                    token="t",
                )
            )
        for _ in range(5):
            await home.wanted(world, "U1")
        async with world.db.reading() as session:
            waiting = await session.exec(select(func.count()).where(Job.lane == "home:U1"))
            assert waiting.one() == 1
        await alice.open_home()
        await settled(house)
        assert "INC-1 card payments fail" in seen(alice.home)


# ---- mentions --------------------------------------------------------------------------------


async def answers(house: House, where: str = "general") -> list[str]:
    await house.slack.delivered()
    await settled(house)
    return [visible_text(m) for m in of_us(house.slack, where)]


async def test_a_mention_pages_nobody_until_somebody_taps(house: House) -> None:
    slack = house.slack
    carol, bob = slack.people["carol"], slack.people["bob"]
    said = await carol.tell_bot("checkout is down, 502s")
    [answer] = await answers(house)
    assert "Nothing is started and nobody is woken yet" in answer
    assert "[Start sev3 for checkout (pages Alice)]" in answer
    assert of_us(slack, "general")[0].thread_ts == said.ts
    assert not slack.people["alice"].dms()
    await bob.press("Start sev3 for checkout (pages Alice)", in_="general")
    await bob.press_again()
    await settled(house)
    assert "INC-1 started. Paging Alice" in (await answers(house))[0]
    assert len(incident_channels(slack)) == 1
    shown = await house.shown()
    assert shown["title"] == "checkout is down, 502s"
    assert any(line["text"] == "carol: checkout is down, 502s" for line in shown["timeline"])


async def test_a_mention_can_be_turned_into_the_form_or_away(house: House) -> None:
    slack, carol = house.slack, house.slack.people["carol"]
    await carol.tell_bot("basket looks odd & <slow>\nsecond line")
    await answers(house)
    await carol.press("Open the form", in_="general")
    assert typed(carol, "What is broken?") == "basket looks odd & <slow>"
    assert typed(carol, "What do you see?") == "basket looks odd & <slow>\nsecond line"
    await carol.close()
    await carol.press("Not an incident", in_="general")
    assert "nothing is done" in (await answers(house))[0]
    assert not incident_channels(slack)


async def test_a_mention_told_twice_or_edited_is_answered_once(house: House) -> None:
    carol = house.slack.people["carol"]
    said = await carol.tell_bot("checkout is down")
    assert len(await answers(house)) == 1
    await house.slack.redeliver("app_mention")
    await carol.edit(said, f"@{house.slack.workspace.bot.name} checkout is down!")
    assert len(await answers(house)) == 1


async def test_a_mention_asks_who_is_on_call(house: House) -> None:
    carol = house.slack.people["carol"]
    for words in (
        "who is on call for checkout?",
        "Who's on-call for basket",
        "oncall payments",
        "who owns services/checkout/pay.py ?",
    ):
        await carol.tell_bot(words)
        assert "Payments: Alice" in (await answers(house))[-1].replace("*", ""), words
    await carol.tell_bot("who is on call for the moon?")
    await answers(house)
    assert any("Nobody owns “the moon”" in seen.text for seen in carol.sees("general") if seen.only_me)


async def test_a_bare_command_shows_the_first_words_and_help_has_them_all(over_http: House) -> None:
    carol = over_http.slack.people["carol"]
    first = (await carol.type("/incident")).text
    assert len(first.splitlines()) < 15  # a phone's screen
    for word in ("start", "ack", "mitigate", "update", "resolve", "help"):
        assert f"`/incident {word}" in first
    every = (await carol.type("/incident help")).text
    for heading, names in PARTS:
        assert f"*{heading}*" in every
        assert all(f"`/incident {name}" in every for name in names)
    assert "`/incident resolve INC-12`" in every
    assert (await carol.type("/oncall help cover")).text.splitlines() == [
        "`/oncall cover [team] [@person] from - to`: ask the team who takes your turn, or a colleague's"
    ]


async def test_help_and_a_bare_mention_list_the_words(over_http: House) -> None:
    carol = over_http.slack.people["carol"]
    for words in ("help", ""):
        await carol.tell_bot(words)
        await answers(over_http)
        assert any("/incident start" in s.text for s in carol.sees("general") if s.only_me) or any(
            "/incident start" in dm.text for dm in carol.dms()
        )


async def test_a_cry_for_help_is_no_command(over_http: House) -> None:
    carol = over_http.slack.people["carol"]
    for words in ("help checkout is down", "list of baskets is empty, checkout again"):
        await carol.tell_bot(words)
        assert "Nothing is started" in (await answers(over_http))[-1]


async def test_the_doors_need_no_more_than_the_manifest_grants(house: House) -> None:
    slack = house.slack
    slack.install(manifest("https://bot.acme.dev", socket_mode=False))
    carol, alice = slack.people["carol"], slack.people["alice"]
    await carol.shortcut("Start an incident")
    await carol.close()
    said = await carol.say("basket is empty", "general")
    await carol.message_shortcut("Start an incident from this", said)
    await carol.fill_and_submit()
    assert "INC-1 started" in seen(carol.modal)
    await settled(house)
    assert "INC-1 basket is empty" in await home_of(house, "alice")
    await alice.tell_bot("help")
    await alice.tell_bot("checkout is slow")
    assert "Nothing is started" in (await answers(house))[-1]
    assert (await house.shown())["jobs"]["failed"] == 0


def test_menus_are_asked_for_over_http_only() -> None:
    over_http = manifest("https://bot.acme.dev/", socket_mode=False)["settings"]["interactivity"]
    assert over_http["message_menu_options_url"] == "https://bot.acme.dev/slack/events"
    assert "message_menu_options_url" not in manifest("", socket_mode=True)["settings"]["interactivity"]


async def test_in_an_incident_s_channel_a_mention_says_the_same_as_typing(house: House) -> None:
    channel = await started(house)
    slack, alice = house.slack, house.slack.people["alice"]
    await alice.tell_bot("note the provider called back", in_=channel)
    await alice.tell_bot("update we fail over", in_=channel)
    await answers(house, channel)
    told = await lines(house)
    assert "Alice: the provider called back" in told
    assert "Update by Alice: we fail over" in told
    await alice.tell_bot("escalate", in_=channel)
    before = len(slack.people["bob"].dms())
    await answers(house, channel)
    assert len(slack.people["bob"].dms()) == before
    await alice.press("Yes, escalate", in_=channel)
    await settled(house)
    assert len(slack.people["bob"].dms()) > before
    await alice.tell_bot("the graphs look better now", in_=channel)
    await answers(house, channel)
    await alice.press("Add it to the timeline", in_=channel)
    await settled(house)
    assert "Alice: the graphs look better now" in await lines(house)


async def test_what_one_person_may_see_is_not_said_to_a_channel(over_http: House) -> None:
    house = over_http
    await started(house, "checkout sev2 the secret breach")
    async with house.bot.world.db.transaction() as session:
        incident = await store.locked(session, 1)
        assert incident is not None
        incident.private = True
        session.add(incident)
    alice = house.slack.people["alice"]
    await alice.tell_bot("show INC-1")
    await alice.tell_bot("list")
    said = await answers(house)
    assert "secret" not in "".join(said)
    assert any("the secret breach" in s.text for s in (*alice.sees("general"), *alice.dms()))


async def test_a_direct_message_is_understood_as_a_mention_is(house: House) -> None:
    slack, carol = house.slack, house.slack.people["carol"]
    await carol.say("checkout is down", carol.dm)
    await settled(house)
    assert "Nothing is started" in carol.dms()[-1].text
    await carol.press("Start sev3 for checkout (pages Alice)", in_=carol.dm)
    await settled(house)
    assert "INC-1 started" in carol.dms()[-1].text
    await slack.people["alice"].say("ack", slack.people["alice"].dm)
    await settled(house)
    assert (await house.shown())["pages"][0]["state"] == "acknowledged"


async def test_bots_and_malice_in_a_mention(over_http: House) -> None:
    slack, carol = over_http.slack, over_http.slack.people["carol"]
    await carol.tell_bot("<!channel> @here *look* <https://evil.example|runbook> " + "z" * 3000)
    [answer] = await answers(over_http)
    assert "Nothing is started" in answer
    await carol.press("Open the form", in_="general")
    assert view_problems(carol.modal.given if carol.modal else {}) == []
    for message in everything_said(slack):
        assert problems(message.blocks) == []
        assert not pings(message)
