"""Guides: who of a guide team is asked for advice, and what follows. A guide never becomes the owner."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.core import Refused, oncall, paging
from bot.core.decision import Decision
from bot.core.incidents import shown
from bot.core.jobs import AskGuide, InvitePeople, LapseGuide, Later, RedrawGuide
from bot.core.paging import Rota, spoken
from bot.core.timeline import (
    Event,
    GuideAnswered,
    GuideAsked,
    GuideCame,
    GuideDeclined,
    GuideUnanswered,
    GuideUnreached,
)
from bot.models import Catalog, Guidance, GuidanceState, Incident, Team, TeamKind

QUESTION = 1000
"""Characters of a question or an answer: both are read on a phone, and a button carries the question."""

LONGEST = 24 * 60
"""Minutes that advice can have taken."""

_MINUTES = re.compile(r"^([0-9]{1,5})\s*(m|min|mins|minutes|h)?$")

WAITS = frozenset({GuidanceState.ASKED, GuidanceState.UNANSWERED, GuidanceState.DECLINED})
"""Whoever was asked may still come: late, or after all."""

HELPS = frozenset({GuidanceState.CAME, GuidanceState.ANSWERED})


def _plain(word: str) -> str:
    return word.strip("@#:,.;?!`“”\"'()").casefold()


def _names(team: Team) -> list[list[str]]:
    return [[team.id.casefold()], [_plain(word) for word in team.name.split()]]


def chosen(text: str, catalog: Catalog) -> tuple[list[Team], str]:
    """The guide teams that a question may be for, and the question without the name in front of it.

    One team: it is the one named first, the only one there is, or the only one that the words name.
    Raises Refused when there is no question or no guide team.
    """
    teams = [team for team in catalog.teams.values() if team.kind is TeamKind.GUIDE]
    if not teams:
        raise Refused(
            "The catalog has no guide team; `/incident page team|service|@person` wakes somebody more instead."
        )
    given = text.split()
    said = [_plain(word) for word in given]
    for team in teams:
        for name in sorted(_names(team), key=len, reverse=True):
            if name and said[: len(name)] == name:
                return [team], _asked(" ".join(given[len(name) :]))
    question = _asked(text)
    named = [team for team in teams if any(_within(name, said) for name in _names(team))]
    return (named if len(named) == 1 else teams), question


def _within(name: list[str], said: list[str]) -> bool:
    return any(said[n : n + len(name)] == name for n in range(len(said) - len(name) + 1))


def _asked(text: str) -> str:
    return _fitting(
        text, "question", "Say what you want to know: `/incident guide [team] how do we fail over?`"
    )


def answer(text: str) -> str:
    """An answer as it is kept. Raises Refused when it is empty or too long."""
    return _fitting(text, "answer", "The answer is empty: a line is enough.")


def _fitting(text: str, what: str, empty: str) -> str:
    line = " ".join(text.split())
    if not line:
        raise Refused(empty)
    if len(line) > QUESTION:
        raise Refused(
            f"That {what} has {len(line)} characters; at most {QUESTION} fit. The rest belongs in the channel."
        )
    return line


def next_guide(
    team: Team, catalog: Catalog, rota: Rota, now: datetime, *, but: Collection[str], private: bool
) -> str:
    """Who is asked now: a person, the team's channel as `#channel`, or "" when nobody is left.

    Whoever is on call, then who is next, then the channel, then the fallback. A private incident's words
    don't go to a channel.
    """
    on_call = paging.on_call(team, rota, now)
    change = oncall.next_change(rota(team), now)
    people = [*on_call, *(change[1] if change and (on_call or private) else ())]
    known = [person for person in people if person in catalog.people]
    channel = [f"#{team.channel}"] if team.channel and not private else []
    fallback = [team.fallback] if team.fallback in catalog.people else []
    return next((one for one in (*known, *channel, *fallback) if one not in but), "")


def asked(incident: Incident, guidance: Guidance, team: Team, *, wait: timedelta, now: datetime) -> Decision:
    """A guide is asked; the owner, the lead and the pages are left as they are."""
    assert incident.id is not None
    assert guidance.id is not None
    event = GuideAsked(team.name, guidance.person, guidance.question, guidance.asked_by)
    return Decision(
        events=(event,),
        spoken=(event,),
        jobs=(
            AskGuide(incident.id, guidance.id),
            Later(LapseGuide(incident.id, guidance.id), now + wait),
            *shown(incident),
        ),
    )


def _drawn(incident: Incident, rows: Sequence[Guidance]) -> tuple[RedrawGuide, ...]:
    assert incident.id is not None
    return tuple(RedrawGuide(incident.id, row.id) for row in rows if row.id is not None)


def _said(incident: Incident, event: Event, rows: Sequence[Guidance]) -> Decision:
    return Decision(events=(event,), spoken=(event,), jobs=(*_drawn(incident, rows), *shown(incident)))


def came(incident: Incident, rows: Sequence[Guidance], team: Team, by: str) -> Decision:
    """`rows` are the cards of this question: each says now who came."""
    assert incident.id is not None
    invite = Decision(jobs=(InvitePeople(incident.id, (by,)),))
    return _said(incident, GuideCame(team.name), rows) + invite


def answered(
    incident: Incident, rows: Sequence[Guidance], team: Team, *, text: str, minutes: int | None
) -> Decision:
    event = GuideAnswered(team.name, text, -1 if minutes is None else minutes)
    return _said(incident, event, rows)


def declined(incident: Incident, row: Guidance, team: Team, why: str) -> Decision:
    return _said(incident, GuideDeclined(team.name, why), [row])


def unanswered(incident: Incident, row: Guidance, team: Team, now: datetime) -> Decision:
    event = GuideUnanswered(row.person, team.name, spoken(now - row.asked_at))
    return _said(incident, event, [row])


def unreached(incident: Incident, row: Guidance, team: Team, reason: str) -> Decision:
    return _said(incident, GuideUnreached(row.person, team.name, reason), [])


def spent(row: Guidance, now: datetime) -> int | None:
    """Whole minutes since the guide came, at least one; None for somebody who did not say that they come."""
    return max(1, round((now - row.came_at) / timedelta(minutes=1))) if row.came_at else None


def minutes(text: str) -> int | None:
    """Minutes as a person writes them: `20`, `20m`, `20 min`, `1h`; None for no words.

    Raises Refused for what is no number of minutes, or more than LONGEST.
    """
    if not text.strip():
        return None
    shape = _MINUTES.match(text.strip().lower())
    found = int(shape[1]) * (60 if shape[2] == "h" else 1) if shape else LONGEST + 1
    if found > LONGEST:
        raise Refused(f"“{text.strip()[:20]}” is no number of minutes from 0 to {LONGEST}.")
    return found


def took(text: str) -> tuple[int | None, str]:
    """The minutes of a leading `20m` and the rest; a bare number may belong to the sentence, so it says nothing."""
    first, _, rest = text.strip().partition(" ")
    shape = _MINUTES.match(first.lower())
    return (minutes(first), rest) if shape and shape[2] and rest.strip() else (None, text)


def open_for(rows: Sequence[Guidance], by: str, teams: Collection[str]) -> Guidance | None:
    """The question that `by` answers without saying which: theirs, else one of a guide team of theirs; newest first.

    `teams` are the guide teams that `by` is in.
    """
    waits = [row for row in rows if row.state is not GuidanceState.ANSWERED]
    mine = [row for row in waits if row.person == by]
    ours = [row for row in waits if row.team in teams and row.state in WAITS | {GuidanceState.CAME}]
    found = mine or ours
    return max(found, key=lambda row: (row.state is GuidanceState.CAME, row.id or 0), default=None)
