"""What a person reads, and whom a message would notify."""

from typing import Any

import pytest

from bot.sandbox.rendering import escaped, notification, pings, visible_text
from bot.sandbox.slack import Slack

Content = dict[str, Any]


def mrkdwn(words: str, **more: Any) -> Content:
    return {"type": "mrkdwn", "text": words, **more}


def section(words: str, **more: Any) -> Content:
    return {"type": "section", "text": mrkdwn(words, **more)}


def rich(*inside: Content) -> Content:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [*inside]}]}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a &lt; b &amp; c &gt; d", "a < b & c > d"),
        ("&amp;lt; once only", "&lt; once only"),
        ("<https://x.dev|Runbook> <https://x.dev>", "Runbook https://x.dev"),
        ("<@U1|alice> <@U2>", "@alice @U2"),
        ("<#C1|general>", "#general"),
        ("<!here> <!channel|everyone here>", "@here everyone here"),
        ("<mailto:a@b.dev|a@b.dev>", "a@b.dev"),
        ("<!date^1735693200^{date_num} at {time}|then>", "2025-01-01 at 01:00"),
        ("<!date^soon^{date}|then>", "then"),
        ("*bold* _stays_ `<!here>`", "*bold* _stays_ `@here`"),
    ],
)
def test_text_reads_as_in_slack(text: str, shown: str) -> None:
    assert visible_text({"text": text}) == shown


def test_dates_are_shown_in_the_readers_zone() -> None:
    text = "<!date^1735693200^{date_short_pretty} {time}|then>"
    assert visible_text({"text": text}, tz="America/New_York") == "Dec 31, 2024 20:00"


def test_blocks_hide_the_text_and_show_their_parts() -> None:
    button = {"type": "button", "text": {"type": "plain_text", "text": "Acknowledge"}}
    options = [{"text": {"type": "plain_text", "text": "Mute"}, "value": "m"}]
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "INC-1 &amp; <b>"}},
        section("*sev1*") | {"fields": [mrkdwn("a"), mrkdwn("b")], "accessory": button},
        {"type": "divider"},
        {"type": "context", "elements": [mrkdwn("since noon"), {"type": "image", "alt_text": "graph"}]},
        {"type": "actions", "elements": [button, {"type": "overflow", "options": options}]},
        rich({"type": "text", "text": "rich "}, {"type": "emoji", "name": "tada"}),
    ]
    assert visible_text({"text": "hidden", "blocks": blocks}).splitlines() == [
        "INC-1 & <b>",
        "*sev1*",
        "a",
        "b [Acknowledge]",
        "---",
        "since noon (graph)",
        "[Acknowledge] […: Mute]",
        "rich :tada:",
    ]


async def test_names_come_from_the_workspace() -> None:
    slack = Slack()
    alice = slack.person("alice", tz="Asia/Tokyo")
    channel = slack.channel("inc-1", [alice])
    group = slack.user_group("oncall", [alice])
    text = f"{alice.mention} in <#{channel.id}> for <!subteam^{group.id}> <!date^1735693200^{{time}}|x>"
    message = slack.workspace.post(channel, slack.bot.id, text, by_bot=True)
    assert visible_text(message) == "@alice in #inc-1 for @oncall 01:00"
    assert [seen.text for seen in alice.sees(channel)] == ["@alice in #inc-1 for @oncall 10:00"]
    message.blocks = [section("in blocks")]
    assert (visible_text(message), notification(message)) == (
        "in blocks",
        "@alice in #inc-1 for @oncall 01:00",
    )


@pytest.mark.parametrize(
    ("content", "whom"),
    [
        ({"text": "nothing"}, set()),
        ({"text": "<!channel> <!here|here> <!everyone>"}, {"channel", "here", "everyone"}),
        ({"text": "<@U1> and <!subteam^S1|@oncall>"}, {"U1", "S1"}),
        ({"text": escaped("<!channel> <@U1>")}, set()),
        ({"text": "@channel in words"}, set()),
        ({"text": "<#C1> <https://x.dev|@here> <!date^1^{date}|x>"}, set()),
        ({"text": "x", "blocks": [section("<!here>")]}, {"here"}),
        ({"text": "<!here>", "blocks": [section("x")]}, {"here"}),
        ({"text": "x", "blocks": [section("say @channel")]}, {"channel"}),
        ({"text": "x", "blocks": [section("say @channel", verbatim=True)]}, set()),
        ({"text": "x", "blocks": [section("`@channel` and me@here")]}, set()),
        (
            {"text": "x", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "<!here>"}}]},
            set(),
        ),
        ({"text": "x", "blocks": [{"type": "context", "elements": [mrkdwn("<@U1>")]}]}, {"U1"}),
        ({"text": "x", "blocks": [{"type": "section", "fields": [mrkdwn("<!here>")]}]}, {"here"}),
        ({"text": "x", "blocks": [rich({"type": "broadcast", "range": "channel"})]}, {"channel"}),
        ({"text": "x", "blocks": [rich({"type": "text", "text": "<!channel>"})]}, set()),
        ({"text": "x", "attachments": [{"text": "<!here>"}]}, {"here"}),
    ],
)
def test_pings_are_found_wherever_they_stand(content: Content, whom: set[str]) -> None:
    assert pings(content) == whom
