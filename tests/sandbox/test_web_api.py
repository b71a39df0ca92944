"""The Web API through the real client: effects, answers and Slack's words for refusals."""

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import Slack


async def refusal(calling: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        await calling
    return str(refused.value.response["error"])


# ---- who is calling ----------------------------------------------------------------------------


async def test_the_client_learns_who_it_is(slack: Slack, client: AsyncWebClient) -> None:
    who = await client.auth_test()
    assert (who["user_id"], who["team_id"]) == (slack.bot.id, slack.workspace.team_id)


@pytest.mark.parametrize(("token", "error"), [(None, "not_authed"), ("xoxb-wrong", "invalid_auth")])
async def test_a_bad_token_is_refused(
    slack: Slack, client: AsyncWebClient, token: str | None, error: str
) -> None:
    client.token = token
    assert await refusal(client.auth_test()) == error


async def test_a_revoked_token_is_refused_everywhere(slack: Slack, client: AsyncWebClient) -> None:
    slack.revoke("account_inactive")
    assert await refusal(client.users_list()) == "account_inactive"


async def test_the_app_token_opens_connections_and_nothing_else(slack: Slack, client: AsyncWebClient) -> None:
    opened = await client.apps_connections_open(app_token=slack.app_token)
    assert opened["url"].startswith("ws://127.0.0.1:")
    assert await refusal(client.api_call("apps.connections.open")) == "not_allowed_token_type"
    client.token = slack.app_token
    assert await refusal(client.users_list()) == "not_allowed_token_type"


async def test_a_missing_scope_is_named(slack: Slack, client: AsyncWebClient) -> None:
    slack.workspace.scopes = {"chat:write"}
    with pytest.raises(SlackApiError) as refused:
        await client.conversations_create(name="inc-1")
    answer = refused.value.response
    assert (answer["error"], answer["needed"], answer["provided"]) == (
        "missing_scope",
        "channels:manage",
        "chat:write",
    )


async def test_a_manifest_grants_its_scopes_and_no_more(slack: Slack, client: AsyncWebClient) -> None:
    slack.install({"oauth_config": {"scopes": {"bot": ["chat:write", "channels:manage"]}}})
    await client.conversations_create(name="inc-1")
    assert await refusal(client.conversations_create(name="inc-2", is_private=True)) == "missing_scope"


async def test_an_unknown_method_is_refused(client: AsyncWebClient) -> None:
    assert await refusal(client.api_call("conversations.explode")) == "unknown_method"


async def test_a_body_that_is_no_json_is_refused(slack: Slack) -> None:
    headers = {"Authorization": f"Bearer {slack.bot_token}", "Content-Type": "application/json"}
    url = f"{slack.api_url}chat.postMessage"
    async with aiohttp.ClientSession() as session, session.post(url, data="{", headers=headers) as answer:
        assert (await answer.json())["error"] == "invalid_json"


async def test_arguments_arrive_by_form_query_and_json(slack: Slack, client: AsyncWebClient) -> None:
    await client.api_call("chat.postMessage", json={"channel": "general", "text": "json"})
    await client.api_call("chat.postMessage", data={"channel": "general", "text": "form"})
    await client.api_call("chat.postMessage", params={"channel": "general", "text": "query"})
    slack.workspace.general.members.append(slack.bot.id)
    assert [m.text for m in slack.channel_named("general").messages] == ["json", "form", "query"]


async def test_methods_that_only_read_ignore_a_json_body(slack: Slack, client: AsyncWebClient) -> None:
    alice = slack.person("alice")
    assert await refusal(client.api_call("users.info", json={"user": alice.id})) == "user_not_found"
    assert (await client.users_info(user=alice.id))["user"]["name"] == "alice"


# ---- people --------------------------------------------------------------------------------------


async def test_people_are_found_by_email(slack: Slack, client: AsyncWebClient) -> None:
    alice = slack.person("alice", email="alice@acme.dev", tz="Europe/London")
    found = await client.users_lookupByEmail(email="Alice@acme.dev")
    assert (found["user"]["id"], found["user"]["tz"]) == (alice.id, "Europe/London")
    assert await refusal(client.users_lookupByEmail(email="nobody@acme.dev")) == "users_not_found"
    await alice.deactivate()
    assert await refusal(client.users_lookupByEmail(email="alice@acme.dev")) == "users_not_found"


async def test_emails_need_their_own_scope(slack: Slack, client: AsyncWebClient) -> None:
    alice = slack.person("alice")
    slack.workspace.scopes.discard("users:read.email")
    assert "email" not in (await client.users_info(user=alice.id))["user"]["profile"]


async def test_long_lists_come_in_pages(slack: Slack, client: AsyncWebClient) -> None:
    names = {slack.person(f"p{number}").name for number in range(7)}
    seen = [m["name"] async for part in await client.users_list(limit=3) for m in part["members"]]
    assert names < set(seen)
    assert len(seen) == len(set(seen)) == 8
    assert await refusal(client.users_list(cursor="nonsense")) == "invalid_cursor"


async def test_a_user_group_is_replaced_and_never_emptied(slack: Slack, client: AsyncWebClient) -> None:
    alice, bob = slack.person("alice"), slack.person("bob")
    group = slack.user_group("payments-oncall", [alice])
    await client.usergroups_users_update(usergroup=group.id, users=[bob.id])
    assert (await client.usergroups_users_list(usergroup=group.id))["users"] == [bob.id]
    assert await refusal(client.usergroups_users_update(usergroup=group.id, users="")) == "no_users_provided"
    assert await refusal(client.usergroups_users_update(usergroup="S0", users=[bob.id])) == "no_such_subteam"
    listed = await client.usergroups_list(include_users=True)
    assert [(g["handle"], g["users"]) for g in listed["usergroups"]] == [("payments-oncall", [bob.id])]


# ---- channels ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", "invalid_name_required"),
        ("a" * 81, "invalid_name_maxlength"),
        ("Inc-1", "invalid_name_specials"),
        ("inc 1", "invalid_name_specials"),
        ("inc.1", "invalid_name_specials"),
        ("---", "invalid_name_punctuation"),
        ("general", "name_taken"),
    ],
)
async def test_a_bad_channel_name_is_refused(client: AsyncWebClient, name: str, error: str) -> None:
    assert await refusal(client.conversations_create(name=name)) == error


async def test_a_name_stays_taken_after_archiving(client: AsyncWebClient) -> None:
    made = await client.conversations_create(name="a" * 80)
    await client.conversations_archive(channel=made["channel"]["id"])
    assert await refusal(client.conversations_create(name="a" * 80)) == "name_taken"


async def test_of_two_creates_at_once_one_is_refused(slack: Slack, client: AsyncWebClient) -> None:
    slack.latency = 0.05
    made = await asyncio.gather(
        *(client.conversations_create(name="inc-1") for _ in range(2)), return_exceptions=True
    )
    assert sorted(isinstance(result, SlackApiError) for result in made) == [False, True]


async def test_slacks_race_makes_two_channels_of_one_name(slack: Slack, client: AsyncWebClient) -> None:
    slack.latency = 0.05
    slack.workspace.racy_names = True
    made = await asyncio.gather(*(client.conversations_create(name="inc-1") for _ in range(2)))
    assert len({answer["channel"]["id"] for answer in made}) == 2
    assert await refusal(client.conversations_create(name="inc-1")) == "name_taken"


async def test_people_are_invited(slack: Slack, client: AsyncWebClient) -> None:
    alice, bob = slack.person("alice"), slack.person("bob")
    channel = (await client.conversations_create(name="inc-1"))["channel"]["id"]
    await client.conversations_invite(channel=channel, users=[alice.id, bob.id])
    assert slack.channel_named("inc-1").members == [slack.bot.id, alice.id, bob.id]
    assert await refusal(client.conversations_invite(channel=channel, users=alice.id)) == "already_in_channel"
    assert (
        await refusal(client.conversations_invite(channel=channel, users=slack.bot.id)) == "cant_invite_self"
    )
    assert await refusal(client.conversations_invite(channel=channel, users="U0NOBODY")) == "user_not_found"
    assert await refusal(client.conversations_invite(channel=channel, users="")) == "no_user"


async def test_one_bad_invitation_keeps_everybody_out_unless_forced(
    slack: Slack, client: AsyncWebClient
) -> None:
    alice, bob = slack.person("alice"), slack.person("bob")
    channel = (await client.conversations_create(name="inc-1"))["channel"]["id"]
    await client.conversations_invite(channel=channel, users=alice.id)
    with pytest.raises(SlackApiError) as refused:
        await client.conversations_invite(channel=channel, users=[alice.id, bob.id])
    expected = [{"user": alice.id, "ok": False, "error": "already_in_channel"}]
    assert refused.value.response["errors"] == expected
    assert bob.id not in slack.channel_named("inc-1").members
    forced = await client.conversations_invite(channel=channel, users=[alice.id, bob.id], force=True)
    assert forced["errors"] == expected
    assert bob.id in slack.channel_named("inc-1").members


async def test_the_bot_cannot_act_where_it_is_not(slack: Slack, client: AsyncWebClient) -> None:
    alice = slack.person("alice")
    outside = slack.channel("payments", [alice], with_bot=False)
    for calling in (
        client.conversations_invite(channel=outside.id, users=alice.id),
        client.conversations_setTopic(channel=outside.id, topic="x"),
        client.conversations_history(channel=outside.id),
        client.bookmarks_add(channel_id=outside.id, title="x", type="link", link="https://x"),
    ):
        assert await refusal(calling) == "not_in_channel"
    slack.workspace.scopes.discard("chat:write.public")
    assert await refusal(client.chat_postMessage(channel=outside.id, text="x")) == "not_in_channel"
    await client.conversations_join(channel=outside.id)
    await client.chat_postMessage(channel=outside.id, text="x")
    again = await client.conversations_join(channel=outside.id)
    assert again["warning"] == "already_in_channel"


async def test_a_private_channel_without_the_bot_does_not_exist(slack: Slack, client: AsyncWebClient) -> None:
    secret = slack.channel("secret", [slack.person("alice")], private=True, with_bot=False)
    assert await refusal(client.conversations_info(channel=secret.id)) == "channel_not_found"
    listed = await client.conversations_list(types="public_channel,private_channel")
    assert [channel["name"] for channel in listed["channels"]] == ["general"]


async def test_an_archived_channel_takes_nothing(slack: Slack, client: AsyncWebClient) -> None:
    channel = slack.channel("old").id
    await client.conversations_archive(channel=channel)
    for calling in (
        client.chat_postMessage(channel=channel, text="x"),
        client.conversations_invite(channel=channel, users=slack.person("alice").id),
        client.conversations_setTopic(channel=channel, topic="x"),
        client.conversations_join(channel=channel),
        client.conversations_rename(channel=channel, name="new"),
    ):
        assert await refusal(calling) == "is_archived"
    assert await refusal(client.conversations_archive(channel=channel)) == "already_archived"
    # Archiving has put the bot out, and Slack lets no bot unarchive what it is not in.
    assert await refusal(client.conversations_unarchive(channel=channel)) == "not_in_channel"
    await slack.person("alice").unarchive(channel)
    await client.conversations_join(channel=channel)
    await client.chat_postMessage(channel=channel, text="x")


async def test_topic_and_purpose_have_a_limit(slack: Slack, client: AsyncWebClient) -> None:
    channel = slack.channel("inc-1")
    await client.conversations_setTopic(channel=channel.id, topic="t" * 250)
    await client.conversations_setPurpose(channel=channel.id, purpose="why")
    assert (channel.topic, channel.purpose) == ("t" * 250, "why")
    assert await refusal(client.conversations_setTopic(channel=channel.id, topic="t" * 251)) == "too_long"


async def test_the_app_renames_only_what_it_made(slack: Slack, client: AsyncWebClient) -> None:
    alice = slack.person("alice")
    hers = slack.channel("payments", [alice])
    mine = (await client.conversations_create(name="inc-1"))["channel"]["id"]
    await client.conversations_rename(channel=mine, name="inc-1-checkout")
    assert slack.channel_named("inc-1-checkout").id == mine
    assert await refusal(client.conversations_rename(channel=hers.id, name="x")) == "not_authorized"
    assert await refusal(client.conversations_rename(channel=mine, name="payments")) == "name_taken"


async def test_members_come_and_go(slack: Slack, client: AsyncWebClient) -> None:
    alice = slack.person("alice")
    channel = slack.channel("inc-1", [alice])
    assert (await client.conversations_members(channel=channel.id))["members"] == [alice.id, slack.bot.id]
    await client.conversations_kick(channel=channel.id, user=alice.id)
    assert await refusal(client.conversations_kick(channel=channel.id, user=alice.id)) == "not_in_channel"
    assert await refusal(client.conversations_kick(channel=channel.id, user=slack.bot.id)) == "cant_kick_self"
    await client.conversations_leave(channel=channel.id)
    assert channel.members == []
    mine = await client.users_conversations(types="public_channel,private_channel,im")
    assert mine["channels"] == []


# ---- messages ------------------------------------------------------------------------------------


async def test_a_message_to_a_user_opens_the_direct_message(slack: Slack, client: AsyncWebClient) -> None:
    alice = slack.person("alice")
    first = await client.chat_postMessage(channel=alice.id, text="wake up")
    assert first["channel"] == alice.dm.id
    opened = await client.conversations_open(users=alice.id)
    assert (opened["channel"]["id"], opened["already_open"]) == (alice.dm.id, True)
    assert [str(seen) for seen in alice.dms()] == ["wake up"]


async def test_a_deactivated_person_cannot_be_written_to(slack: Slack, client: AsyncWebClient) -> None:
    alice = slack.person("alice")
    await alice.deactivate()
    assert await refusal(client.chat_postMessage(channel=alice.id, text="x")) == "user_disabled"
    assert await refusal(client.conversations_open(users=alice.id)) == "user_disabled"
    assert await refusal(client.chat_postMessage(channel="U0NOBODY", text="x")) == "channel_not_found"


async def test_message_times_are_unique_and_rise(slack: Slack, client: AsyncWebClient) -> None:
    posted = await asyncio.gather(*(client.chat_postMessage(channel="general", text="x") for _ in range(30)))
    times = [message.ts for message in slack.channel_named("general").messages]
    assert sorted({answer["ts"] for answer in posted}) == sorted(times) == times


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ({}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "blocks": [{"type": "nonsense"}]}, "invalid_blocks"),
        ({"text": "x", "blocks": "[{"}, "invalid_blocks_format"),
        ({"text": "x", "blocks": '{"type": "divider"}'}, "invalid_blocks_format"),
        ({"text": "x", "metadata": {"event_type": "page"}}, "invalid_metadata_schema"),
        (
            {"text": "x", "metadata": {"event_type": "p", "event_payload": {"a": "b" * 20_000}}},
            "metadata_too_large",
        ),
        ({"text": "x", "attachments": [{}] * 101}, "too_many_attachments"),
        ({"text": "x", "thread_ts": "1.1"}, "thread_not_found"),
    ],
)
async def test_bad_content_is_refused(client: AsyncWebClient, content: dict[str, Any], error: str) -> None:
    assert await refusal(client.api_call("chat.postMessage", json={"channel": "general", **content})) == error


async def test_refused_blocks_say_where(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel="general", text="x", blocks=[{"type": "header"}])
    assert refused.value.response["response_metadata"]["messages"] == [
        "[ERROR] missing required field: text [json-pointer:/blocks/0]"
    ]


async def test_an_update_keeps_what_it_does_not_mention(slack: Slack, client: AsyncWebClient) -> None:
    channel = slack.channel("inc-1")
    given = {"event_type": "page", "event_payload": {"id": "1"}}
    posted = await client.chat_postMessage(
        channel=channel.id, text="a", blocks=[{"type": "divider"}], metadata=given
    )
    await client.chat_update(channel=channel.id, ts=posted["ts"], text="b")
    message = channel.messages[0]
    assert (message.text, len(message.blocks), message.metadata) == ("b", 1, given)
    assert message.edited
    await client.chat_update(channel=channel.id, ts=posted["ts"], text="c", blocks=[])
    assert (message.text, message.blocks) == ("c", [])


async def test_only_own_messages_are_changed(slack: Slack, client: AsyncWebClient) -> None:
    alice = slack.person("alice")
    channel = slack.channel("inc-1", [alice])
    hers = await alice.say("mine", in_=channel)
    assert (
        await refusal(client.chat_update(channel=channel.id, ts=hers.ts, text="x")) == "cant_update_message"
    )
    assert await refusal(client.chat_delete(channel=channel.id, ts=hers.ts)) == "cant_delete_message"
    assert await refusal(client.chat_update(channel=channel.id, ts="1.1", text="x")) == "message_not_found"
    posted = await client.chat_postMessage(channel=channel.id, text="bye")
    await client.chat_delete(channel=channel.id, ts=posted["ts"])
    assert [m.text for m in channel.messages] == ["mine"]
    assert (
        await refusal(client.chat_update(channel=channel.id, ts=posted["ts"], text="x"))
        == "message_not_found"
    )


async def test_an_ephemeral_is_seen_by_one_person_and_not_kept(slack: Slack, client: AsyncWebClient) -> None:
    alice, bob = slack.person("alice"), slack.person("bob")
    channel = slack.channel("inc-1", [alice, bob])
    await client.chat_postEphemeral(channel=channel.id, user=alice.id, text="psst")
    assert [str(seen) for seen in alice.sees(channel)] == ["psst"]
    assert bob.sees(channel) == []
    assert (await client.conversations_history(channel=channel.id))["messages"] == []
    carol = slack.person("carol")
    assert (
        await refusal(client.chat_postEphemeral(channel=channel.id, user=carol.id, text="x"))
        == "user_not_in_channel"
    )


async def test_history_is_newest_first_in_pages_and_leaves_replies_out(
    slack: Slack, client: AsyncWebClient
) -> None:
    channel = slack.channel("inc-1")
    posted = [await client.chat_postMessage(channel=channel.id, text=str(number)) for number in range(5)]
    await client.chat_postMessage(channel=channel.id, text="reply", thread_ts=posted[0]["ts"])
    found = [
        m["text"]
        async for part in await client.conversations_history(channel=channel.id, limit=2)
        for m in part["messages"]
    ]
    assert found == ["4", "3", "2", "1", "0"]
    between = await client.conversations_history(
        channel=channel.id, oldest=posted[1]["ts"], latest=posted[3]["ts"], inclusive=True
    )
    assert [m["text"] for m in between["messages"]] == ["3", "2", "1"]
    open_ends = await client.conversations_history(
        channel=channel.id, oldest=posted[1]["ts"], latest=posted[3]["ts"]
    )
    assert [m["text"] for m in open_ends["messages"]] == ["2"]
    thread = await client.conversations_replies(channel=channel.id, ts=posted[0]["ts"])
    assert [m["text"] for m in thread["messages"]] == ["0", "reply"]
    assert thread["messages"][0]["reply_count"] == 1


async def test_metadata_is_shown_when_asked_for(slack: Slack, client: AsyncWebClient) -> None:
    channel = slack.channel("inc-1")
    given = {"event_type": "page", "event_payload": {"id": "1"}}
    await client.chat_postMessage(channel=channel.id, text="a", metadata=given)
    plain = await client.conversations_history(channel=channel.id)
    full = await client.conversations_history(channel=channel.id, include_all_metadata=True)
    assert "metadata" not in plain["messages"][0]
    assert full["messages"][0]["metadata"] == given


async def test_permalinks_name_channel_and_time(slack: Slack, client: AsyncWebClient) -> None:
    channel = slack.channel("inc-1")
    posted = await client.chat_postMessage(channel=channel.id, text="a")
    link = await client.chat_getPermalink(channel=channel.id, message_ts=posted["ts"])
    assert (
        link["permalink"] == f"https://acme.slack.com/archives/{channel.id}/p{posted['ts'].replace('.', '')}"
    )


# ---- pins, reactions, bookmarks ------------------------------------------------------------------


async def test_messages_are_pinned_once(slack: Slack, client: AsyncWebClient) -> None:
    channel = slack.channel("inc-1")
    ts = (await client.chat_postMessage(channel=channel.id, text="a"))["ts"]
    await client.pins_add(channel=channel.id, timestamp=ts)
    assert await refusal(client.pins_add(channel=channel.id, timestamp=ts)) == "already_pinned"
    items = (await client.pins_list(channel=channel.id))["items"]
    assert [item["message"]["ts"] for item in items] == [ts]
    await client.pins_remove(channel=channel.id, timestamp=ts)
    assert await refusal(client.pins_remove(channel=channel.id, timestamp=ts)) == "no_pin"
    assert await refusal(client.pins_add(channel=channel.id)) == "no_item_specified"
    assert await refusal(client.pins_add(channel=channel.id, timestamp="1.1")) == "message_not_found"


async def test_reactions_count_once_per_person(slack: Slack, client: AsyncWebClient) -> None:
    alice = slack.person("alice")
    channel = slack.channel("inc-1", [alice])
    message = await alice.say("hello", in_=channel)
    await alice.react(":pushpin:", message)
    await client.reactions_add(channel=channel.id, timestamp=message.ts, name="pushpin")
    assert message.reactions == {"pushpin": [alice.id, slack.bot.id]}
    adding = client.reactions_add(channel=channel.id, timestamp=message.ts, name="pushpin")
    assert await refusal(adding) == "already_reacted"
    await client.reactions_remove(channel=channel.id, timestamp=message.ts, name="pushpin")
    removing = client.reactions_remove(channel=channel.id, timestamp=message.ts, name="pushpin")
    assert await refusal(removing) == "no_reaction"
    got = await client.reactions_get(channel=channel.id, timestamp=message.ts)
    assert got["message"]["reactions"] == [{"name": "pushpin", "users": [alice.id], "count": 1}]


async def test_bookmarks_are_kept(slack: Slack, client: AsyncWebClient) -> None:
    channel = slack.channel("inc-1")
    added = await client.bookmarks_add(channel_id=channel.id, title="Page", type="link", link="https://x.dev")
    bookmark_id = added["bookmark"]["id"]
    await client.bookmarks_edit(channel_id=channel.id, bookmark_id=bookmark_id, title="Incident")
    listed = await client.bookmarks_list(channel_id=channel.id)
    assert [(b["title"], b["link"]) for b in listed["bookmarks"]] == [("Incident", "https://x.dev")]
    bad = client.bookmarks_add(channel_id=channel.id, title="Page", type="link", link="nowhere")
    assert await refusal(bad) == "invalid_link"
    await client.bookmarks_remove(channel_id=channel.id, bookmark_id=bookmark_id)
    assert channel.bookmarks == []


# ---- views ---------------------------------------------------------------------------------------

MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "Start"}, "blocks": [{"type": "divider"}]}
HOME = {"type": "home", "blocks": [{"type": "divider"}]}


async def test_a_trigger_opens_one_modal_within_three_seconds(client: AsyncWebClient) -> None:
    clock = 1_700_000_000.0
    async with Slack(now=lambda: clock).serve() as slack:
        client.token, client.base_url = slack.bot_token, slack.api_url
        alice = slack.person("alice")
        trigger = slack.workspace.new_trigger(alice.id)
        opened = await client.views_open(trigger_id=trigger, view=MODAL)
        assert alice.modal
        assert alice.modal.id == opened["view"]["id"]
        assert await refusal(client.views_open(trigger_id=trigger, view=MODAL)) == "trigger_exchanged"
        assert await refusal(client.views_open(trigger_id="made-up", view=MODAL)) == "invalid_trigger_id"
        late = slack.workspace.new_trigger(alice.id)
        clock += 3.1
        assert await refusal(client.views_open(trigger_id=late, view=MODAL)) == "expired_trigger_id"


async def test_views_stack_up_to_three(slack: Slack, client: AsyncWebClient) -> None:
    alice = slack.person("alice")
    await client.views_open(trigger_id=slack.workspace.new_trigger(alice.id), view=MODAL)
    for _ in range(2):
        await client.views_push(trigger_id=slack.workspace.new_trigger(alice.id), view=MODAL)
    pushing = client.views_push(trigger_id=slack.workspace.new_trigger(alice.id), view=MODAL)
    assert await refusal(pushing) == "push_limit_reached"


async def test_a_stale_hash_changes_nothing(slack: Slack, client: AsyncWebClient) -> None:
    alice = slack.person("alice")
    first = (await client.views_publish(user_id=alice.id, view=HOME))["view"]
    await client.views_publish(user_id=alice.id, view=HOME, hash=first["hash"])
    assert (
        await refusal(client.views_publish(user_id=alice.id, view=HOME, hash=first["hash"]))
        == "hash_conflict"
    )
    assert (
        await refusal(client.views_update(view_id=first["id"], view=HOME, hash=first["hash"]))
        == "hash_conflict"
    )
    assert await refusal(client.views_update(view_id="V0", view=HOME)) == "not_found"


async def test_a_bad_view_is_refused_and_leaves_the_trigger(slack: Slack, client: AsyncWebClient) -> None:
    trigger = slack.workspace.new_trigger(slack.person("alice").id)
    long = MODAL | {"title": {"type": "plain_text", "text": "t" * 25}}
    with pytest.raises(SlackApiError) as refused:
        await client.views_open(trigger_id=trigger, view=long)
    assert refused.value.response["error"] == "invalid_arguments"
    assert refused.value.response["response_metadata"]["messages"] == [
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    ]
    await client.views_open(trigger_id=trigger, view=MODAL)
