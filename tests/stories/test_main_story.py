"""The main job, readable as a transcript: text alone and buttons, over HTTP and over Socket Mode."""

import asyncio

from bot.sandbox.rendering import visible_text
from tests.stories.conftest import House


async def test_an_incident_from_start_to_backlog_by_buttons(house: House) -> None:
    slack = house.slack
    carol, alice = slack.people["carol"], slack.people["alice"]

    answer = await carol.type("/incident start checkout sev2 card payments fail with 502", in_="general")
    assert "INC-1 started. Paging Alice" in answer.text

    await slack.until(lambda: alice.dms())
    page = alice.dms()[-1]
    assert "SEV2" in page.text
    assert "card payments fail with 502" in page.text
    await alice.press("Acknowledge", in_=alice.dm)
    await slack.until(lambda: "You acknowledged it" in alice.dms()[-1].text)

    channel = slack.channel_named("inc-1-card-payments-fail-with-502")
    await house.until_quiet()
    assert {"alice", "carol"} <= {slack.workspace.users[user].name for user in channel.members}
    assert "sev2" in channel.topic
    assert [mark["link"] for mark in channel.bookmarks] == ["https://runbooks.acme.dev/checkout"]
    headline = channel.pins[0]
    for words in ("Alice", "fraud check off", "[Take the lead]", "[Post update]", "[Resolve]", "Runbook"):
        assert words in visible_text(headline)

    await alice.press("Take the lead", in_=channel.name)
    await alice.type("/incident mitigate switch fraud check off", in_=channel.name)
    await alice.press("Resolve", in_=channel.name)
    await alice.type(
        "/incident action switches add a kill switch for the fraud check due 2w", in_=channel.name
    )
    await alice.type(
        "/incident action monitoring alert on 502 from the card provider @dana", in_=channel.name
    )
    await house.until_quiet()

    shown = await house.shown()
    assert (shown["status"], shown["mitigation"]) == (
        "resolved",
        {"kind": "switch", "text": "fraud check off"},
    )
    assert shown["roles"]["lead"] == "alice"
    assert [(p["person"], p["state"], p["way"]) for p in shown["pages"]] == [
        ("alice", "acknowledged", "slack")
    ]
    assert sorted(a["jira"] for a in shown["actions"]) == ["PAY-1", "PAY-2"]
    assert shown["jobs"]["failed"] == 0
    kinds = [line["kind"] for line in shown["timeline"]]
    for kind in (
        "declared",
        "page_requested",
        "page_sent",
        "acknowledged",
        "channel_opened",
        "role_taken",
        "mitigated",
        "resolved",
        "action_filed",
    ):
        assert kind in kinds

    first, second = (house.jira.issues[action["jira"]] for action in shown["actions"])
    assert {"writeback", "incident-inc-1", "operability-switches"} <= set(first.labels)
    assert "operability-monitoring" in second.labels
    assert second.assignee is not None
    assert second.assignee.email == "dana@acme.dev"
    assert "card payments fail with 502" in first.description
    assert "fraud check off" in first.description

    announcement = slack.channel_named("incidents").messages[-1]
    assert "resolved" in visible_text(announcement)
    document = await alice.type("/incident postmortem", in_=channel.name)
    assert "kill switch" in document.text


async def test_an_incident_by_text_alone(house: House) -> None:
    slack = house.slack
    carol, alice, bob = (slack.people[name] for name in ("carol", "alice", "bob"))
    await carol.type("/incident start basket is empty for everyone", in_="general")
    await slack.until(lambda: alice.dms())
    answer = await alice.type("/incident decline on a train", in_=alice.dm)
    assert "Paging Bob, Dana" in answer.text
    await slack.until(lambda: bob.dms())
    answer = await bob.type("/incident ack INC-1", in_="general")
    assert "You have INC-1" in answer.text
    await house.until_quiet()
    channel = (await house.shown())["channel"]["name"]
    for words in (
        "/incident lead",
        "/incident comms @carol",
        "/incident severity sev1",
        "/incident status identified the basket service lost its cache",
        "/incident update we restart it",
        "/incident note 00:00 the cache node died",
        "/incident mitigate restart cache node restarted",
        "/incident resolve all baskets are back",
    ):
        answer = await bob.type(words, in_=channel)
        assert "INC-1" in answer.text, words
    await house.until_quiet()
    shown = await house.shown()
    assert shown["title"] == "basket is empty for everyone"
    assert shown["severity"] == "sev1"
    assert shown["roles"] == {"lead": "bob", "comms": shown["roles"]["comms"], "scribe": None}
    assert [p["state"] for p in shown["pages"]][:3] == ["declined", "acknowledged", "cancelled"]
    assert next(line for line in shown["timeline"] if "cache node died" in line["text"])["at"].endswith(
        "00:00Z"
    )


async def test_nobody_answers_and_the_end_is_announced(house: House) -> None:
    slack = house.slack
    await slack.people["carol"].type("/incident start checkout nobody is awake", in_="general")
    alice, bob, dana = (slack.people[name] for name in ("alice", "bob", "dana"))
    await slack.until(lambda: alice.dms())
    await house.until_quiet()
    house.forward(minutes=5, seconds=1)
    await slack.until(lambda: bob.dms() and dana.dms())
    await slack.until(lambda: "Not answered" in alice.dms()[-1].text)
    await house.until_quiet()
    house.forward(minutes=10, seconds=1)
    await slack.until(lambda: len(alice.dms()) == 2)
    await house.until_quiet()
    house.forward(minutes=5, seconds=1)
    await slack.until(lambda: len(bob.dms()) == 2)
    await house.until_quiet()
    house.forward(minutes=10, seconds=1)
    team = slack.channel_named("team-payments")
    await slack.until(lambda: team.messages)
    assert "nobody in the escalation of Payments has answered" in visible_text(team.messages[-1])
    await house.until_quiet()
    assert {p["state"] for p in (await house.shown())["pages"]} == {"unanswered"}


async def test_a_moved_incident_wakes_the_new_owner_and_thanks_the_old(house: House) -> None:
    slack = house.slack
    carol, alice, erin = (slack.people[name] for name in ("carol", "alice", "erin"))
    await carol.type("/incident start checkout search finds nothing", in_="general")
    await slack.until(lambda: alice.dms())
    await alice.press("Acknowledge", in_=alice.dm)
    answer = await alice.type("/incident service INC-1 finder", in_="general")
    assert "Paging Erin" in answer.text
    await slack.until(lambda: erin.dms())
    await slack.until(lambda: any("you are released" in message.text for message in alice.dms()))
    await house.until_quiet()
    shown = await house.shown()
    assert (shown["service"], shown["team"]) == ("finder", "search")


async def test_a_page_that_arrives_after_its_time_ends_too(house: House) -> None:
    slack = house.slack
    away = slack.fail("chat.postMessage", "service_unavailable", times=None)
    await slack.people["carol"].type("/incident start finder is down", in_="general")
    await slack.until(lambda: slack.calls_of("chat.postMessage"))
    for minutes in (6, 6, 6, 6, 6, 6, 6):
        house.forward(minutes=minutes)
        await asyncio.sleep(0.2)
    away.remove()
    erin = slack.people["erin"]
    house.forward(minutes=1)
    await slack.until(erin.dms)
    await house.until_quiet()
    house.forward(minutes=30)
    await house.until_quiet()
    house.forward(minutes=30)
    await house.until_quiet()
    assert {page["state"] for page in (await house.shown())["pages"]} == {"unanswered"}


async def test_only_a_mention_at_the_end_names_the_owner(house: House) -> None:
    slack = house.slack
    carol = slack.people["carol"]
    await carol.type("/incident start checkout is slow", in_="general")
    await house.until_quiet()
    await carol.type(
        "/incident action INC-1 logging ask @bob about the log of the queue @dana due 3d", in_="general"
    )
    await carol.type("/incident action INC-1 logging tell @bob what one request costs", in_="general")
    await house.until_quiet()
    actions = (await house.shown())["actions"]
    assert [(a["title"], a["owner"]) for a in actions] == [
        ("ask @bob about the log of the queue", "dana"),
        ("tell @bob what one request costs", None),
    ]
