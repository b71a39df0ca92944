"""What people type, press and fill in, over HTTP and over Socket Mode, through the real Bolt."""

import asyncio
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp

from bot.sandbox.slack import NotThere, Slack
from tests.sandbox.conftest import Serving, over_http

Body = dict[str, Any]


def text(words: str) -> Body:
    return {"type": "plain_text", "text": words}


def button(label: str, action_id: str, **more: Any) -> Body:
    return {"type": "button", "action_id": action_id, "text": text(label), **more}


def modal(*blocks: Body, **more: Any) -> Body:
    return {
        "type": "modal",
        "callback_id": "start",
        "title": text("Start"),
        "submit": text("Go"),
        "blocks": [*blocks],
        **more,
    }


def field(label: str, element: Body, **more: Any) -> Body:
    given = {"action_id": "value", **element}
    return {"type": "input", "block_id": label.lower(), "label": text(label), "element": given, **more}


# ---- slash commands ------------------------------------------------------------------------------


async def test_a_person_sees_what_the_bot_answers(slack: Slack, app: AsyncApp, serving: Serving) -> None:
    @app.command("/incident")
    async def incident(ack: Any, command: Body) -> None:
        await ack(f"<@{command['user_id']}> said {command['text']}")

    alice, bob = slack.person("alice"), slack.person("bob")
    async with serving(app):
        shown = await alice.type("/incident start checkout a < b & c")
    assert shown.text == "@alice said start checkout a < b & c"
    assert [seen.only_me for seen in alice.sees("general")] == [True]
    assert bob.sees("general") == []


async def test_names_arrive_as_mentions_and_markup_as_words(
    slack: Slack, app: AsyncApp, serving: Serving
) -> None:
    heard: list[str] = []

    @app.command("/incident")
    async def incident(ack: Any, command: Body) -> None:
        heard.append(command["text"])
        await ack()

    alice, bob = slack.person("alice"), slack.person("bob")
    group, general = slack.user_group("payments-oncall", [bob]), slack.channel_named("general")
    async with serving(app):
        await alice.type(
            "/incident lead @bob #general @payments-oncall <!channel> & a@bob.dev https://x.dev/?a=1&b=2"
        )
    assert heard == [
        f"lead <@{bob.id}|bob> <#{general.id}|general> <!subteam^{group.id}|@payments-oncall> "
        "&lt;!channel&gt; &amp; a@bob.dev <https://x.dev/?a=1&amp;b=2>"
    ]


async def test_an_answer_in_the_channel_is_seen_by_everybody(
    slack: Slack, app: AsyncApp, serving: Serving
) -> None:
    @app.command("/incident")
    async def incident(ack: Any) -> None:
        await ack(text="declared", response_type="in_channel")

    alice, bob = slack.person("alice"), slack.person("bob")
    async with serving(app):
        shown = await alice.type("/incident start")
    assert shown.text == "declared"
    assert [str(seen) for seen in bob.sees("general")] == ["declared"]


async def test_a_late_answer_comes_through_the_response_url(
    slack: Slack, app: AsyncApp, serving: Serving
) -> None:
    @app.command("/incident")
    async def incident(ack: Any, respond: Any) -> None:
        await ack()
        for number in range(6):
            answer = await respond(f"line {number}")
            assert answer.status_code == (200 if number < 5 else 404)

    alice = slack.person("alice")
    async with serving(app):
        shown = await alice.type("/incident list")
        await slack.until(lambda: len(slack.calls_of("response_url")) == 6)
    assert shown.error is None
    assert [str(seen) for seen in alice.sees("general")] == [f"line {number}" for number in range(5)]


async def test_a_silent_bot_shows_slacks_own_words(app: AsyncApp) -> None:
    @app.command("/incident")
    async def incident(ack: Any) -> None:
        await asyncio.sleep(0.5)
        await ack("too late")

    async with Slack(timeout=0.1).serve() as slack:
        alice = slack.person("alice")
        async with over_http(slack, app):
            shown = await alice.type("/incident start")
    assert shown.error == "operation_timeout"
    assert shown.text == '/incident failed with the error "operation_timeout"'
    assert alice.sees("general") == []


async def test_a_failing_or_absent_bot_is_dispatch_failed(slack: Slack, app: AsyncApp) -> None:
    alice = slack.person("alice")
    assert (await alice.type("/incident start")).error == "dispatch_failed"
    async with over_http(slack, app):
        unheard = await alice.type("/nobody-listens")
    assert unheard.text == '/nobody-listens failed with the error "dispatch_failed"'
    assert slack.deliveries[-1].attempts[0].status == 404


async def test_blocks_that_slack_would_refuse_fail_the_command(
    slack: Slack, app: AsyncApp, serving: Serving
) -> None:
    @app.command("/incident")
    async def incident(ack: Any) -> None:
        await ack(blocks=[{"type": "header"}])

    alice = slack.person("alice")
    async with serving(app):
        shown = await alice.type("/incident show")
    assert shown.error == "invalid_blocks: [ERROR] missing required field: text [json-pointer:/blocks/0]"


async def test_twenty_people_at_once_each_get_their_own_answer(
    slack: Slack, app: AsyncApp, serving: Serving
) -> None:
    @app.command("/incident")
    async def incident(ack: Any, command: Body, client: Any) -> None:
        made = await client.conversations_create(name=f"inc-{command['text']}")
        await ack(f"made <#{made['channel']['id']}>")

    people = [slack.person(f"p{number}") for number in range(20)]
    async with serving(app):
        shown = await asyncio.gather(*(person.type(f"/incident {person.name}") for person in people))
    assert [str(answer) for answer in shown] == [f"made #inc-{person.name}" for person in people]


async def test_only_declared_commands_exist(slack: Slack) -> None:
    commands = [{"command": "/incident", "should_escape": True}]
    scopes = {"scopes": {"bot": ["commands"]}}
    slack.install({"features": {"slash_commands": commands}, "oauth_config": scopes})
    alice = slack.person("alice")
    assert (await alice.type("/inciden start")).text == "/inciden is not a valid command."
    assert slack.deliveries == []


async def test_a_command_needs_a_place_where_the_person_is(slack: Slack) -> None:
    alice = slack.person("alice")
    slack.channel("payments", [slack.person("bob")])
    with pytest.raises(NotThere, match="alice is not in #payments"):
        await alice.type("/incident start", in_="payments")
    with pytest.raises(LookupError, match="there is no channel #nowhere; there are general, payments"):
        await alice.say("hi", in_="nowhere")


# ---- buttons and menus ---------------------------------------------------------------------------


async def test_a_pressed_button_reaches_the_bot_and_the_message_changes(
    slack: Slack, app: AsyncApp, serving: Serving
) -> None:
    heard: list[Body] = []

    @app.action("ack")
    async def acknowledge(ack: Any, body: Body, client: Any) -> None:
        heard.append(body)
        await client.chat_update(
            channel=body["channel"]["id"], ts=body["message"]["ts"], text="done", blocks=[]
        )
        await ack()

    alice = slack.person("alice")
    blocks = [{"type": "actions", "elements": [button("Acknowledge", "ack", value="17", style="primary")]}]
    await app.client.chat_postMessage(channel=alice.id, text="wake up", blocks=blocks)
    assert (alice.dms()[0].text, alice.dms()[0].buttons) == ("[Acknowledge]", ("Acknowledge",))
    async with serving(app):
        shown = await alice.press("Acknowledge", in_=alice.dm)
    assert shown.error is None
    assert [str(seen) for seen in alice.dms()] == ["done"]
    [body] = heard
    assert (body["actions"][0]["value"], body["user"]["id"], body["channel"]["name"]) == (
        "17",
        alice.id,
        "directmessage",
    )
    assert body["container"]["message_ts"] == body["message"]["ts"] == alice.dms()[0].ts


async def test_pressing_what_is_not_there_says_what_is(slack: Slack, app: AsyncApp) -> None:
    alice = slack.person("alice")
    blocks = [{"type": "actions", "elements": [button("Acknowledge", "a"), button("Can't take it", "b")]}]
    await app.client.chat_postMessage(channel=alice.id, text="wake up", blocks=blocks)
    with pytest.raises(NotThere, match=r"alice sees no button 'Resolve'.*\[Acknowledge\] \[Can't take it\]"):
        await alice.press("Resolve")


async def test_the_newest_button_is_pressed_unless_a_message_is_named(slack: Slack, app: AsyncApp) -> None:
    heard: list[str] = []

    @app.action("ack")
    async def acknowledge(ack: Any, action: Body) -> None:
        heard.append(action["value"])
        await ack()

    alice = slack.person("alice")
    for number in ("1", "2"):
        blocks = [{"type": "actions", "elements": [button("Acknowledge", "ack", value=number)]}]
        await app.client.chat_postMessage(channel=alice.id, text="wake up", blocks=blocks)
    async with over_http(slack, app):
        await alice.press("Acknowledge")
        await alice.press("Acknowledge", on=alice.dms()[0])
        await alice.press_again()
    assert heard == ["2", "1", "1"]


async def test_menus_and_overflows_are_chosen_by_their_words(
    slack: Slack, app: AsyncApp, serving: Serving
) -> None:
    heard: list[Body] = []

    @app.action("severity")
    async def severity(ack: Any, body: Body) -> None:
        heard.append(body)
        await ack()

    @app.action("more")
    async def more(ack: Any, action: Body) -> None:
        heard.append(action)
        await ack()

    alice = slack.person("alice")
    options = [{"text": text(word), "value": word.lower()} for word in ("Bad", "Worse")]
    menu = {
        "type": "static_select",
        "action_id": "severity",
        "placeholder": text("Severity"),
        "options": options,
    }
    overflow = {"type": "overflow", "action_id": "more", "options": options}
    question = {"type": "section", "text": text("How bad?"), "accessory": menu}
    blocks: list[Body] = [question, {"type": "actions", "elements": [overflow]}]
    await app.client.chat_postMessage(channel=alice.id, text="x", blocks=blocks)
    async with serving(app):
        await alice.select("Severity", "Worse")
        await alice.press("Bad")
    assert heard[0]["actions"][0]["selected_option"]["value"] == "worse"
    assert next(iter(heard[0]["state"]["values"].values()))["severity"]["selected_option"]["value"] == "worse"
    assert heard[1]["selected_option"]["value"] == "bad"


async def test_an_ephemeral_is_replaced_and_deleted_through_its_response_url(
    slack: Slack, app: AsyncApp, serving: Serving
) -> None:
    @app.command("/incident")
    async def incident(ack: Any) -> None:
        await ack(blocks=[{"type": "actions", "elements": [button("Sure", "sure")]}])

    @app.action("sure")
    async def sure(ack: Any, respond: Any, body: Body) -> None:
        assert "message" not in body
        assert body["container"]["is_ephemeral"]
        await respond(
            text="one more",
            replace_original=True,
            blocks=[{"type": "actions", "elements": [button("Gone", "gone")]}],
        )
        await ack()

    @app.action("gone")
    async def gone(ack: Any, respond: Any) -> None:
        await respond(delete_original=True)
        await ack()

    alice = slack.person("alice")
    async with serving(app):
        shown = await alice.type("/incident resolve")
        assert shown.buttons == ("Sure",)
        await alice.press("Sure")
        assert [seen.buttons for seen in alice.sees("general")] == [("Gone",)]
        await alice.press("Gone")
    assert alice.sees("general") == []


async def test_a_watcher_sees_every_change_as_it_happens(slack: Slack, app: AsyncApp) -> None:
    seen: list[tuple[str, str]] = []
    slack.watch(lambda change, message: seen.append((change.value, message.text)))
    alice = slack.person("alice")
    posted = await app.client.chat_postMessage(channel=alice.id, text="wake up")
    await app.client.chat_update(channel=posted["channel"], ts=posted["ts"], text="taken")
    await app.client.chat_delete(channel=posted["channel"], ts=posted["ts"])
    assert seen == [("posted", "wake up"), ("edited", "taken"), ("deleted", "taken")]


# ---- modals and shortcuts ------------------------------------------------------------------------


async def test_a_modal_is_opened_filled_and_submitted(slack: Slack, app: AsyncApp, serving: Serving) -> None:
    heard: list[Body] = []
    options = [{"text": text(word), "value": word.lower()} for word in ("Checkout", "Search")]

    @app.command("/incident")
    async def incident(ack: Any, client: Any, command: Body) -> None:
        view = modal(
            field("Title", {"type": "plain_text_input"}),
            field("Service", {"type": "static_select", "options": options}),
            field("Lead", {"type": "users_select"}, optional=True),
            field("Areas", {"type": "checkboxes", "options": options}, optional=True),
            private_metadata="from general",
        )
        await client.views_open(trigger_id=command["trigger_id"], view=view)
        await ack()

    @app.view("start")
    async def start(ack: Any, view: Body, client: Any, body: Body) -> None:
        heard.append(view)
        await client.chat_postMessage(channel=body["user"]["id"], text="started")
        await ack()

    alice, bob = slack.person("alice"), slack.person("bob")
    async with serving(app):
        opened = await alice.type("/incident start")
        assert opened.view is not None
        assert opened.view.title == "Start"
        filled = {"Title": "card payments fail", "Service": "Checkout", "Lead": "@bob", "Areas": ["Search"]}
        done = await alice.fill_and_submit(filled)
    assert (done.error, done.view) == (None, None)
    [view] = heard
    values = {block: value["value"] for block, value in view["state"]["values"].items()}
    assert values["title"] == {"type": "plain_text_input", "value": "card payments fail"}
    assert values["service"]["selected_option"]["value"] == "checkout"
    assert values["lead"]["selected_user"] == bob.id
    assert [option["value"] for option in values["areas"]["selected_options"]] == ["search"]
    assert view["private_metadata"] == "from general"
    assert [str(seen) for seen in alice.dms()] == ["started"]


async def test_an_impatient_person_submits_twice(slack: Slack, app: AsyncApp, serving: Serving) -> None:
    heard: list[str] = []

    @app.view("start")
    async def start(ack: Any, view: Body) -> None:
        heard.append(view["id"])
        await ack()

    alice = slack.person("alice")
    view = modal(field("Title", {"type": "plain_text_input"}))
    await app.client.views_open(trigger_id=slack.workspace.new_trigger(alice.id), view=view)
    async with serving(app):
        with pytest.raises(NotThere, match="alice has submitted nothing yet"):
            await alice.submit_again()
        await alice.fill_and_submit({"Title": "x"})
        await alice.submit_again()
    assert len(heard) == 2
    assert len(set(heard)) == 1


async def test_slack_itself_asks_for_what_is_required(slack: Slack, app: AsyncApp) -> None:
    alice = slack.person("alice")
    view = modal(
        field("Title", {"type": "plain_text_input", "max_length": 5}),
        field("Link", {"type": "url_text_input"}),
    )
    await app.client.views_open(trigger_id=slack.workspace.new_trigger(alice.id), view=view)
    asked = await alice.fill_and_submit({"Title": "far too long", "Link": "nowhere"})
    assert asked.errors == {"Title": "Enter at most 5 characters.", "Link": "Enter a valid URL."}
    asked = await alice.fill_and_submit({"Title": None, "Link": None})
    assert set(asked.errors.values()) == {"Please complete this required field."}
    assert slack.deliveries == []
    with pytest.raises(NotThere, match="has no field 'Topic'; it has 'Title', 'Link'"):
        await alice.fill({"Topic": "x"})


async def test_response_actions_change_the_modals_in_front_of_a_person(
    slack: Slack, app: AsyncApp, serving: Serving
) -> None:
    answers: list[Body] = [
        {"response_action": "errors", "errors": {"title": "That one exists"}},
        {
            "response_action": "update",
            "view": modal(field("Title", {"type": "plain_text_input"}), title=text("Again")),
        },
        {"response_action": "push", "view": modal({"type": "divider"}, title=text("Sure?"))},
        {},
        {"response_action": "clear"},
    ]

    @app.view("start")
    async def start(ack: Any) -> None:
        await ack(**answers.pop(0))

    alice = slack.person("alice")
    view = modal(field("Title", {"type": "plain_text_input"}))
    await app.client.views_open(trigger_id=slack.workspace.new_trigger(alice.id), view=view)
    async with serving(app):
        refused = await alice.fill_and_submit({"Title": "x"})
        assert refused.errors == {"Title": "That one exists"}
        titles = []
        for _ in range(4):
            shown = await alice.fill_and_submit(
                {"Title": "x"} if alice.modal and alice.modal.title != "Sure?" else {}
            )
            titles.append(shown.view.title if shown.view else None)
    assert titles == ["Again", "Sure?", "Again", None]


async def test_a_modal_stays_when_the_bot_fails(slack: Slack, app: AsyncApp) -> None:
    alice = slack.person("alice")
    view = modal(field("Title", {"type": "plain_text_input"}))
    await app.client.views_open(trigger_id=slack.workspace.new_trigger(alice.id), view=view)
    async with over_http(slack, app):  # nobody listens for this view
        shown = await alice.fill_and_submit({"Title": "x"})
    assert shown.text == "We had some trouble connecting. Try again?"
    assert alice.modal is shown.view is not None


async def test_closing_is_told_when_asked_for(slack: Slack, app: AsyncApp, serving: Serving) -> None:
    heard: list[str] = []

    @app.view_closed("start")
    async def closed(ack: Any, view: Body) -> None:
        heard.append(view["id"])
        await ack()

    alice = slack.person("alice")
    view = modal({"type": "divider"}, notify_on_close=True)
    opened = await app.client.views_open(trigger_id=slack.workspace.new_trigger(alice.id), view=view)
    async with serving(app):
        await alice.close()
    assert heard == [opened["view"]["id"]]
    assert alice.modal is None


async def test_options_are_suggested_while_typing(slack: Slack, app: AsyncApp, serving: Serving) -> None:
    heard: list[str] = []

    @app.options("value")
    async def suggest(ack: Any, payload: Body) -> None:
        await ack(options=[{"text": text(f"{payload['value']} team"), "value": "t1"}])

    @app.view("start")
    async def start(ack: Any, view: Body) -> None:
        heard.append(view["state"]["values"]["team"]["value"]["selected_option"]["value"])
        await ack()

    alice = slack.person("alice")
    view = modal(field("Team", {"type": "external_select", "min_query_length": 2}))
    await app.client.views_open(trigger_id=slack.workspace.new_trigger(alice.id), view=view)
    async with serving(app):
        assert await alice.suggestions("Team", "p") == []
        assert await alice.suggestions("Team", "x" * 75) == [], "75 characters fit an option"
        with pytest.raises(NotThere, match="offers no 'pay'; it offers 'pay team'"):
            await alice.fill({"Team": "pay"})
        await alice.fill_and_submit({"Team": ("t1")})
    assert heard == ["t1"]


async def test_shortcuts_are_found_by_their_visible_name(
    slack: Slack, app: AsyncApp, serving: Serving
) -> None:
    heard: list[Body] = []

    @app.shortcut("start_incident")
    async def start(ack: Any, shortcut: Body, client: Any) -> None:
        await client.views_open(trigger_id=shortcut["trigger_id"], view=modal({"type": "divider"}))
        await ack()

    @app.shortcut("add_to_timeline")
    async def add(ack: Any, shortcut: Body) -> None:
        heard.append(shortcut)
        await ack()

    shortcuts = [
        {"name": "Start an incident", "type": "global", "callback_id": "start_incident"},
        {"name": "Add to timeline", "type": "message", "callback_id": "add_to_timeline"},
    ]
    slack.install({"features": {"shortcuts": shortcuts}})
    alice = slack.person("alice")
    message = await alice.say("rolled back v42")
    async with serving(app):
        shown = await alice.shortcut("Start an incident")
        await alice.message_shortcut("Add to timeline", message)
    assert shown.view is not None
    assert (heard[0]["message"]["text"], heard[0]["channel"]["name"]) == ("rolled back v42", "general")
    with pytest.raises(NotThere, match="it has 'Add to timeline'"):
        await alice.message_shortcut("Add to diary", message)


async def test_the_home_is_published_when_opened(slack: Slack, app: AsyncApp, serving: Serving) -> None:
    @app.event("app_home_opened")
    async def opened(event: Body, client: Any) -> None:
        blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "On call: *you*"}}]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    alice = slack.person("alice")
    async with serving(app):
        shown = await alice.open_home()
    assert shown.text == "On call: *you*"
