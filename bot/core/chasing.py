"""What is left to do and whom it is said to: its owner once a week, the team after a week, its lead after three.

Everything of one person's comes in one private message on Monday morning, so that nobody has a reason to mute it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.core import Refused, questions
from bot.core.actions import dropped
from bot.core.questions import Question
from bot.core.timeline import Name
from bot.core.verdicts import called, one_line
from bot.models import Action, ActionState, Incident, Postmortem, PostmortemState

MORNING, EVENING = 9, 17
"""The hours of a person's own day between which they are written to; what was missed is made up for until Tuesday."""

AHEAD = timedelta(days=7)
"""How long before it is due something is named."""

TO_TEAM, TO_LEAD = timedelta(weeks=1), timedelta(weeks=3)
"""How long overdue an item is when the team's channel hears of it, and then its lead."""

LONGEST = timedelta(weeks=26)
"""How far ahead an item can be left."""

MISSING: Mapping[Question, str] = {
    Question.STOPPED: "what stopped it",
    Question.TOOK: "what that took",
    Question.NOTICED: "who noticed first",
}

ASKED_ABOUT = timedelta(weeks=4)
"""How long after an incident its open questions are named."""

LISTED = 10
"""Items that a message to a team names."""


class Kind(StrEnum):
    """`unowned`: nobody has it; `left`: it belongs to somebody who can't be reached; `late`: somebody else's, overdue
    for long."""

    ITEM = "item"
    CANDIDATE = "candidate"
    POSTMORTEM = "postmortem"
    QUESTION = "question"
    UNOWNED = "unowned"
    LEFT = "left"
    LATE = "late"


@dataclass(frozen=True)
class Thing:
    """One row of somebody's list. `action` and `postmortem`: what it is about, where it is about one.

    `handed`: what was left behind, or was nobody's, is somebody's again. `skipped`: questions that people don't want to
    answer.
    """

    kind: Kind
    incident: Incident
    action: Action | None = None
    postmortem: Postmortem | None = None
    handed: bool = False
    skipped: Sequence[str] = ()

    @property
    def asked(self) -> list[Question]:
        """What nobody has said yet of the incident."""
        return [each for each in questions.unanswered(self.incident) if each not in self.skipped]

    @property
    def ref(self) -> tuple[str, str, int]:
        """What a message keeps of it: kind, item, number of the incident."""
        return self.kind, self.action.id if self.action else "-", self.incident.id or 0


@dataclass(frozen=True)
class Mine:
    """Everything of one person's that waits; `rest` are their open items that are due later or that they have put off."""

    things: Sequence[Thing]
    rest: Sequence[Thing] = ()

    @property
    def every(self) -> Sequence[Thing]:
        return [*self.things, *self.rest]


def week(local: date) -> str:
    """`2026-W48`"""
    year, number, _ = local.isocalendar()
    return f"{year}-W{number:02}"


def monday(week: str) -> date:
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def turn(now: datetime, zone: str) -> str | None:
    """The week whose list is due at `now` for somebody who lives in `zone`; None outside Monday's and Tuesday's hours.

    It is sent once a week, so the first look that finds somebody's Monday morning is the one that counts.
    """
    here = now.astimezone(ZoneInfo(zone))
    if here.weekday() > 1 or not MORNING <= here.hour < EVENING:
        return None
    return week(here.date())


def overdue(due: date | None, today: date) -> str:
    """`due tomorrow`, `due today`, `3 days overdue`, `2 weeks overdue`; "" where there is no date."""
    if due is None:
        return ""
    days = (today - due).days
    if days < 0:
        return "due tomorrow" if days == -1 else f"due {due:%a} {due.day} {due:%b}"
    if days == 0:
        return "due today"
    if days < 14:
        return f"{days} day{'s' if days > 1 else ''} overdue"
    return f"{days // 7} weeks overdue"


def is_open(thing: Thing, person: str, today: date) -> bool:
    """Whether it still waits for `person`: else its row only says what became of it."""
    match thing.kind:
        case Kind.CANDIDATE:
            return thing.action is not None and thing.action.state is ActionState.CANDIDATE
        case Kind.POSTMORTEM:
            return thing.postmortem is not None and thing.postmortem.state is not PostmortemState.PUBLISHED
        case Kind.QUESTION:
            return bool(thing.asked)
        case Kind.ITEM:
            action = thing.action
            return (
                action is not None
                and action.state is ActionState.OPEN
                and action.owner == person
                and not put_off(action, today)
            )
        case _:
            open_ = thing.action is not None and thing.action.state is ActionState.OPEN
            return open_ and not thing.handed


def put_off(action: Action, today: date) -> bool:
    return action.later is not None and action.later > today


class Mends(StrEnum):
    """What one tap does about a row that does not wait any more: thumbs slip."""

    REOPEN = "reopen"
    BACK = "back"
    TAKE = "take"
    KEEP = "keep"
    WONT_DO = "wontdo"


def mends(thing: Thing, person: str, today: date) -> Mends | None:
    """None where nothing is to be put right, or where it is not for `person` to do."""
    action = thing.action
    if action is None or is_open(thing, person, today):
        return None
    if dropped(action):
        return Mends.KEEP
    if action.state in {ActionState.DONE, ActionState.WONT_DO}:
        return Mends.REOPEN
    if thing.kind is Kind.CANDIDATE:
        return Mends.WONT_DO
    if thing.kind is not Kind.ITEM:
        return None
    if action.owner == person and put_off(action, today):
        return Mends.BACK
    return Mends.TAKE if not action.owner else None


def line(thing: Thing, person: str, today: date, name: Name) -> str:
    """The row as it is now, in plain words."""
    incident, action = thing.incident, thing.action
    if thing.kind is Kind.POSTMORTEM:
        if thing.postmortem and thing.postmortem.state is PostmortemState.PUBLISHED:
            return f"The postmortem of {incident.key} is published"
        when = overdue(thing.postmortem.due if thing.postmortem else None, today)
        return f"The postmortem of {incident.key} “{one_line(incident.title)}”: {when}"
    if thing.kind is Kind.QUESTION:
        if not questions.unanswered(incident):
            return f"{incident.key}: everything that was asked is answered"
        if not thing.asked:
            return f"{incident.key}: skipped"
        words = [MISSING[question] for question in thing.asked]
        missing = ", ".join(words[:-1]) + (" and " if len(words) > 1 else "") + words[-1]
        return f"{incident.key} “{one_line(incident.title)}”: nobody has said {missing}"
    if action is None:
        return f"An item of {incident.key} that is not there any more"
    return _item(thing, action, person, today, name)


def _item(thing: Thing, action: Action, person: str, today: date, name: Name) -> str:
    what = title(action)
    match action.state:
        case ActionState.DONE:
            return f"{what}: done" + (f", says {name(action.closed_by)}" if action.closed_by else "")
        case ActionState.WONT_DO:
            if dropped(action):
                return f"{what}: dropped"
            why = f": {one_line(action.closed_why)}" if action.closed_why else ""
            return f"{what}: won't be done{why}"
        case ActionState.CANDIDATE:
            return f"Candidate of {thing.incident.key}: {what}"
        case _:
            pass
    if thing.kind is Kind.CANDIDATE:
        return f"{what}: an action item now"
    if thing.handed or (action.owner != person and thing.kind is Kind.ITEM):
        return (
            f"{what}: {name(action.owner)}'s now"
            if action.owner
            else f"{what}: not yours; it is asked whose it is"
        )
    later = ""
    if put_off(action, today) and action.later:
        later = f"left until {action.later:%a} {action.later.day} {action.later:%b}"
        if thing.kind is Kind.ITEM:
            return f"{what}: {later}"
    whose = "" if thing.kind is Kind.ITEM else f"{name(action.owner)}'s" if action.owner else "nobody has it"
    facts = [what, thing.incident.key, whose, overdue(action.due, today), later]
    return " · ".join(filter(None, facts))


def title(action: Action) -> str:
    """`PAY-12 (switches) “a switch for the slow report”`"""
    short = one_line(action.title)
    return f"{called(action)} “{short}”" if action.jira else called(action)


def for_team(team: str, found: Sequence[tuple[Action, Incident]], today: date, name: Name) -> str:
    """What a team's channel reads once a week; `found` are overdue for a week or longer, the oldest first."""
    count = f"{len(found)} action items are" if len(found) > 1 else "One action item is"
    lines = [f"{count} overdue for a week or longer in {team}:"]
    for action, incident in found[:LISTED]:
        whose = name(action.owner) if action.owner else "nobody has it"
        later = f", left until {action.later}" if put_off(action, today) else ""
        lines.append(f"• {title(action)} ({incident.key}): {whose}, {overdue(action.due, today)}{later}")
    if len(found) > LISTED:
        lines.append(f"… and {len(found) - LISTED} more.")
    lines.append("Whoever has one decides in a tap: `/incident mine`.")
    return "\n".join(lines)


def until(words: str, today: date) -> date:
    """The day that `1w`, `3d` or `2026-12-01` names. Raises Refused for the past, and for what is too far ahead."""
    word = words.strip().lower()
    try:
        if word[-1:] in {"d", "w"} and word[:-1].isdigit() and len(word) < 5:
            day = today + timedelta(days=int(word[:-1]) * (7 if word[-1] == "w" else 1))
        else:
            day = date.fromisoformat(word)
    except ValueError as error:
        raise Refused(f"“{words[:40]}” is no day: write 1w, 3d or {today + timedelta(14)}.") from error
    if day <= today:
        raise Refused(f"{day} is not ahead: name a day after {today}.")
    if day > today + LONGEST:
        raise Refused(f"{day} is more than half a year ahead: say “Won't do…”, or name an earlier day.")
    return day
