"""Going on and off call: what people are told before a turn, when it begins and when it ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core import oncall
from bot.core.oncall import Schedule
from bot.core.timeline import Name
from bot.models import Action, Incident, Page, Team


@dataclass(frozen=True)
class Open:
    """What a team has in hand: open incidents, pages without an answer, action items due within a week.

    `pages` are those of the turn that ends, `nights` how many of them came between 22:00 and 06:00 there.
    """

    incidents: Sequence[Incident] = ()
    unanswered: Sequence[Page] = ()
    due: Sequence[Action] = ()
    pages: int = 0
    nights: int = 0


def clock(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%a %d %b %H:%M %Z}"


def is_night(moment: datetime, zone: ZoneInfo) -> bool:
    hour = moment.astimezone(zone).hour
    return hour >= 22 or hour < 6


def _in_hand(now: Open) -> list[str]:
    lines = [
        f"• {i.key} “{i.title}” ({i.severity}, {i.status}){'' if i.owner else ': nobody has it'}"
        for i in now.incidents[:8]
    ]
    if len(now.incidents) > 8:
        lines.append(f"• and {len(now.incidents) - 8} more open incidents")
    if now.unanswered:
        lines.append(f"• {len(now.unanswered)} of its pages are not answered")
    lines += [f"• due {a.due}: {a.title}{f' ({a.jira})' if a.jira else ''}" for a in now.due[:5]]
    return lines or ["Nothing is open."]


def _last_turn(now: Open) -> str:
    if not now.pages:
        return "The last turn was quiet: no page."
    at_night = f", {now.nights} of them at night" if now.nights else ""
    return f"In the last turn: {now.pages} page{'' if now.pages == 1 else 's'}{at_night}."


def begins(
    team: Team, until: datetime | None, following: Sequence[str], now: Open, name: Name, zone: ZoneInfo
) -> str:
    """For whoever goes on call now."""
    last = f" until {clock(until, zone)}" if until else ""
    then = f", then {', '.join(map(name, following)) or 'nobody'}" if until else ""
    return "\n".join(
        [f"You are on call for {team.name} from now on{last}{then}. {_last_turn(now)}", *_in_hand(now)]
    )


def ends(team: Team, people: Sequence[str], now: Open, name: Name) -> str:
    """For whoever goes off call now."""
    taken = f"{', '.join(map(name, people))} took over" if people else "nobody has taken over"
    yours = [i for i in now.incidents if i.owner]
    kept = f" What you have acknowledged stays yours: {', '.join(i.key for i in yours)}." if yours else ""
    return f"You are off call for {team.name}: {taken}. {_last_turn(now)}{kept}"


def ahead(team: Team, start: datetime, zone: ZoneInfo) -> str:
    """For whoever goes on call soon."""
    return (
        f"Your turn for {team.name} begins {clock(start, zone)}. "
        f"If you can't: `/oncall cover {team.id} <from> <to>` asks the team."
    )


def handed_over(
    team: Team,
    before: Sequence[str],
    people: Sequence[str],
    until: datetime | None,
    name: Name,
    zone: ZoneInfo,
) -> str:
    """For the team's channel."""
    last = f" until {clock(until, zone)}" if until else ""
    if people:
        came_from = f" (before: {', '.join(map(name, before))})" if before else ""
        return f"On call for {team.name} now: {', '.join(map(name, people))}{last}{came_from}."
    instead = f" {name(team.fallback)} is paged meanwhile." if team.fallback else ""
    return f"Nobody is on call for {team.name} now{last}.{instead} `/oncall override {team.id} @person <from> <to>` fills it."


def reminded(schedule: Schedule, now: datetime, notice: timedelta) -> tuple[datetime, list[str]] | None:
    """The turn that begins within `notice`, and those of it who were not on call in as long a time before."""
    change = oncall.next_change(schedule, now)
    if change is None or change[0] - now > notice:
        return None
    lately = {person for s in oncall.final(schedule, now - notice, change[0]) for person in s.people}
    return change[0], [person for person in change[1] if person not in lately]
