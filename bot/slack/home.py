"""The App Home: what waits for somebody, what they have, and who is on call in their teams. Pure."""

from collections.abc import Sequence
from typing import Any

from slackblocks import Block, DividerBlock, HeaderBlock, HomeTabView, SectionBlock, Text, TextType

from bot.core.timeline import Name
from bot.flows.home import Home
from bot.models import Action, Incident
from bot.slack.forms import ANEW
from bot.slack.kit import context, section, sections
from bot.slack.messages import MARK, action_line, button, row, titled
from bot.slack.text import cut, day_and_clock, escape

BLOCKS = 100
"""https://docs.slack.dev/reference/views/home-tab-views"""

ASKED, HELD, THEIRS, ACTIONS, TEAMS = 10, 10, 20, 40, 10
"""How many of each are shown; the rest is counted."""


def view(home: Home) -> dict[str, Any]:
    blocks: list[Block] = [
        row([button("Start an incident", "start_form", ANEW, style="danger")]),
        *_part("Waits for you", _asked(home)),
        *_part("You have", _held(home)),
        *_part("Open in your teams", _theirs(home)),
        *_part("Your action items", _actions(home)),
        *_part("On call", _on_call(home)),
    ]
    if len(blocks) == 1:
        blocks.append(section("Nothing waits for you, and you are in no team of the catalog."))
    drawn: dict[str, Any] = HomeTabView(blocks[:BLOCKS], callback_id="home").to_dict()
    return drawn


def _part(title: str, blocks: Sequence[Block]) -> list[Block]:
    return [DividerBlock(), _head(title), *blocks] if blocks else []


def _head(title: str) -> HeaderBlock:
    return HeaderBlock(Text(title, type_=TextType.PLAINTEXT))


def _rest(count: int, shown: int, where: str) -> list[Block]:
    return [context(f"and {count - shown} more: {where}")] if count > shown else []


def _line(incident: Incident) -> str:
    where = f" <#{incident.channel_id}>" if incident.channel_id else ""
    return f"{MARK[incident.severity]} *{titled(incident)}* {escape(incident.status)}{where}"


def _asked(home: Home) -> list[Block]:
    blocks: list[Block] = []
    for n, (page, incident) in enumerate(home.asked[:ASKED]):
        tap = button("Acknowledge", f"page_ack:{n}", f"{incident.id} {page.number}", style="primary")
        blocks.append(_with(f"{_line(incident)}\n{escape(cut(page.why, 300))}", tap))
    return blocks + _rest(len(home.asked), ASKED, "`/incident list`")


def _with(mrkdwn: str, tap: Any) -> SectionBlock:
    return SectionBlock(Text(mrkdwn, type_=TextType.MARKDOWN, verbatim=True), accessory=tap)


def _held(home: Home) -> list[Block]:
    blocks: list[Block] = [
        _with(f"{_line(incident)}, since {day_and_clock(incident.declared_at)}", _more(incident, n))
        for n, incident in enumerate(home.held[:HELD])
    ]
    return blocks + _rest(len(home.held), HELD, "`/incident list`")


def _more(incident: Incident, n: int) -> Any:
    return button("More…", f"more:{n}", str(incident.id))


def _theirs(home: Home) -> list[Block]:
    lines = [
        f"{_line(incident)}, " + (escape(home.name(incident.owner)) if incident.owner else "nobody has it")
        for incident in home.theirs[:THEIRS]
    ]
    return [*sections(lines), *_rest(len(home.theirs), THEIRS, "`/incident list`")]


def _item(action: Action, incident: Incident, name: Name) -> str:
    return f"{action_line(action, name)} · {incident.key}"


def _actions(home: Home) -> list[Block]:
    lines = [_item(action, incident, home.name) for action, incident in home.actions[:ACTIONS]]
    return [*sections(lines), *_rest(len(home.actions), ACTIONS, "Jira has them all")]


def _on_call(home: Home) -> list[Block]:
    lines = []
    for now in home.teams[:TEAMS]:
        people = escape(", ".join(map(home.name, now.people)) or "nobody")
        until = f" until {day_and_clock(now.until)}" if now.until else ""
        then = f", then {escape(', '.join(map(home.name, now.following)) or 'nobody')}" if now.until else ""
        lines.append(f"*{escape(now.team.name)}*: {people}{until}{then}")
    return [*sections(lines), *_rest(len(home.teams), TEAMS, "`/oncall`")]
