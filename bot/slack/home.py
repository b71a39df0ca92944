"""The App Home: what waits for somebody, what they have, and who is on call in their teams. Pure."""

from collections.abc import Sequence
from typing import Any

from slackblocks import Block, DividerBlock, HeaderBlock, HomeTabView, SectionBlock, Text, TextType

from bot.core.chasing import Thing
from bot.flows.home import Home
from bot.models import Incident
from bot.slack import chasing
from bot.slack.forms import ANEW
from bot.slack.kit import context, section, sections
from bot.slack.messages import MARK, button, row, titled
from bot.slack.text import cut, day_and_clock, escape

BLOCKS = 100
"""https://docs.slack.dev/reference/views/home-tab-views"""

ASKED, HELD, THEIRS, TEAMS = 8, 8, 20, 10
DUE, REST, CLOSED = 10, 8, 3
"""How many of each are shown; the rest is counted. A thing to do takes two blocks or three, whatever else takes one."""


def view(home: Home) -> dict[str, Any]:
    blocks: list[Block] = [
        row([button("Start an incident", "start_form", ANEW, style="danger")]),
        *_part("You are paged", _asked(home)),
        *_part("You have", _held(home)),
        *_part("Open in your teams", _theirs(home)),
        *_part("Waits for you", _due(home)),
        *_part("Yours, later", _rest(home)),
        *_part("You just closed", _closed(home)),
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


def _more_of(count: int, shown: int, where: str) -> list[Block]:
    return [context(f"and {count - shown} more: {where}")] if count > shown else []


def _line(incident: Incident) -> str:
    where = f" <#{incident.channel_id}>" if incident.channel_id else ""
    return f"{MARK[incident.severity]} *{titled(incident)}* {escape(incident.status)}{where}"


def _asked(home: Home) -> list[Block]:
    blocks: list[Block] = []
    for n, (page, incident) in enumerate(home.asked[:ASKED]):
        tap = button("Acknowledge", f"page_ack:{n}", f"{incident.id} {page.number}", style="primary")
        blocks.append(_with(f"{_line(incident)}\n{escape(cut(page.why, 300))}", tap))
    return blocks + _more_of(len(home.asked), ASKED, "`/incident list`")


def _with(mrkdwn: str, tap: Any) -> SectionBlock:
    return SectionBlock(Text(mrkdwn, type_=TextType.MARKDOWN, verbatim=True), accessory=tap)


def _held(home: Home) -> list[Block]:
    blocks: list[Block] = [
        _with(f"{_line(incident)}, since {day_and_clock(incident.declared_at)}", _more(incident, n))
        for n, incident in enumerate(home.held[:HELD])
    ]
    return blocks + _more_of(len(home.held), HELD, "`/incident list`")


def _more(incident: Incident, n: int) -> Any:
    return button("More…", f"more:{n}", str(incident.id))


def _theirs(home: Home) -> list[Block]:
    lines = [
        f"{_line(incident)}, " + (escape(home.name(incident.owner)) if incident.owner else "nobody has it")
        for incident in home.theirs[:THEIRS]
    ]
    return [*sections(lines), *_more_of(len(home.theirs), THEIRS, "`/incident list`")]


def _due(home: Home) -> list[Block]:
    """What Monday's message names, with its taps."""
    things = home.shown.mine.things
    blocks: list[Block] = []
    head = ""
    for n, thing in enumerate(things[:DUE], 1):
        above = chasing.HEADS.get(thing.kind, "")
        blocks += [context(f"*{above}*")] if above and above != head else []
        head = above
        blocks += _thing(home, thing, n)
    return blocks + _more_of(len(things), DUE, "`/incident mine`")


def _thing(home: Home, thing: Thing, n: int) -> list[Block]:
    return chasing.row(thing, home.person, home.shown.today, home.name, n=n)


def _rest(home: Home) -> list[Block]:
    rest = home.shown.mine.rest
    blocks = [block for n, thing in enumerate(rest[:REST], DUE + 1) for block in _thing(home, thing, n)]
    return blocks + _more_of(len(rest), REST, "`/incident mine`")


def _closed(home: Home) -> list[Block]:
    """A slipped thumb is put right here."""
    closed = enumerate(home.closed[:CLOSED], DUE + REST + 1)
    return [block for n, thing in closed for block in _thing(home, thing, n)]


def _on_call(home: Home) -> list[Block]:
    lines = []
    for now in home.teams[:TEAMS]:
        people = escape(", ".join(map(home.name, now.people)) or "nobody")
        until = f" until {day_and_clock(now.until)}" if now.until else ""
        then = f", then {escape(', '.join(map(home.name, now.following)) or 'nobody')}" if now.until else ""
        lines.append(f"*{escape(now.team.name)}*: {people}{until}{then}")
    return [*sections(lines), *_more_of(len(home.teams), TEAMS, "`/oncall`")]
